import type { Fault } from "@parley/testing";
import {
  toFaultyResponse,
  toResponse,
} from "../../packages/testing/faults/_faulty_response.ts";
import { readQuestion, toFullPrompt, toVoice } from "./_answers.ts";
import type { History, Server } from "./_history.ts";
import { toProviderId } from "./_instances.ts";
import { createModel } from "./_model.ts";
import { PICTURES } from "./_openai_answer.ts";
import type { Exchange } from "./_outcome.ts";
import { ECHO, ELSEWHERE, isPartial } from "./_random_faults.ts";
import type { ServerPlan } from "./_world.ts";

/** Paths of requests for an answer; the others are spared. */
const ANSWER_PATH =
  /\/chat\/completions$|\/images\/generations$|\/chat\/send2\/$|\/ai\/chat$|(?<!\/api)\/conversation\/\w{24}$/;

/** Where the newest of chat-ui gives its log of an answer. */
const LOG = /\/stream\?/;

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

/** Makes the next server of a world. */
export function createServer(plan: ServerPlan, history: History): Server {
  const { world, clock, outcomes, exchanges, strays, note } = history;
  const index = history.servers.length;
  const voice = toVoice(index, world.isOneVoice);
  const provider = toProviderId(plan, index);
  const model = createModel(plan, voice, clock);
  let plans: { readonly faults: readonly Fault[]; left: number }[] = [];

  function takeFaults(
    fits: (fault: Fault) => boolean = () => true,
  ): readonly Fault[] {
    const befalling = plans.find(({ left, faults }) =>
      left > 0 && faults.every(fits)
    );
    if (befalling === undefined) return [];
    befalling.left--;
    return befalling.faults;
  }

  /** Notes a request for an answer, and what befalls it. */
  async function open(url: string, init: RequestInit): Promise<Exchange> {
    const prompt = toFullPrompt(await readBody(url, init));
    const { question = -1, text = "" } = readQuestion(prompt) ?? {};
    const outcome = outcomes.find(({ caller }) => caller.question === question);
    if (outcome === undefined) throw new TypeError("Nobody has asked this");
    const faults = echo(takeFaults(), text);
    const seen: Exchange = {
      ...{ server: index, plan, provider, outcome, prompt, faults },
      path: new URL(url).pathname,
      key: new Headers(init.headers).get("authorization"),
      at: clock.now(),
      isWhole: false,
    };
    outcome.exchanges.push(seen);
    exchanges.push(seen);
    const befalls = faults.length > 0 ? ` and ${JSON.stringify(faults)}` : "";
    note(`server ${index} is asked ${question}${befalls}`);
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
    const hasKey = new Headers(init.headers).has("authorization");
    const isStray = url.startsWith(PICTURES)
      ? hasKey
      : url.startsWith(ELSEWHERE);
    if (isStray) strays.push(url);
    const isAnswer = ANSWER_PATH.test(url);
    const { origin, pathname } = new URL(url);
    if (url.endsWith(STOP)) {
      const chat = pathname.slice(0, -STOP.length);
      const last = exchanges.findLast(({ path }) => path === chat);
      if (last) last.isStopped = true;
    }
    if (isAnswer && plan.moved && !url.includes(MOVED)) {
      return Response.redirect(origin + MOVED + pathname, 307);
    }
    const seen = isAnswer ? await open(url, init) : undefined;
    const { faults = LOG.test(url) ? takeFaults(isPartial) : [] } = seen ?? {};
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
        plan: { faults, ...(chunking && { chunking }) },
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
    befall: (faults, times) =>
      void plans.push({ faults, left: times ?? Infinity }),
    mend: () => void (plans = []),
    connect: (death) => async (input, init = {}) => {
      init.signal?.throwIfAborted();
      // The dead do nothing.
      if (death.aborted) return await new Promise(() => {});
      return await respond(String(input), init, death);
    },
  };
}
