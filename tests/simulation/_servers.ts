import type { FakeClock, Fault } from "@parley/testing";
import {
  toFaultyResponse,
  toResponse,
} from "../../packages/testing/faults/_faulty_response.ts";
import { readQuestion, toFullPrompt } from "./_answers.ts";
import type { Exchange } from "./_exchange.ts";
import { createModel } from "./_model.ts";
import type { ServerPlan } from "./_world.ts";

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
  /\/chat\/completions$|\/images\/generations$|\/chat\/send2\/$|\/ai\/chat$|(?<!\/api)\/conversation\/\w{24}$/;

/** Where a server that has moved is found. */
const MOVED = "/moved";

async function readBody(url: string, init: RequestInit): Promise<string> {
  const { body, method } = init;
  return typeof body === "string"
    ? body
    : await new Request(url, { method, body }).text();
}

/** Makes a server. */
export function createServer(
  plan: ServerPlan,
  { index, voice, clock, onExchange }: ServerOptions,
): Server {
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
    { instance, signal: link }: Link,
  ): Promise<Response> {
    const { signal: given = new AbortController().signal } = init;
    const left = new AbortController();
    const signal = AbortSignal.any([left.signal, link, given ?? link]);
    const all = { ...init, signal };
    if (!ANSWER_PATH.test(url)) return await model.fetch(url, all);
    if (plan.moved && !url.includes(MOVED)) {
      const { origin, pathname } = new URL(url);
      return Response.redirect(origin + MOVED + pathname, 307);
    }
    const prompt = toFullPrompt(await readBody(url, init));
    const { pathname: path } = new URL(url);
    const { question = -1 } = readQuestion(prompt) ?? {};
    const faults = takeFaults();
    const at = clock.now();
    const seen: Exchange = {
      server: index,
      instance,
      path,
      question,
      prompt,
      at,
      faults,
      isWhole: false,
    };
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
