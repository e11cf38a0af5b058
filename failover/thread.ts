/**
 * A conversation that survives a change of route.
 *
 * @module
 */

import * as z from "zod/mini";
import {
  type ContentPart,
  type Conversation,
  formatPrompt,
  type Message,
  parseConversation,
  ProviderError,
  toDataUrl,
} from "../mod.ts";
import type { RunContext } from "../core/provider.ts";
import type { ResolvedRoute } from "./route.ts";

const Part = z.union([
  z.strictObject({ type: z.literal("text"), text: z.string() }),
  z.strictObject({
    type: z.literal("image"),
    image: z.string(),
    mediaType: z.optional(z.string()),
  }),
]);

const State = z.strictObject({
  messages: z.array(z.strictObject({
    role: z.enum(["user", "assistant"]),
    content: z.union([z.string(), z.array(Part)]),
  })),
  parts: z.record(
    z.string(),
    z.strictObject({
      conversation: z.unknown(),
      known: z.int().check(z.nonnegative()),
    }),
  ),
});

/** The part of a conversation that one provider keeps itself. */
interface ThreadPart {
  /** What the provider goes on with. */
  readonly conversation: Conversation;
  /** How many messages of the whole it knows. */
  readonly known: number;
}

/** What a route is asked. */
export interface RouteInput {
  readonly messages: readonly Message[];
  /** What its provider goes on with. */
  readonly conversation: Conversation | undefined;
}

/** One chat, whoever answers in it. */
export interface Thread {
  /**
   * Writes what a route is to be asked: all that it does not know.
   *
   * @param route The route.
   * @param isAnew Whether what its provider keeps is gone.
   */
  toInput(route: ResolvedRoute, isAnew: boolean): RouteInput;
  /**
   * Ends the turn.
   *
   * @param route Who answered.
   * @param text The answer.
   * @param conversation What its provider goes on with.
   * @returns What the caller goes on with; `undefined` where the answer is too
   * long to travel with it.
   */
  end(
    route: ResolvedRoute,
    text: string,
    conversation: Conversation | undefined,
  ): Conversation | undefined;
  /**
   * Adds to an answer, for as long as it is short enough to travel.
   *
   * @param text The answer so far.
   * @param piece What comes after it.
   */
  addText(text: string, piece: string): string;
}

function isSystem({ role }: Message): boolean {
  return role === "system";
}

/** Whether a provider can go on with what it kept. */
function belongsTo(
  { provider: id, origin, model }: Conversation,
  { provider, model: wanted }: ResolvedRoute,
): boolean {
  return id === provider.id && model === wanted &&
    origin === new URL(provider.baseUrl).origin;
}

/** Takes the bytes out of a message, which travels as JSON. */
function toStored({ role, content }: Message): Message {
  if (typeof content === "string") return { role, content };
  return {
    role,
    content: content.map((part): ContentPart => {
      if (part.type === "text") return part;
      const { image, mediaType } = part;
      return image instanceof Uint8Array
        ? { type: "image", image: toDataUrl(image, mediaType) }
        : { ...part, image: String(image) };
    }),
  };
}

function toSystemPrompt(messages: readonly Message[]): string {
  return messages.filter(isSystem)
    .map((message) => formatPrompt([message])).join("\n");
}

/**
 * Checks a conversation of a failover that a caller passes.
 *
 * @param value Any value.
 * @param origins The origins of all routes, that of the failover as the first:
 * a thread goes on where routes have changed their places.
 * @throws {ProviderError} If it is none of this failover, with code
 * `invalid-request`.
 */
export function parseThread(
  value: unknown,
  origins: readonly string[],
): Conversation {
  const conversation = parseConversation(value);
  const { success } = State.safeParse(conversation.state);
  const [origin] = origins;
  if (success && origin && origins.includes(conversation.origin)) {
    return { ...conversation, origin };
  }
  throw new ProviderError("Conversation is not valid", {
    code: "invalid-request",
  });
}

/** The most characters of an answer that travel with the chat. */
const MAX_TEXT = 1024 * 1024;

/**
 * Opens the chat of a run: that which the caller goes on with, or a new one.
 *
 * As with a chat-ui server, what is new in a stored one is what the user says
 * after the last answer; what came before it is known.
 *
 * @param run The run.
 * @param provider The id of the failover.
 * @throws {ProviderError} If nothing is new, with code `invalid-request`.
 */
export function openThread(run: RunContext, provider: string): Thread {
  const { givenConversation: given, messages } = run;
  const state = given === undefined ? undefined : State.parse(given.state);
  const known = state?.messages ?? [];
  const last = messages.findLastIndex(({ role }) => role === "assistant");
  const chat = (given === undefined ? messages : messages.slice(last + 1))
    .filter((message) => !isSystem(message));
  if (chat.length === 0 && given !== undefined) {
    throw run.fail("Messages end without a new one", {
      code: "invalid-request",
    });
  }
  const saidSystem = messages.filter(isSystem);
  const storedSystem = given?.systemPrompt ?? "";
  const isSystemNew = given !== undefined && saidSystem.length > 0 &&
    toSystemPrompt(saidSystem) !== storedSystem;
  const system: readonly Message[] =
    saidSystem.length === 0 && storedSystem !== ""
      ? [{ role: "system", content: storedSystem }]
      : saidSystem;
  // What was started with another system message is started anew.
  const parts: Record<string, ThreadPart> = isSystemNew ? {} : Object
    .fromEntries(
      Object.entries(state?.parts ?? {}).map(([key, part]) => [key, {
        conversation: parseConversation(part.conversation),
        known: part.known,
      }]),
    );

  function toInput(route: ResolvedRoute, isAnew: boolean): RouteInput {
    const part = isAnew ? undefined : parts[route.key];
    if (part === undefined || !belongsTo(part.conversation, route)) {
      const whole = [...system, ...known, ...chat];
      return {
        messages: whole.length === 0 ? messages : whole,
        conversation: undefined,
      };
    }
    const missed = known.slice(part.known);
    return {
      messages: missed.length === 0
        ? chat
        : [{ role: "user", content: formatPrompt([...missed, ...chat]) }],
      conversation: part.conversation,
    };
  }

  return {
    toInput,
    addText: (text, piece) => text.length > MAX_TEXT ? text : text + piece,
    end(route, text, conversation) {
      if (text.length > MAX_TEXT) return undefined;
      const all = [...known, ...chat.map(toStored)];
      if (text !== "") all.push({ role: "assistant", content: text });
      return {
        version: 1,
        provider,
        origin: run.origin,
        id: given?.id ?? run.randomUuid(),
        model: run.model,
        systemPrompt: toSystemPrompt(system),
        cookies: {},
        state: {
          messages: all,
          parts: {
            ...parts,
            ...(conversation && {
              [route.key]: { conversation, known: all.length },
            }),
          },
        },
      };
    },
  };
}
