import {
  createAiChats,
  createAmigoChat,
  createAutonomousAi,
  createCohereC4aiCommand,
  createOpenAiCompatible,
} from "@parley/chat";
import type { UpstreamServer } from "@parley/testing";
import {
  type SceneContext,
  showAnswer,
  showFailure,
  showPictures,
} from "./_demo_answer.ts";
import { Checks } from "./_demo_checks.ts";
import { Screen, type ScreenOptions } from "./_demo_screen.ts";
import {
  createDemoUpstreams,
  type DemoUpstreams,
  PROMPTS,
  REMEMBERED,
} from "./_demo_upstreams.ts";

/** What the demo needs of its surroundings. */
export interface DemoOptions extends ScreenOptions, Pick<SceneContext, "save"> {
  /** Milliseconds before each word. */
  readonly delay: number;
  /**
   * Takes up the conversation in a file, elsewhere, and gives the pieces of
   * the answer; throws where the answer is not whole.
   */
  readonly resume: (path: string, prompt: string) => AsyncIterable<string>;
}

/**
 * Shows every provider at work, and checks that it all really happened.
 *
 * @param options What it needs.
 * @returns The exit code.
 */
export async function demo(options: DemoOptions): Promise<number> {
  const screen = new Screen(options);
  const checks = new Checks();
  const context: SceneContext = { screen, checks, save: options.save };
  const upstreams = createDemoUpstreams(options.delay);
  await using servers = new AsyncDisposableStack();
  const serve = (name: keyof DemoUpstreams): UpstreamServer =>
    servers.use(upstreams[name].serve());

  await screen.line(
    "Five providers, each against a server on this machine that speaks the\n" +
      "protocol of the real one. What the servers say is made up.",
  );
  try {
    await showAiChats(context, serve("aiChats").url);
    await showAmigoChat(context, serve("amigoChat").url);
    await showAutonomousAi(context, serve("autonomousAi").url);
    await showOpenAiCompatible(context, `${serve("openAi").url}/v1`);
    await showCohere(context, serve("chatUi").url, upstreams, options.resume);
  } catch (error) {
    checks.expect(false, error instanceof Error ? error.message : `${error}`);
  }

  const { missing, count } = checks;
  if (missing.length === 0) {
    const summary = `5 providers, ${count} checks, all passed`;
    await screen.verdict(true, summary);
    return 0;
  }
  for (const what of missing) await screen.fact("missing", what);
  await screen.verdict(false, `${missing.length} of ${count} checks failed`);
  return 1;
}

async function showAiChats(
  context: SceneContext,
  baseUrl: string,
): Promise<void> {
  // Its pictures are downloaded, and this server is on no public address.
  const provider = createAiChats({ baseUrl, allowPrivateUrls: true });
  await context.screen.heading(provider.label, baseUrl);
  await showAnswer(context, provider, PROMPTS.rivers);
  const wanted = { model: "dalle", count: 1 };
  await showPictures(context, provider, PROMPTS.picture, wanted);
}

async function showAmigoChat(
  context: SceneContext,
  baseUrl: string,
): Promise<void> {
  const provider = createAmigoChat({ baseUrl });
  const { screen, checks } = context;
  await screen.heading(provider.label, baseUrl);
  const { usage } = await showAnswer(context, provider, PROMPTS.ferry, {
    model: "claude-3.5-haiku",
    maxTokens: 200,
  });
  checks.expect(usage !== undefined, `${provider.id}: the usage is told`);
  const wanted = { model: "dall-e-3", count: 2 };
  await showPictures(context, provider, PROMPTS.picture, wanted);
}

async function showAutonomousAi(
  context: SceneContext,
  baseUrl: string,
): Promise<void> {
  const provider = createAutonomousAi({ baseUrl });
  await context.screen.heading(provider.label, baseUrl);
  await showAnswer(context, provider, PROMPTS.sum, { model: "qwen_coder" });

  await context.screen.heading(provider.label, "two failures, on purpose");
  await showFailure(context, provider, PROMPTS.sum, {
    model: "qwen-9000",
    code: "unknown-model",
    hasText: false,
  });
  await showFailure(context, provider, PROMPTS.failure, {
    code: "upstream",
    hasText: true,
  });
}

async function showOpenAiCompatible(
  context: SceneContext,
  baseUrl: string,
): Promise<void> {
  const provider = createOpenAiCompatible({ baseUrl, label: "Any server" });
  const { screen, checks } = context;
  await screen.heading(provider.label, baseUrl);
  const models = await provider.listModels();
  await screen.fact("models", models.join(", "));
  checks.expect(models.length === 2, `${provider.id}: the models are listed`);
  const [model] = models;
  const { usage } = await showAnswer(context, provider, PROMPTS.mill, {
    model,
  });
  checks.expect(usage !== undefined, `${provider.id}: the usage is told`);
}

async function showCohere(
  context: SceneContext,
  baseUrl: string,
  { chatUi }: DemoUpstreams,
  resume: DemoOptions["resume"],
): Promise<void> {
  const provider = createCohereC4aiCommand({ baseUrl });
  const { screen, checks, save } = context;
  const { id } = provider;
  await screen.heading(provider.label, baseUrl);
  const { title, conversation } = await showAnswer(
    context,
    provider,
    PROMPTS.place,
  );
  checks.expect(title !== undefined, `${id}: the conversation has a title`);
  const path = await save(
    "conversation.json",
    new TextEncoder().encode(JSON.stringify(conversation)),
  );
  await screen.fact("conversation", path);

  await screen.heading(provider.label, "the same conversation, second process");
  await screen.question(PROMPTS.memory);
  let text = "";
  for await (const piece of resume(path, PROMPTS.memory)) {
    text += piece;
    await screen.text(piece);
  }
  const sent = chatUi.requests.filter(({ method }) => method === "POST").at(-1);
  checks.expect(text.includes(REMEMBERED), `${id}: the server remembers`);
  checks.expect(
    sent?.body.includes(PROMPTS.memory) === true &&
      !sent.body.includes(REMEMBERED),
    `${id}: only the new question is sent`,
  );
}
