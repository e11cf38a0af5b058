import {
  type ChatUiUpdate,
  createChatUiUpstream,
  type FakeClock,
} from "@parley/testing";
import { decodeBase64, toLines } from "../../mod.ts";
import type { SoundResponse } from "../../packages/testing/faults/_faulty_response.ts";
import { sleep } from "../../packages/testing/upstreams/_sleep.ts";
import {
  findShown,
  FOUND,
  readQuestion,
  splitOddly,
  THOUGHT,
  toAnswer,
  toMind,
  toThoughts,
  toTitle,
} from "./_answers.ts";
import {
  answerCompletion,
  answerPlainly,
  type CompletionBody,
  drawPictures,
  PICTURES,
  toPrompt,
} from "./_openai_answer.ts";
import type { Exchange } from "./_outcome.ts";
import type { ServerPlan } from "./_world.ts";

/** Answers at a server, and notes what it says where it is asked for an answer. */
export type Model = (
  url: string,
  init: RequestInit & { readonly signal: AbortSignal },
  seen?: Exchange,
) => Promise<Response | SoundResponse>;

/** What is streamed in the place of a word that the last text has. */
export const DRAFT = " …";

/** Streams another last word than the last text has, or none. */
function reviseLast(
  { body, headers }: Response,
  finalText: "longer" | "other",
): SoundResponse {
  async function* revise(): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
    let held = "";
    for await (
      const line of toLines(body ?? new ReadableStream<Uint8Array>())
    ) {
      const isLast = line.startsWith('{"type":"finalAnswer"');
      if (isLast && held.startsWith('{"type":"stream"')) {
        held = finalText === "longer"
          ? ""
          : JSON.stringify({ type: "stream", token: DRAFT });
      }
      if (held !== "") yield new TextEncoder().encode(`${held}\n`);
      held = line;
    }
    if (held !== "") yield new TextEncoder().encode(`${held}\n`);
  }
  return { head: new Response(null, { headers }), body: revise() };
}

/** Leaves out what was thought in tags, which chat-ui keeps with its answers. */
function withoutThoughts(text: string): string {
  return text.replace(/<think>.*?<\/think>/g, "");
}

/** How many milliseconds after its end an answer says what it costs, at most. */
const LATE = 4_000;

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
      const thoughts = plan.thinks ? toThoughts(question) : [];
      return plan.thinks === "in tags"
        ? [`<think>${toMind(thoughts.join(""))}</think>`, ...tokens]
        : [...thoughts, ...tokens];
    }
    if (plan.prefill) return [whole.slice(shown)];
    const begun = whole.slice(0, shown).split(" ");
    const seam = begun.slice(0, -REPEATED).join(" ");
    const rest = whole.slice(seam === "" ? 0 : seam.length + 1);
    // Models leave out the space before their first word, or add one.
    return [plan.splits ? ` ${rest}` : rest];
  }

  /** What the model of chat-ui says: it may end without a last text. */
  async function* toUpdates(
    tokens: AsyncIterable<string>,
  ): AsyncGenerator<string | ChatUiUpdate> {
    for await (const token of tokens) {
      yield token.startsWith(THOUGHT) ? { type: "reasoning", token } : token;
    }
    const isLast = plan.isNewest && plan.finalText === "none";
    if (isLast) yield { type: "status", status: "finished" };
  }

  /** Who has asked one of chat-ui what, last. */
  const asked = new Map<number, Exchange>();
  const chatUi = createChatUiUpstream({
    answer(prompt, { messages }) {
      const seen = asked.get(readQuestion(prompt)?.question ?? -1);
      if (seen) seen.known = withoutThoughts(toPrompt({ messages }));
      return toUpdates(speak(toTokens(prompt), new AbortController().signal));
    },
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
    const prompt = seen.known = toPrompt(completion);
    const { question, words = 0, wantsCalls, end } = readQuestion(prompt) ?? {};
    const isCalling = wantsCalls && !prompt.slice(end).includes(FOUND);
    const tokens = isCalling ? [] : toTokens(prompt);
    const isCounted = plan.usage !== "in turns" || answers++ % 2 === 0;
    const isShort = words > (plan.most ?? words);
    const ending = isShort && !isCalling ? "length" : "stop";
    return answerCompletion(completion, {
      speak: () => toSpeech(tokens, seen, signal),
      inputs: isCalling ? [0, 1].map((call) => ({ question, call })) : [],
      reason: isCalling && !plan.stopsForCalls ? "tool_calls" : ending,
      plan,
      count: !isCounted ? "never" : plan.usage ? "always" : "once",
      pause: () => sleep(Math.min(plan.pace, LATE), signal, clock),
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
    const { n = 1 } = JSON.parse(seen.prompt);
    const { question } = seen.outcome.caller;
    return drawPictures(n, toTitle(voice, question), plan.draws);
  }

  async function sendPicture(url: string, signal: AbortSignal) {
    if (plan.delay > 0) await sleep(plan.delay, signal, clock);
    const base64 = decodeURIComponent(url.slice(PICTURES.length));
    return new Response(new Uint8Array(decodeBase64(base64)));
  }

  return async (url, init, seen) => {
    const { signal } = init;
    if (url.startsWith(PICTURES)) return await sendPicture(url, signal);
    if (seen === undefined) return await chatUi.fetch(url, init);
    if (plan.kind === "openai") {
      return await (url.endsWith("/generations")
        ? draw(seen, signal)
        : answerOpenAi(seen, signal));
    }
    if (plan.kind === "ai-chats") {
      const { messagesHistory } = JSON.parse(seen.prompt);
      seen.known = `user: ${messagesHistory[0].content}`;
      const said = toSpeech(toTokens(seen.prompt), seen, signal);
      return answerPlainly(said, plan);
    }
    asked.set(seen.outcome.caller.question, seen);
    const response = await chatUi.fetch(url, init);
    const { finalText = "none" } = plan;
    return finalText !== "none" && response.ok
      ? reviseLast(response, finalText)
      : response;
  };
}
