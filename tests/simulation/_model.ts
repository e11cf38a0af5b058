import { createChatUiUpstream, type FakeClock } from "@parley/testing";
import { decodeBase64 } from "../../mod.ts";
import type { SoundResponse } from "../../packages/testing/faults/_faulty_response.ts";
import { sleep } from "../../packages/testing/upstreams/_sleep.ts";
import {
  findShown,
  FOUND,
  readQuestion,
  splitOddly,
  THOUGHT,
  toAnswer,
  toThoughts,
  toTitle,
} from "./_answers.ts";
import {
  answerCompletion,
  answerPlainly,
  type CompletionBody,
  drawPictures,
  type PictureBody,
  PICTURES,
  toPrompt,
} from "./_openai_answer.ts";
import type { Exchange } from "./_outcome.ts";
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

/** Makes the model of a server. */
export function createModel(
  plan: ServerPlan,
  voice: string,
  clock: FakeClock,
): Model {
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
      if (!plan.splits || token.startsWith(THOUGHT)) yield token;
      else yield* splitOddly(token, index);
    }
  }

  /** What is left to say after what a prompt has of an answer. */
  function toTokens(prompt: string): readonly string[] {
    const { question, words, end } = readQuestion(prompt) ?? {};
    if (question === undefined || words === undefined) return [];
    const tokens = toAnswer(voice, question, words).slice(0, plan.most);
    const whole = tokens.join("");
    const shown = findShown(whole, prompt.slice(end));
    if (shown < (tokens[0] ?? "").length) {
      return [...plan.thinks ? toThoughts(question) : [], ...tokens];
    }
    if (plan.prefill) return [whole.slice(shown)];
    const begun = whole.slice(0, shown).split(" ");
    const seam = begun.slice(0, -REPEATED).join(" ");
    return [whole.slice(seam === "" ? 0 : seam.length + 1)];
  }

  const chatUi = createChatUiUpstream({
    answer: (prompt) => speak(toTokens(prompt), new AbortController().signal),
    ...(plan.isNewest && { version: "2026-08" }),
  });

  function toSpeech(
    tokens: readonly string[],
    seen: Exchange,
    signal: AbortSignal,
  ): AsyncIterable<string> {
    return speak(tokens, signal, () => {
      seen.spokeAt ??= clock.now();
      seen.wordAt = clock.now();
    });
  }

  function answerOpenAi(
    seen: Exchange,
    signal: AbortSignal,
  ): Promise<SoundResponse> {
    const completion: CompletionBody = JSON.parse(seen.prompt);
    const prompt = toPrompt(completion);
    const { question, words = 0, wantsCalls, end } = readQuestion(prompt) ?? {};
    const calls = wantsCalls && !prompt.slice(end).includes(FOUND)
      ? [0, 1].map((call) => ({ name: "look_up", input: { question, call } }))
      : [];
    const tokens = calls.length > 0 ? [] : toTokens(prompt);
    const isCounted = plan.usage !== "in turns" || answers++ % 2 === 0;
    return answerCompletion(completion, {
      speak: () => toSpeech(tokens, seen, signal),
      calls,
      reason: words > (plan.most ?? words) ? "length" : "stop",
      plan,
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
    const { question } = seen.outcome.caller;
    return drawPictures(body, toTitle(voice, question), plan.draws);
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
        : await chatUi.fetch(url, init);
    },
    async respond(url, init, seen) {
      const { signal } = init;
      if (plan.kind === "openai") {
        return await (url.endsWith("/generations")
          ? draw(seen, signal)
          : answerOpenAi(seen, signal));
      }
      if (plan.kind === "chat-ui") return await chatUi.fetch(url, init);
      const said = toSpeech(toTokens(seen.prompt), seen, signal);
      return answerPlainly(said, plan);
    },
  };
}
