import {
  createAiChatsUpstream,
  createChatUiUpstream,
  type FakeClock,
  type Fault,
} from "@parley/testing";
import {
  toFaultyResponse,
  toResponse,
} from "../../packages/testing/faults/_faulty_response.ts";
import { sleep } from "../../packages/testing/upstreams/_sleep.ts";
import { findShown, FOUND, readQuestion, toAnswer } from "./_answers.ts";
import {
  answerCompletion,
  type CompletionBody,
  toPrompt,
} from "./_openai_answer.ts";
import type { ServerPlan } from "./_world.ts";

/** A request for an answer, as a server saw it. */
export interface Exchange {
  readonly server: number;
  readonly instance: number;
  readonly question: number;
  /** The whole of what was asked. */
  readonly prompt: string;
  readonly at: number;
  readonly faults: readonly Fault[];
  status?: number;
  /** When it said a word last. */
  wordAt?: number;
  /** When the connection was closed, by whomever. */
  closedAt?: number;
  /** Whether the answer was read to its end, and nothing befell it. */
  isWhole: boolean;
}

/** The end of a connection, as an instance has it. */
export interface Link {
  readonly instance: number;
  /** Is aborted where the instance dies. */
  readonly signal: AbortSignal;
}

/** A server that things befall. */
export interface Server {
  readonly voice: string;
  befall(faults: readonly Fault[], times: number | null): void;
  mend(): void;
  connect(link: Link): typeof fetch;
}

/** What a server is made of. */
export interface ServerOptions {
  readonly index: number;
  readonly voice: string;
  readonly clock: FakeClock;
  readonly onExchange: (exchange: Exchange) => void;
}

/** Paths of requests for an answer; the others are spared. */
const ANSWER_PATH =
  /\/chat\/completions$|\/chat\/send2\/$|(?<!\/api)\/conversation\/\w{24}$/;

/** With how many words it goes on with what broke off. */
const REPEATED = 4;

/** Makes a server. */
export function createServer(
  plan: ServerPlan,
  { index, voice, clock, onExchange }: ServerOptions,
): Server {
  /** Who has left, by questions: the answer stops. */
  const readers = new Map<number, AbortSignal>();
  let plans: { readonly faults: readonly Fault[]; left: number }[] = [];

  async function* speak(
    tokens: readonly string[],
    signal: AbortSignal,
    onWord = () => {},
  ): AsyncGenerator<string> {
    for (const [index, token] of tokens.entries()) {
      const pause = index === 0 ? plan.delay : plan.pace;
      if (pause > 0) await sleep(pause, signal, clock);
      onWord();
      yield token;
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

  const answer = (prompt: string) => {
    const { question = -1 } = readQuestion(prompt) ?? {};
    const signal = readers.get(question) ?? new AbortController().signal;
    return speak(toTokens(prompt), signal);
  };
  const upstream = plan.kind === "chat-ui"
    ? createChatUiUpstream({ answer })
    : createAiChatsUpstream({ answer });

  function answerOpenAi(
    seen: Exchange,
    signal: AbortSignal,
  ): Promise<Response> {
    const completion: CompletionBody = JSON.parse(seen.prompt);
    const prompt = toPrompt(completion);
    const { question, wantsCalls, end } = readQuestion(prompt) ?? {};
    const calls = wantsCalls && !prompt.slice(end).includes(FOUND)
      ? [0, 1].map((call) => ({ name: "look_up", input: { question, call } }))
      : [];
    const tokens = calls.length > 0 ? [] : toTokens(prompt);
    return answerCompletion(completion, {
      speak: (left) =>
        speak(tokens, left, () => {
          seen.wordAt = clock.now();
        }),
      calls,
      signal,
      piece: plan.piece,
    });
  }

  function takeFaults(): readonly Fault[] {
    const befalling = plans.find(({ left }) => left > 0);
    if (befalling === undefined) return [];
    befalling.left--;
    return befalling.faults;
  }

  async function exchange(
    request: Request,
    { instance, signal: link }: Link,
  ): Promise<Response> {
    const left = new AbortController();
    const signal = AbortSignal.any([left.signal, request.signal, link]);
    if (!ANSWER_PATH.test(request.url)) {
      return await upstream.fetch(new Request(request, { signal }));
    }
    const prompt = await request.clone().text();
    const { question = -1 } = readQuestion(prompt) ?? {};
    const faults = takeFaults();
    const at = clock.now();
    const seen: Exchange = {
      server: index,
      instance,
      question,
      prompt,
      at,
      faults,
      isWhole: false,
    };
    onExchange(seen);
    const close = () => {
      seen.closedAt ??= clock.now();
    };
    signal.addEventListener("abort", close);
    if (plan.kind === "ai-chats") readers.set(question, signal);
    try {
      const response = await toFaultyResponse(request, {
        respond: (request) =>
          plan.kind === "openai"
            ? answerOpenAi(seen, signal)
            : upstream.fetch(new Request(request, { signal })),
        plan: { faults, ...(plan.chunking && { chunking: plan.chunking }) },
        clock,
        signal,
      });
      seen.status = response.head.status;
      const body = watch(response.body, seen);
      return toResponse({ ...response, body }, left);
    } catch (error) {
      close();
      throw error;
    }
  }

  async function* watch(
    body: AsyncGenerator<Uint8Array<ArrayBuffer>, void>,
    seen: Exchange,
  ): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
    try {
      yield* body;
      seen.isWhole = seen.faults.length === 0;
    } finally {
      seen.closedAt ??= clock.now();
    }
  }

  return {
    voice,
    befall(faults, times) {
      plans.push({ faults, left: times ?? Infinity });
    },
    mend() {
      plans = [];
    },
    connect: (link) => async (input, init) => {
      const request = new Request(input, init);
      request.signal.throwIfAborted();
      // The dead do nothing.
      if (link.signal.aborted) return await new Promise(() => {});
      return await exchange(request, link);
    },
  };
}
