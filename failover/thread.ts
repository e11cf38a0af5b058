/**
 * A conversation that survives a change of route.
 *
 * @module
 */

import {
  type AssistantMessage,
  type ChatEvent,
  type Conversation,
  type FinishEvent,
  formatPrompt,
  type Message,
  type ToolCall,
  type ToolCallErrorEvent,
  type ToolCallEvent,
} from "../mod.ts";
import type { DelegatingContext } from "../core/run/delegation.ts";
import { isWhole, toPartialAnswer } from "../core/run/partial_collector.ts";
import { toContinuation } from "./continuation.ts";
import type { ResolvedRoute } from "./route.ts";
import { readThread, type ThreadPart, toStored } from "./stored_thread.ts";

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
   * @param prefix What it is to go on with, if anything.
   */
  toInput(route: ResolvedRoute, isAnew: boolean, prefix: string): RouteInput;
  /**
   * Takes what is shown of the answer.
   *
   * @param events The events that are handed on.
   */
  addEvents(events: readonly ChatEvent[]): void;
  /**
   * Ends the turn, once all of it is shown.
   *
   * @param route Who answered.
   * @param finish The end of the answer.
   * @returns What the caller goes on with; `undefined` where the answer is too
   * long to travel with it.
   */
  end(
    route: ResolvedRoute,
    finish: FinishEvent,
  ): Conversation | undefined;
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

function toStoredCall(
  { id, name, rawInput, opaque, ...event }: ToolCallEvent | ToolCallErrorEvent,
): ToolCall {
  const input = event.type === "tool-call" ? event.input : {};
  return { id, name, input, rawInput, opaque };
}

function toSystemPrompt(messages: readonly Message[]): string {
  return messages.filter(isSystem)
    .map((message) => formatPrompt([message])).join("\n");
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
export function openThread(run: DelegatingContext, provider: string): Thread {
  const { options: { conversation: given }, messages } = run;
  const stored = readThread(given);
  const known = stored.messages;
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
  const parts: Readonly<Record<string, ThreadPart>> = isSystemNew
    ? {}
    : stored.parts;

  function toInput(
    route: ResolvedRoute,
    isAnew: boolean,
    prefix: string,
  ): RouteInput {
    const part = isAnew || prefix !== "" ? undefined : parts[route.key];
    if (part === undefined || !belongsTo(part.conversation, route)) {
      const said = [...system, ...known, ...chat];
      const whole = said.length === 0 ? messages : said;
      return {
        messages: prefix === "" ? whole : toContinuation(route, whole, prefix),
        conversation: undefined,
      };
    }
    const missed = known.slice(part.known);
    if (missed.length > 0) {
      const content = formatPrompt([...missed, ...chat]);
      return {
        messages: [{ role: "user", content }],
        conversation: part.conversation,
      };
    }
    // A result of a tool is sent with its call, though that is known.
    const isResult = chat[0]?.role === "tool";
    return {
      messages: isResult ? [...known, ...chat] : chat,
      conversation: part.conversation,
    };
  }

  let calls: ToolCall[] = [];
  let opaque: AssistantMessage["opaque"];
  /** What the provider of the route goes on with. */
  let conversation: Conversation | undefined;

  function addEvent(event: ChatEvent): void {
    switch (event.type) {
      case "tool-call":
      case "tool-call-error":
        calls.push(toStoredCall(event));
        break;
      case "restart":
        calls = [];
        break;
      case "finish":
        ({ opaque } = event);
        break;
      case "conversation":
        ({ conversation } = event);
        break;
    }
  }

  return {
    toInput,
    addEvents(events) {
      for (const event of events) addEvent(event);
    },
    end(route, { text: whole, continued = false }) {
      const { text: shown, reasoning } = toPartialAnswer(run.partial);
      const text = whole ?? (isWhole(run.partial, shown) ? shown : undefined);
      if (text === undefined || text.length > MAX_TEXT) return undefined;
      const all = [...known, ...chat.map(toStored)];
      if (text !== "" || calls.length > 0) {
        all.push({
          role: "assistant",
          content: text,
          // What a model thought goes back beside its calls only.
          ...(calls.length > 0 && {
            toolCalls: calls,
            reasoning,
            provider: route.provider.id,
            model: route.model,
            opaque,
          }),
        });
      }
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
            // Its provider knows half an answer.
            ...(conversation && !continued && {
              [route.key]: { conversation, known: all.length },
            }),
          },
        },
      };
    },
  };
}
