import { abortable } from "@parley/chat/provider";
import type { Clock } from "@parley/chat";
import { rechunk } from "../upstreams/chunking.ts";
import type { Fault, FaultPlan, HeadFault } from "./fault.ts";
import { applyFault, ConnectionReset } from "./_fault_body.ts";

type Pieces = AsyncGenerator<Uint8Array<ArrayBuffer>, void>;

/** A response that may break. */
export interface FaultyResponse {
  /** Its head, and no body. */
  readonly head: Response;
  /** Its body, which throws a {@linkcode ConnectionReset} where it breaks. */
  readonly body: Pieces;
  /** How many bytes fewer it has than it says; `undefined`: it says nothing. */
  readonly missing: number | undefined;
}

/** A response that nothing has befallen yet, and whose pieces are at hand. */
export type SoundResponse = Omit<FaultyResponse, "missing">;

/** Where a response comes from, and what befalls it. */
export interface FaultyExchange {
  /** Answers where no fault does. */
  readonly respond: () => Promise<Response | SoundResponse>;
  /** What befalls it. */
  readonly plan: FaultPlan | undefined;
  /** Where time comes from. */
  readonly clock: Clock;
  /** Is aborted when nobody reads any more. */
  readonly signal: AbortSignal;
}

/** The faults in the head of a response. */
const HEAD_FAULTS: readonly string[] = [
  "silence",
  "refuse",
  "half-header",
  "respond",
  "short",
];

function isHeadFault(fault: Fault): fault is HeadFault {
  return HEAD_FAULTS.includes(fault.type);
}

/**
 * Gives the response to a request, faults and all.
 *
 * @throws {ConnectionReset} If the connection breaks before there is one.
 */
export async function toFaultyResponse(
  { respond, plan = {}, clock, signal }: FaultyExchange,
): Promise<FaultyResponse> {
  const { faults = [], chunking } = plan;
  const fault = faults.find(isHeadFault);
  if (fault?.type === "silence") {
    return await abortable(new Promise(() => {}), signal);
  }
  if (fault?.type === "refuse") throw new ConnectionReset();
  if (fault?.type === "half-header") {
    throw new ConnectionReset("HTTP/1.1 200 OK\r\nContent-Ty");
  }
  const response = fault?.type === "respond"
    ? new Response(fault.body ?? null, fault)
    : await abortable(respond(), signal);
  const { head, body: pieces } = response instanceof Response
    ? { head: response, body: readPieces(response, signal) }
    : response;
  const type = head.headers.get("content-type") ?? "";
  const scope = {
    clock,
    signal,
    isEventStream: type.startsWith("text/event-stream"),
  };
  let body = pieces;
  if (chunking === "whole") body = rechunk(body, chunking);
  for (const fault of faults) {
    if (!isHeadFault(fault)) body = applyFault(body, fault, scope);
  }
  if (chunking !== undefined) body = rechunk(body, chunking);
  return {
    head: new Response(null, toHead(head)),
    body,
    missing: fault?.type === "short" ? fault.missing : undefined,
  };
}

function readPieces({ body }: Response, signal: AbortSignal): Pieces {
  const reader = body?.getReader();
  // A generator that has not begun would not leave it.
  signal.addEventListener("abort", () => {
    reader?.cancel().catch(() => {});
  }, { once: true });
  const pieces = toPieces(reader, signal);
  const end = pieces.return.bind(pieces);
  return Object.assign(pieces, {
    async return() {
      await reader?.cancel().catch(() => {});
      return await end();
    },
  });
}

async function* toPieces(
  reader: ReadableStreamDefaultReader<Uint8Array> | undefined,
  signal: AbortSignal,
): Pieces {
  if (reader === undefined) return;
  try {
    for (;;) {
      const { done, value } = await abortable(reader.read(), signal);
      if (done) return;
      yield new Uint8Array(value);
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

function toHead({ status, statusText, headers }: Response): ResponseInit {
  return { status, statusText, headers };
}

/** Makes a response of the platform; its body fails where it breaks. */
export function toResponse(
  { head, body, missing }: FaultyResponse,
  left: AbortController,
): Response {
  const stream = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await body.next();
      if (!done) controller.enqueue(value);
      else if (missing === undefined) controller.close();
      else controller.error(new ConnectionReset());
    },
    async cancel(reason) {
      // First the signal: `return()` waits until a pending `next()` has ended.
      left.abort(reason);
      await body.return();
    },
  }, { highWaterMark: 0 });
  const hasBody = ![204, 205, 304].includes(head.status);
  return new Response(hasBody ? stream : null, toHead(head));
}
