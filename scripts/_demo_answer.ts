import {
  type ChatOptions,
  type Conversation,
  isProviderError,
  type Provider,
  type Usage,
} from "@parley/chat";
import { type Checks, isPng } from "./_demo_checks.ts";
import type { Screen } from "./_demo_screen.ts";

/** What the scenes of the demo share. */
export interface SceneContext {
  readonly screen: Screen;
  readonly checks: Checks;
  /** Keeps a file and gives its path. */
  readonly save: (
    name: string,
    content: Uint8Array<ArrayBuffer>,
  ) => Promise<string>;
}

/** What a scene goes on with. */
export interface ShownAnswer {
  readonly title?: string | undefined;
  readonly conversation?: Conversation | undefined;
  readonly usage?: Usage | undefined;
}

/** Asks for text, and shows all that comes as it comes. */
export async function showAnswer(
  { screen, checks }: SceneContext,
  provider: Provider,
  prompt: string,
  options: ChatOptions = {},
): Promise<ShownAnswer> {
  const { id } = provider;
  await screen.question(prompt);
  const shown: { -readonly [Key in keyof ShownAnswer]: ShownAnswer[Key] } = {};
  let pieces = 0;
  let last = "";
  for await (const event of provider.stream(prompt, options)) {
    last = event.type;
    switch (event.type) {
      case "text":
        pieces++;
        await screen.text(event.text);
        break;
      case "title":
        shown.title = event.title;
        await screen.fact("title", event.title);
        break;
      case "conversation":
        shown.conversation = event.conversation;
        break;
      case "usage": {
        shown.usage = event.usage;
        const { inputTokens = "?", outputTokens = "?" } = event.usage;
        await screen.fact(
          "usage",
          `${inputTokens} tokens in, ${outputTokens} out`,
        );
        break;
      }
      case "warning":
        await screen.fact("warning", event.message);
        break;
      case "finish":
        await screen.fact("finish", event.reason);
    }
  }
  checks.expect(pieces > 1, `${id}: the text comes in pieces`);
  checks.expect(last === "finish", `${id}: the answer ends by "finish"`);
  return shown;
}

/** Asks for pictures and keeps them as files. */
export async function showPictures(
  { screen, checks, save }: SceneContext,
  provider: Provider,
  prompt: string,
  { model, count }: { readonly model: string; readonly count: number },
): Promise<void> {
  const { id } = provider;
  await screen.question(`${prompt} (${model})`);
  const { images, finishReason } = await provider.generate(prompt, { model });
  for (const [index, image] of images.entries()) {
    const bytes = await image.bytes();
    const path = await save(`${id}-${index + 1}.png`, bytes);
    const kind = `${image.mediaType}, ${bytes.length} bytes`;
    await screen.fact("picture", `${path} (${kind})`);
    checks.expect(isPng(bytes), `${id}: picture ${index + 1} is a PNG file`);
  }
  await screen.fact("finish", finishReason);
  checks.expect(images.length === count, `${id}: ${count} pictures`);
  checks.expect(finishReason === "stop", `${id}: the pictures are all there`);
}

/** Asks for what has to fail, and shows how it does. */
export async function showFailure(
  { screen, checks }: SceneContext,
  provider: Provider,
  prompt: string,
  { model, code, hasText }: {
    readonly model?: string;
    readonly code: string;
    readonly hasText: boolean;
  },
): Promise<void> {
  await screen.question(model === undefined ? prompt : `${prompt} (${model})`);
  const expectation = `${provider.id}: a failure with code "${code}"`;
  const answer = provider.stream(prompt, { model });
  try {
    for await (const event of answer) {
      if (event.type === "text") await screen.text(event.text);
    }
    checks.expect(false, expectation);
  } catch (error) {
    if (!isProviderError(error)) throw error;
    const text = error.partial?.text ?? "";
    await screen.fact("code", error.code);
    await screen.fact("message", error.message);
    await screen.fact("partial text", text === "" ? "none" : `"${text}"`);
    checks.expect(error.code === code, expectation);
    checks.expect(
      (text !== "") === hasText,
      `${provider.id}: ${hasText ? "a" : "no"} partial text`,
    );
  }
}
