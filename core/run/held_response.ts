/**
 * A response whose status waits for the answer.
 *
 * @module
 */

import type { BatchSource } from "../streams/batch_iterator.ts";
import type { HeldResponseInit } from "../chat/chat_stream.ts";
import {
  type AnyEvent,
  checkInit,
  toChatResponse,
  toErrorEvent,
  toHeaders,
} from "./chat_response.ts";
import { toFailureHead } from "./failure_head.ts";
import { isContent } from "../chat/is_content.ts";
import { SYSTEM_CLOCK } from "../streams/clock.ts";
import { holdHead } from "../streams/hold_head.ts";

const MEDIA_TYPE = "application/json";

/**
 * Makes a response that streams a run, once its content begins. Where it fails
 * before, the response says so, as the event would.
 *
 * @param source The run.
 * @param init How long the status waits, and what {@linkcode toChatResponse}
 * takes.
 */
export async function toHeldResponse(
  source: BatchSource<AnyEvent>,
  { holdHead: ms, clock = SYSTEM_CLOCK, ...init }: HeldResponseInit,
): Promise<Response> {
  checkInit({ format: init.format, holdHead: ms });
  let isHeld = true;

  /** Gives the next events, at first all until there is content. */
  async function next(): Promise<readonly AnyEvent[] | undefined> {
    const events: AnyEvent[] = [];
    do {
      const batch = await source.next();
      if (batch === undefined) return events.length > 0 ? events : undefined;
      events.push(...batch);
    } while (isHeld && !events.some(isContent));
    return events;
  }

  try {
    const head = await holdHead(next, ms, clock);
    isHeld = false;
    const held = { next: head.next, close: () => source.close() };
    return toChatResponse(held, init);
  } catch (error) {
    await source.close();
    const { status, headers } = toFailureHead(error);
    return new Response(JSON.stringify(toErrorEvent(error)), {
      status,
      headers: toHeaders(init.headers, MEDIA_TYPE, {
        ...headers,
        "content-type": MEDIA_TYPE,
      }),
    });
  }
}
