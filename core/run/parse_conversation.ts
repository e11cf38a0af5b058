/**
 * Conversations that come back from storage, and what printing them shows.
 *
 * @module
 */

import type { Conversation } from "../chat/conversation.ts";
import type { ConversationEvent } from "../chat/events.ts";
import { isCookie } from "../http/cookies.ts";
import { once } from "../streams/once.ts";
import { isObject, isString } from "../streams/values.ts";
import { custom, nullish, object, parse } from "../chat/zod.ts";
import { invalidRequest } from "../chat/options.ts";

const toStored = /* @__PURE__ */ once(() =>
  object({
    version: custom<1>((version) => version === 1),
    provider: custom<string>(isString),
    origin: custom<string>(isString),
    // It becomes part of a path.
    id: custom<string>((id) => isString(id) && /^[\w-]{1,128}$/.test(id)),
    model: custom<string>(isString),
    systemPrompt: custom<string>(isString),
    cookies: custom<Readonly<Record<string, string>>>((cookies) =>
      isObject(cookies) &&
      Object.entries(cookies).every(([name, value]) =>
        isString(value) && isCookie(name, value)
      )
    ),
    state: nullish(isObject),
  })
);

/**
 * Hides the cookies of a conversation from `console.log` and `Deno.inspect`;
 * `JSON.stringify` still writes them.
 *
 * @param conversation The conversation.
 * @returns The same shape in a new object.
 */
export function hideCookies(conversation: Conversation): Conversation {
  const copy = {
    ...conversation,
    cookies: { ...conversation.cookies },
  };
  const toShown = () => ({
    ...conversation,
    cookies: "[redacted]",
    ...(conversation.state && { state: "[redacted]" }),
  });
  return Object.defineProperties(copy, {
    [Symbol.for("Deno.customInspect")]: {
      value: (
        inspect: (value: unknown, options: unknown) => string,
        options: unknown,
      ) => inspect(toShown(), options),
    },
    [Symbol.for("nodejs.util.inspect.custom")]: { value: toShown },
  });
}

/**
 * Hands a conversation to the caller.
 *
 * @param conversation The conversation.
 */
export function toConversationEvent(
  conversation: Conversation,
): ConversationEvent {
  return { type: "conversation", conversation: hideCookies(conversation) };
}

/**
 * Checks a conversation that comes back from storage.
 *
 * @param value Any value, such as the parsed JSON of a conversation.
 * @returns The conversation; printing it shows no cookie.
 * @throws {ProviderError} If the value is anything else, with code
 * `invalid-request`.
 *
 * @example
 * ```ts
 * import { parseConversation } from "@parley/chat";
 * import { assertEquals, assertThrows } from "@std/assert";
 *
 * const stored = JSON.stringify({
 *   version: 1,
 *   provider: "CohereForAI_C4AI_Command",
 *   origin: "https://chat.example",
 *   id: "65f0a1b2c3d4e5f601234567",
 *   model: "command-a-03-2025",
 *   systemPrompt: "",
 *   cookies: { "hf-chat": "3f0e" },
 * });
 * assertEquals(parseConversation(JSON.parse(stored)).model, "command-a-03-2025");
 * assertThrows(() => parseConversation({ id: "../../admin" }));
 * ```
 */
export function parseConversation(value: unknown): Conversation {
  const data = parse(toStored(), value);
  if (data === undefined) {
    throw invalidRequest(
      'Conversation is not valid: it is what "conversation" of a result holds',
    );
  }
  const { state, ...rest } = data;
  return hideCookies({ ...rest, ...(state && { state }) });
}

/**
 * Checks who keeps a conversation.
 *
 * @param conversation The conversation, as far as it can be read.
 * @param provider The id of the provider that is asked.
 * @param origin The origin of its server.
 * @throws {ProviderError} If it is another one, with code `invalid-request`.
 */
export function checkOwner(
  conversation: Pick<Conversation, "provider" | "origin"> | undefined,
  provider: string,
  origin: string,
): void {
  if (conversation?.provider === provider && conversation.origin === origin) {
    return;
  }
  throw invalidRequest(
    "Conversation belongs to another provider or server: send its messages",
  );
}
