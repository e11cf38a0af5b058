/**
 * Calls and their results, which belong together.
 *
 * @module
 */

import { invalidRequest } from "../chat/options.ts";
import type { Message, ToolMessage } from "../chat/types.ts";

/** Finds the results that follow a message at once. */
function findResults(
  messages: readonly Message[],
  start: number,
): readonly ToolMessage[] {
  const results: ToolMessage[] = [];
  let message = messages[start];
  while (message?.role === "tool") {
    results.push(message);
    message = messages[start + results.length];
  }
  return results;
}

/**
 * Puts the results of each message in the order of its calls, by which some
 * servers tell them apart.
 *
 * @param messages The messages.
 * @returns The same messages.
 * @throws {ProviderError} If a call has no result in the block that follows it,
 * or a result no call, with code `invalid-request`.
 */
export function pairCalls(messages: readonly Message[]): readonly Message[] {
  const paired: Message[] = [];
  while (paired.length < messages.length) {
    const index = paired.length;
    const message = messages[index];
    if (message === undefined) break;
    paired.push(message);
    const rest = [...findResults(messages, paired.length)];
    const calls = message.role === "assistant" ? message.toolCalls ?? [] : [];
    for (const [position, { id }] of calls.entries()) {
      const found = rest.findIndex(({ callId }) => callId === id);
      const [result] = found === -1 ? [] : rest.splice(found, 1);
      if (result === undefined) {
        throw invalidRequest(
          `messages[${index}].toolCalls[${position}] has no result: ` +
            "expected it before the next message",
        );
      }
      paired.push(result);
    }
    if (message.role === "tool" || rest.length > 0) {
      throw invalidRequest(
        `messages[${
          message.role === "tool" ? index : paired.length
        }] is the result of no call: expected it after its call`,
      );
    }
  }
  return paired;
}
