/**
 * The events that end an answer.
 *
 * @module
 */

import type { Conversation } from "../chat/conversation.ts";
import type { ChatEvent, FinishEvent, UsageEvent } from "../chat/events.ts";
import { hideCookies } from "./parse_conversation.ts";

/** How an answer ends. */
export interface Ending {
  /** What is still to be shown. */
  readonly events: readonly ChatEvent[];
  /** The usage, where it is known. */
  readonly usage: UsageEvent | undefined;
  /** What goes on with the chat. */
  readonly conversation: Conversation | undefined;
  /** The end. */
  readonly finish: FinishEvent;
}

/**
 * Puts the last events of an answer in their order.
 *
 * @param ending How it ends.
 */
export function toLastEvents(
  { events, usage, conversation, finish }: Ending,
): readonly ChatEvent[] {
  return [
    ...events,
    usage,
    conversation && {
      type: "conversation" as const,
      conversation: hideCookies(conversation),
    },
    finish,
  ].filter((event) => event !== undefined);
}
