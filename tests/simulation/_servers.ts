import type { FakeClock, Fault } from "@parley/testing";
import {
  toFaultyResponse,
  toResponse,
} from "../../packages/testing/faults/_faulty_response.ts";
import { readQuestion, toFullPrompt } from "./_answers.ts";
import { createModel } from "./_model.ts";
import { PICTURES } from "./_openai_answer.ts";
import type { Exchange, Outcome } from "./_outcome.ts";
import { ECHO, ELSEWHERE } from "./_random_faults.ts";
import type { ServerPlan } from "./_world.ts";

/** A server that things befall. */
export interface Server {
  readonly voice: string;
  befall(faults: readonly Fault[], times: number | null): void;
  mend(): void;
  /** Gives the way to it, until who goes it dies. */
  connect(death: AbortSignal): typeof fetch;
}

/** What a server is made of. */
export interface ServerOptions {
  readonly index: number;
  readonly voice: string;
  readonly provider: string;
  readonly clock: FakeClock;
  /** Finds who asks. */
  readonly findOutcome: (question: number) => Outcome | undefined;
  readonly onExchange: (exchange: Exchange) => void;
  /** Is told in which chat a server is to stop. */
  readonly onStop: (path: string) => void;
  /** Is told what is asked of others, or told to them. */
  readonly onStray: (url: string) => void;
}

/** Paths of requests for an answer; the others are spared. */
const ANSWER_PATH =
  /\/chat\/completions$|\/images\/generations$|\/chat\/send2\/$|\/ai\/chat$|(?<!\/api)\/conversation\/\w{24}$/;

/** Where one of chat-ui is told to stop. */
const STOP = "/stop-generating";

/** Where a server that has moved is found. */
const MOVED = "/moved";

/** What is asked, with which a server may answer. */
function echo(faults: readonly Fault[], prompt: string): readonly Fault[] {
  return JSON.parse(JSON.stringify(faults).replaceAll(ECHO, prompt));
}

async function readBody(url: string, init: RequestInit): Promise<string> {
  const { body, method } = init;
  return typeof body === "string"
    ? body
    : await new Request(url, { method, body }).text();
}

/** Makes a server. */
export function createServer(
  plan: ServerPlan,
  { index, voice, provider, clock, ...options }: ServerOptions,
): Server {
  const { findOutcome, onExchange, onStop, onStray } = options;
  const model = createModel(plan, voice, clock);
  let plans: { readonly faults: readonly Fault[]; left: number }[] = [];

  function takeFaults(): readonly Fault[] {
    const befalling = plans.find(({ left }) => left > 0);
    if (befalling === undefined) return [];
    befalling.left--;
    return befalling.faults;
  }

  /** Notes a request for an answer, and what befalls it. */
  async function open(url: string, init: RequestInit): Promise<Exchange> {
    const prompt = toFullPrompt(await readBody(url, init));
    const { question = -1, text = "" } = readQuestion(prompt) ?? {};
    const outcome = findOutcome(question);
    if (outcome === undefined) throw new TypeError("Nobody has asked this");
    const seen: Exchange = {
      ...{ server: index, plan, provider, outcome, prompt },
      path: new URL(url).pathname,
      key: new Headers(init.headers).get("authorization"),
      at: clock.now(),
      faults: echo(takeFaults(), text),
      isWhole: false,
    };
    outcome.exchanges.push(seen);
    onExchange(seen);
    return seen;
  }

  async function respond(
    url: string,
    init: RequestInit,
    death: AbortSignal,
  ): Promise<Response> {
    const { signal: given = death } = init;
    const left = new AbortController();
    const signal = AbortSignal.any([left.signal, death, given ?? death]);
    const isPicture = url.startsWith(PICTURES);
    const hasKey = new Headers(init.headers).has("authorization");
    if (isPicture ? hasKey : url.startsWith(ELSEWHERE)) onStray(url);
    const isAnswer = ANSWER_PATH.test(url);
    if (url.endsWith(STOP)) {
      onStop(new URL(url).pathname.slice(0, -STOP.length));
    }
    if (isAnswer && plan.moved && !url.includes(MOVED)) {
      const { origin, pathname } = new URL(url);
      return Response.redirect(origin + MOVED + pathname, 307);
    }
    const seen = isAnswer ? await open(url, init) : undefined;
    const close = () => {
      if (seen === undefined) return;
      if (seen.closedAt === undefined) seen.left = { reason: given?.reason };
      seen.closedAt ??= clock.now();
    };
    signal.addEventListener("abort", close);
    try {
      const { chunking } = plan;
      const response = await toFaultyResponse({
        respond: () => model(url.replace(MOVED, ""), { ...init, signal }, seen),
        plan: seen && { faults: seen.faults, ...(chunking && { chunking }) },
        clock,
        signal,
      });
      if (seen === undefined) return toResponse(response, left);
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
    connect: (death) => async (input, init = {}) => {
      init.signal?.throwIfAborted();
      // The dead do nothing.
      if (death.aborted) return await new Promise(() => {});
      return await respond(String(input), init, death);
    },
  };
}
