import {
  createAiChatsUpstream,
  createChatUiUpstream,
  type FakeClock,
} from "@parley/testing";
import { decodeBase64 } from "../../mod.ts";
import type { SoundResponse } from "../../packages/testing/faults/_faulty_response.ts";
import { sleep } from "../../packages/testing/upstreams/_sleep.ts";
import {
  findShown,
  FOUND,
  readQuestion,
  splitOddly,
  toAnswer,
  toTitle,
} from "./_answers.ts";
import {
  answerCompletion,
  type CompletionBody,
  drawPictures,
  type PictureBody,
  PICTURES,
  toPrompt,
} from "./_openai_answer.ts";
import type { Exchange } from "./_exchange.ts";
import type { ServerPlan } from "./_world.ts";

/** What answers at a server. */
export interface Model {
  /** Answers what is no request for an answer. */
  readonly fetch: typeof fetch;
  /** Answers a request for an answer, and notes what it says. */
  respond(
    url: string,
    init: RequestInit & { readonly signal: AbortSignal },
    seen: Exchange,
  ): Promise<Response | SoundResponse>;
}

/** With how many words it goes on with what broke off. */
const REPEATED = 6;

const UPSTREAMS = {
  "openai": createAiChatsUpstream,
  "ai-chats": createAiChatsUpstream,
  "chat-ui": createChatUiUpstream,
} as const;

/** Makes the model of a server. */
export function createModel(
  plan: ServerPlan,
  voice: string,
  clock: FakeClock,
): Model {
  /** Who has left, by questions: the answer stops. */
  const readers = new Map<number, AbortSignal>();
  let answers = 0;

  async function* speak(
    tokens: readonly string[],
    signal: AbortSignal,
    onWord = () => {},
  ): AsyncGenerator<string> {
    for (const [index, token] of tokens.entries()) {
      const pause = index === 0 ? plan.delay : plan.pace;
      if (pause > 0) await sleep(pause, signal, clock);
      onWord();
      if (plan.splits) yield* splitOddly(token, index);
      else yield token;
    }
  }

  /** What is left to say after what a prompt has of an answer. */
  function toTokens(prompt: string): readonly string[] {
    const { question, words, end } = readQuestion(prompt) ?? {};
    if (question === undefined || words === undefined) return [];
    const tokens = toAnswer(voice, question, words);
    const whole = tokens.join("");
    const shown = findShown(whole, prompt.slice(end));
    if (shown < (tokens[0] ?? "").length) return tokens;
    if (plan.prefill) return [whole.slice(shown)];
    const begun = whole.slice(0, shown).split(" ");
    const seam = begun.slice(0, -REPEATED).join(" ");
    return [whole.slice(seam === "" ? 0 : seam.length + 1)];
  }

  const answer = (
    last: string,
    { messages }: { readonly messages: readonly { content: string }[] },
  ) => {
    const prompt = plan.kind === "chat-ui"
      ? last
      : messages.map(({ content }) => content).join("\n");
    const { question = -1 } = readQuestion(prompt) ?? {};
    const signal = readers.get(question) ?? new AbortController().signal;
    return speak(toTokens(prompt), signal);
  };
  const upstream = UPSTREAMS[plan.kind]({
    answer,
    ...(plan.isNewest && { version: "2026-08" }),
  });

  function answerOpenAi(
    seen: Exchange,
    signal: AbortSignal,
  ): Promise<SoundResponse> {
    const completion: CompletionBody = JSON.parse(seen.prompt);
    const prompt = toPrompt(completion);
    const { question, wantsCalls, end } = readQuestion(prompt) ?? {};
    const calls = wantsCalls && !prompt.slice(end).includes(FOUND)
      ? [0, 1].map((call) => ({ name: "look_up", input: { question, call } }))
      : [];
    const tokens = calls.length > 0 ? [] : toTokens(prompt);
    const isCounted = plan.usage !== "in turns" || answers++ % 2 === 0;
    return answerCompletion(completion, {
      speak: () =>
        speak(tokens, signal, () => {
          seen.spokeAt ??= clock.now();
          seen.wordAt = clock.now();
        }),
      calls,
      piece: plan.piece,
      count: !isCounted ? "never" : plan.usage ? "always" : "once",
      onCount(tokens) {
        seen.tokens = tokens;
      },
    });
  }

  async function draw(
    seen: Exchange,
    signal: AbortSignal,
  ): Promise<SoundResponse> {
    if (plan.delay > 0) await sleep(plan.delay, signal, clock);
    const body: PictureBody = JSON.parse(seen.prompt);
    return drawPictures(body, toTitle(voice, seen.question), plan.draws);
  }

  async function sendPicture(url: string, signal: AbortSignal) {
    if (plan.delay > 0) await sleep(plan.delay, signal, clock);
    const base64 = decodeURIComponent(url.slice(PICTURES.length));
    return new Response(new Uint8Array(decodeBase64(base64)));
  }

  return {
    fetch: async (input, init) => {
      const url = String(input);
      const signal = init?.signal ?? new AbortController().signal;
      return url.startsWith(PICTURES)
        ? await sendPicture(url, signal)
        : await upstream.fetch(url, init);
    },
    async respond(url, init, seen) {
      const { signal } = init;
      if (plan.kind === "openai") {
        return await (url.endsWith("/generations")
          ? draw(seen, signal)
          : answerOpenAi(seen, signal));
      }
      if (plan.kind !== "chat-ui") readers.set(seen.question, signal);
      return await upstream.fetch(url, init);
    },
  };
}
