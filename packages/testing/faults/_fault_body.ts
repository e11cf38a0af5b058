import { abortable } from "@parley/chat/provider";
import type { Clock } from "@parley/chat";
import type { BodyFault, FaultPoint } from "./fault.ts";
import { createRandom } from "../random.ts";
import { sleep } from "../upstreams/_sleep.ts";

type Pieces = AsyncGenerator<Uint8Array<ArrayBuffer>, void>;

/** The connection broke: nothing more comes. */
export class ConnectionReset extends TypeError {
  /** What came of the head of a response, where it broke within that. */
  readonly head: string;

  constructor(head = "") {
    super("The connection was reset");
    this.head = head;
  }
}

/** What a fault in a body depends on. */
export interface FaultScope {
  /** Where time comes from. */
  readonly clock: Clock;
  /** Is aborted when nobody reads any more. */
  readonly signal: AbortSignal;
  /** Whether an event ends with a blank line, not with a line. */
  readonly isEventStream: boolean;
}

/** Gives what is left of a body after a fault. */
export async function* applyFault(
  body: Pieces,
  fault: BodyFault,
  scope: FaultScope,
): Pieces {
  try {
    const rest = yield* passUntil(body, fault.after, scope);
    if (rest === undefined) return;
    switch (fault.type) {
      case "cut":
        return;
      case "reset":
        throw new ConnectionReset();
      case "stall":
        return await abortable(new Promise(() => {}), scope.signal);
      case "drip":
        for (;;) {
          await sleep(fault.every, scope.signal, scope.clock);
          yield new TextEncoder().encode(fault.text);
        }
      case "flood": {
        const text = new TextEncoder().encode(fault.text);
        for (;;) yield text;
      }
      case "insert":
        yield new TextEncoder().encode(fault.text);
        break;
      case "garbage": {
        const random = createRandom(fault.seed ?? 0);
        yield Uint8Array.from({ length: fault.bytes }, () => random() * 256);
      }
    }
    yield* rest;
  } finally {
    // Not awaited: a body that is silent would hold up who leaves.
    body.return().catch(() => {});
  }
}

/**
 * Passes on what comes before a fault, and returns what comes after it;
 * `undefined` where the body ends before it.
 */
async function* passUntil(
  body: Pieces,
  point: FaultPoint | undefined,
  scope: FaultScope,
): AsyncGenerator<Uint8Array<ArrayBuffer>, Pieces | undefined> {
  if (point === undefined) {
    yield* body;
    return body;
  }
  if ("ms" in point) return yield* passInTime(body, point.ms, scope);
  const findEnd = "bytes" in point
    ? countBytes(point.bytes)
    : countEvents(point.events, scope.isEventStream);
  let piece: Uint8Array<ArrayBuffer> | undefined = new Uint8Array();
  while (piece !== undefined) {
    const end = findEnd(piece);
    if (end !== undefined) {
      if (end > 0) yield piece.slice(0, end);
      return resume(Promise.resolve({ value: piece.slice(end) }), body);
    }
    if (piece.length > 0) yield piece;
    const { done, value } = await body.next();
    piece = done ? undefined : value;
  }
  return undefined;
}

async function* passInTime(
  body: Pieces,
  ms: number,
  { signal, clock }: FaultScope,
): AsyncGenerator<Uint8Array<ArrayBuffer>, Pieces | undefined> {
  const elapsed = sleep(ms, signal, clock).then(() => undefined);
  elapsed.catch(() => {});
  for (;;) {
    const next = body.next();
    const result = await Promise.race([elapsed, next]);
    if (result === undefined) return resume(next, body);
    if (result.done) return undefined;
    yield result.value;
  }
}

async function* resume(
  next: Promise<{ readonly value: Uint8Array<ArrayBuffer> | void }>,
  body: Pieces,
): Pieces {
  const { value } = await next;
  if (value === undefined) return;
  if (value.length > 0) yield value;
  yield* body;
}

/** Finds the place in a piece up to which so many bytes have come. */
function countBytes(
  limit: number,
): (piece: Uint8Array) => number | undefined {
  let left = limit;
  return ({ length }) => {
    if (left <= length) return left;
    left -= length;
    return undefined;
  };
}

/** Finds the place in a piece up to which so many events have come. */
function countEvents(
  limit: number,
  isEventStream: boolean,
): (piece: Uint8Array) => number | undefined {
  let left = limit;
  let isLineEmpty = false;
  return (piece) => {
    if (left === 0) return 0;
    for (const [index, byte] of piece.entries()) {
      if (byte === 0x0d) continue;
      if (byte !== 0x0a) isLineEmpty = false;
      else if (isEventStream && !isLineEmpty) isLineEmpty = true;
      else if (--left === 0) return index + 1;
    }
    return undefined;
  };
}
