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

/** The end of a connection, as an instance has it. */
export interface Link {
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
  readonly provider: string;
  readonly clock: FakeClock;
  /** Finds who asks. */
  readonly findOutcome: (question: number) => Outcome | undefined;
  readonly onExchange: (exchange: Exchange) => void;
  /** Is told what is asked of others, or told to them. */
  readonly onStray: (url: string) => void;
}

/** Paths of requests for an answer; the others are spared. */
const ANSWER_PATH =
  /\/chat\/completions$|\/images\/generations$|\/chat\/send2\/$|\/ai\/chat$|(?<!\/api)\/conversation\/\w{24}$/;

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
  const { findOutcome, onExchange, onStray } = options;
  const model = createModel(plan, voice, clock);
  let plans: { readonly faults: readonly Fault[]; left: number }[] = [];

  function takeFaults(): readonly Fault[] {
    const befalling = plans.find(({ left }) => left > 0);
    if (befalling === undefined) return [];
    befalling.left--;
    return befalling.faults;
  }

  async function exchange(
    url: string,
    init: RequestInit,
    { signal: link }: Link,
  ): Promise<Response> {
    const { signal: given = new AbortController().signal } = init;
    const key = new Headers(init.headers).get("authorization");
    const left = new AbortController();
    const signal = AbortSignal.any([left.signal, link, given ?? link]);
    const all = { ...init, signal };
    const isPicture = url.startsWith(PICTURES);
    if (isPicture ? key !== null : url.startsWith(ELSEWHERE)) onStray(url);
    if (!ANSWER_PATH.test(url)) return await model.fetch(url, all);
    if (plan.moved && !url.includes(MOVED)) {
      const { origin, pathname } = new URL(url);
      return Response.redirect(origin + MOVED + pathname, 307);
    }
    const prompt = toFullPrompt(await readBody(url, init));
    const { pathname: path } = new URL(url);
    const { question = -1, text = "" } = readQuestion(prompt) ?? {};
    const outcome = findOutcome(question);
    if (outcome === undefined) throw new TypeError("Nobody has asked this");
    const faults = echo(takeFaults(), text);
    const at = clock.now();
    const about = { server: index, plan, provider, outcome };
    const seen: Exchange = {
      ...about,
      path,
      key,
      prompt,
      at,
      faults,
      isWhole: false,
    };
    outcome.exchanges.push(seen);
    onExchange(seen);
    const close = () => {
      if (seen.closedAt === undefined) seen.left = { reason: given?.reason };
      seen.closedAt ??= clock.now();
    };
    signal.addEventListener("abort", close);
    try {
      const response = await toFaultyResponse({
        respond: () => model.respond(url.replace(MOVED, ""), all, seen),
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
    connect: (link) => async (input, init = {}) => {
      init.signal?.throwIfAborted();
      // The dead do nothing.
      if (link.signal.aborted) return await new Promise(() => {});
      return await exchange(String(input), init, link);
    },
  };
}
