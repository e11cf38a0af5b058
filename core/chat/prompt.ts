/**
 * Chats as one prompt, for protocols that take only text.
 *
 * @module
 */

import { isString } from "../streams/values.ts";
import type { Message } from "./types.ts";

/**
 * The text of a message: that of its parts, joined.
 *
 * @param message The message.
 * @returns The text; empty where it has none.
 *
 * @example
 * ```ts
 * import { toText } from "@parley/chat/provider";
 * import { assertEquals } from "@std/assert";
 *
 * const content = [{ type: "text", text: "A cat" }] as const;
 * assertEquals(toText({ role: "user", content }), "A cat");
 * ```
 */
export function toText({ content }: Message): string {
  if (isString(content)) return content;
  return content.map((part) => part.type === "text" ? part.text : "").join("");
}

/**
 * All that a message says to the model, the inputs of calls included.
 *
 * @param message The message.
 */
export function toPromptTexts(message: Message): readonly string[] {
  const text = toText(message);
  if (message.role !== "assistant") return [text];
  const { toolCalls = [], reasoning = "" } = message;
  return [text, reasoning, ...toolCalls.map(({ rawInput }) => rawInput)];
}

/**
 * Writes a chat as one prompt. One message is its text alone; several are one
 * line each, `User: …`, and a last line `Assistant:` for the model to go on
 * with. Messages of white space only are left out.
 *
 * @param messages The messages.
 * @returns The prompt.
 *
 * @example
 * ```ts
 * import { formatPrompt } from "@parley/chat";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(formatPrompt([{ role: "user", content: "Hello" }]), "Hello");
 * assertEquals(
 *   formatPrompt([
 *     { role: "user", content: "Hello" },
 *     { role: "assistant", content: "Good day" },
 *     { role: "user", content: "Who are you?" },
 *   ]),
 *   "User: Hello\nAssistant: Good day\nUser: Who are you?\nAssistant:",
 * );
 * ```
 */
export function formatPrompt(messages: readonly Message[]): string {
  const [first] = messages;
  if (first !== undefined && messages.length === 1) return toText(first);
  const lines = messages
    .map((message) => [message.role, toText(message)] as const)
    .filter(([, text]) => text.trim() !== "")
    .map(([role, text]) =>
      `${role[0]?.toUpperCase()}${role.slice(1)}: ${text}`
    );
  return [...lines, "Assistant:"].join("\n");
}

/**
 * The text that is new to an upstream which knows the chat up to its last
 * answer.
 *
 * @param messages The messages.
 * @returns The user messages after the last one of the assistant, one on each
 * line; empty where there is none.
 */
export function toLastUserText(messages: readonly Message[]): string {
  const last = messages.findLastIndex(({ role }) => role === "assistant");
  return messages.slice(last + 1).filter(({ role }) => role === "user")
    .map(toText).join("\n");
}

/**
 * The text of the last message, which asks for a picture.
 *
 * @param messages The messages.
 * @returns The text; empty where there is none.
 *
 * @example
 * ```ts
 * import { toLastText } from "@parley/chat/provider";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(toLastText([{ role: "user", content: "A cat" }]), "A cat");
 * ```
 */
export function toLastText(messages: readonly Message[]): string {
  const last = messages.at(-1);
  return last === undefined ? "" : toText(last);
}

/**
 * The text of all system messages, one on each line.
 *
 * @param messages The messages.
 * @returns The text; empty where there is none.
 *
 * @example
 * ```ts
 * import { toSystemText } from "@parley/chat/provider";
 * import { assertEquals } from "@std/assert";
 *
 * const messages = [
 *   { role: "system", content: "Be brief." },
 *   { role: "user", content: "Hello" },
 * ] as const;
 * assertEquals(toSystemText(messages), "Be brief.");
 * ```
 */
export function toSystemText(messages: readonly Message[]): string {
  return messages.filter(({ role }) => role === "system").map(toText).join(
    "\n",
  );
}
