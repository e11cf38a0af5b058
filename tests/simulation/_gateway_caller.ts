import { toKey } from "./_facts.ts";
import { toMessages, toQuestion } from "./_answers.ts";
import { ChunkReader } from "./_chunk_reader.ts";
import type { Instance } from "./_history.ts";
import { KEYS } from "./_instances.ts";
import type { Outcome } from "./_outcome.ts";
import type { Patience } from "./_time.ts";
import type { CallerPlan, ReadForm } from "./_world.ts";

/** For how long a client may take nothing, in milliseconds. */
export const STALL = 30_000;

/** With what one that does is broken off. */
const STALLED = "Client takes nothing";

/** The most pieces that an answer has. */
const MAX_PIECES = 5_000;

/** What is asked for where. */
const PATHS: Partial<Record<ReadForm, string>> = {
  chunks: "chat/completions",
  response: "responses",
  pictures: "images/generations",
};

/** No token of anybody. */
const NO_TOKEN = "AgAA";

function toTokenHeader(
  { caller, chat }: Outcome,
): Readonly<Record<string, string>> {
  const { wrong } = caller;
  const { token = wrong === "owner" ? NO_TOKEN : undefined } = chat;
  if (wrong === "token") {
    return { "x-conversation": token?.replace(/.{9}$/, "") ?? NO_TOKEN };
  }
  return token === undefined ? {} : { "x-conversation": token };
}

/** Sends a text, as slowly as its caller does. */
function toBody(
  text: string,
  { upload }: CallerPlan,
  { signal, wait }: Patience,
): string | ReadableStream<Uint8Array> {
  if (upload === undefined) return text;
  const bytes = new TextEncoder().encode(text);
  const size = Math.ceil(bytes.length / 3);
  let sent = 0;
  return new ReadableStream({
    async pull(controller) {
      if (sent > 0) await wait(upload / 2);
      signal.throwIfAborted();
      controller.enqueue(bytes.subarray(sent, sent += size));
      if (sent >= bytes.length) controller.close();
    },
  }, { highWaterMark: 0 });
}

/** What is asked, right or wrong. */
function toFields(outcome: Outcome): object {
  const { caller } = outcome;
  const { wrong, stream, form, stop, restarts = false } = caller;
  const isPicture = form === "pictures";
  return {
    model: wrong === "model" ? "none" : isPicture ? "draw" : "chat",
    ...(isPicture
      ? {
        prompt: wrong === "empty" ? "" : toQuestion(caller),
        n: wrong ? -1 : caller.words,
        response_format: "b64_json",
      }
      : { stream }),
    ...(form === "response" && { input: toMessages(outcome) }),
    ...(form === "chunks" && { messages: toMessages(outcome), stop }),
    ...(form === "chunks" && stream && {
      stream_options: { include_usage: true, include_restarts: restarts },
    }),
    ...(caller.sets && { temperature: 0.5, top_p: 0.9 }),
    ...(wrong === "temperature" && { temperature: -7 }),
  };
}

function toRequest(
  outcome: Outcome,
  patience: Patience,
  signal: AbortSignal,
): Request {
  const { caller } = outcome;
  const key = caller.wrong === "key" ? "key-3" : KEYS[toKey(caller)];
  return new Request(`http://gateway.example/v1/${PATHS[caller.form]}`, {
    method: "POST",
    signal,
    headers: {
      "content-type": "application/json",
      authorization: `Bearer ${key}`,
      ...toTokenHeader(outcome),
    },
    body: toBody(JSON.stringify(toFields(outcome)), caller, patience),
  });
}

/** Asks the gateway of an instance, and notes what becomes of it. */
export async function askGateway(
  {
    clock,
    realWork,
    gateway = () => Promise.reject(new TypeError("There is no gateway")),
  }: Instance,
  outcome: Outcome,
  patience: Patience,
): Promise<void> {
  const { signal } = patience;
  const { leave, stream, form, wrong } = outcome.caller;
  const wantsStream = stream && form !== "pictures";
  const chunks = new ChunkReader(outcome);
  const leaving = new AbortController();
  let reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  const release = () => {
    outcome.releasedAt ??= patience.now();
  };
  // A server tells that a client has left in one way or the other.
  signal.addEventListener("abort", () => {
    release();
    outcome.reason = signal.reason;
    if (reader === undefined || leave?.how !== "return") {
      leaving.abort(signal.reason);
    } else reader.cancel().catch(() => {});
  });
  try {
    const request = toRequest(outcome, patience, leaving.signal);
    // Who has no place here is told so without time passing.
    const response = await (wrong === "key"
      ? realWork.do(() =>
        gateway(request)
      )
      : gateway(request));
    outcome.headAt = patience.now();
    outcome.status = response.status;
    outcome.headers = response.headers;
    reader = response.body?.getReader();
    // What is refused is over at once.
    if (!response.ok) release();
    reader?.closed.then(release, release);
    const isStream = response.headers.get("content-type")?.includes("event");
    for (let pieces = 0;; pieces++) {
      if (pieces > MAX_PIECES) throw new Error("An answer without an end");
      // What comes in one piece is taken at once.
      const waited = isStream ? await patience.next() : 0;
      if (signal.aborted && leave?.how === "forget") break;
      const askedAt = patience.now();
      const { done = true, value } = await reader?.read() ?? {};
      outcome.silence = Math.max(outcome.silence, patience.now() - askedAt);
      if (done) break;
      if (waited > STALL && isStream && !clock.hasJumped) {
        outcome.problems.push("more after it took nothing");
      }
      outcome.byteAt ??= patience.now();
      if (value) chunks.add(value);
    }
    if (signal.aborted) return;
    chunks.end();
    if (!response.ok) outcome.code ??= `${response.status}`;
    const isWhole = outcome.events.includes("finish") &&
      (chunks.isDone || !wantsStream);
    if (outcome.code === undefined && !isWhole) {
      outcome.problems.push("a clean end without a finish");
    }
  } catch (error) {
    release();
    if (!signal.aborted && error !== STALLED) {
      outcome.problems.push(`what breaks off: ${error}`);
    }
    throw error;
  }
}
