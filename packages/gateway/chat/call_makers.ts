/**
 * Who made a call, behind routes: some makers want back what came with it, and
 * nobody else may get that. Clients send back ids as they got them, so that a
 * mark of the maker stands there.
 *
 * @module
 */

import type { Message } from "@parley/chat";
import type { Answerer } from "../models/model_catalog.ts";
import { hashText } from "./text_hash.ts";

/** An id with a mark. */
const MARKED = /^(.*)-m([0-9a-z]{1,7})$/s;

/** Makes a short word of a maker. */
function toMark({ provider, model }: Answerer): string {
  return (hashText(`${provider}/${model}`) >>> 0).toString(36);
}

/**
 * Marks the id of a call.
 *
 * @param id The id, as the maker gave it.
 * @param maker Who made the call.
 */
export function markCallId(id: string, maker: Answerer): string {
  return `${id}-m${toMark(maker)}`;
}

/**
 * Finds the makers of calls by the marks of their ids, and takes those off.
 *
 * @param messages The messages of a request.
 * @param makers Who may have made them.
 */
export function restoreCallMakers(
  messages: readonly Message[],
  makers: readonly Answerer[],
): readonly Message[] {
  /** Most requests have no calls. */
  let marks: ReadonlyMap<string, Answerer> | undefined;

  function restore(id: string): { id: string; maker?: Answerer | undefined } {
    const [, original = id, mark = ""] = MARKED.exec(id) ?? [];
    marks ??= new Map(makers.map((maker) => [toMark(maker), maker]));
    const maker = marks.get(mark);
    return maker === undefined ? { id } : { id: original, maker };
  }

  return messages.map((message) => {
    if (message.role === "tool") {
      return { ...message, callId: restore(message.callId).id };
    }
    if (message.role !== "assistant" || !message.toolCalls) return message;
    const restored = message.toolCalls.map(({ id }) => restore(id));
    const maker = restored.find(({ maker }) => maker)?.maker;
    const toolCalls = message.toolCalls.map((call, index) => ({
      ...call,
      id: restored[index]?.id ?? call.id,
    }));
    return { ...message, toolCalls, ...maker };
  });
}
