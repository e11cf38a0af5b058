/**
 * An answer as a chat-ui server stores it.
 *
 * @module
 */

import type { Conversation } from "../chat/conversation.ts";
import type { RunContext } from "../chat/definition.ts";
import type { ChatEvent } from "../chat/events.ts";
import { toScope } from "../run/run_context.ts";
import { readState } from "./conversation.ts";
import { fetchStoredChat, wasEnded } from "./stored_chat.ts";
import {
  isOver,
  type StoredChat,
  type StoredMessage,
} from "./stored_message.ts";
import type { ChatUiUpdates } from "./updates.ts";

/** The first wait between two requests, in milliseconds; each is longer. */
const FIRST_WAIT = 50;

/** The longest wait between two requests, in milliseconds. */
const MAX_WAIT = 2_000;

/** How long the server may take for a message, where no clock says. */
const STORE_TIME = 60_000;

/** The answer that is looked for. */
export interface LostAnswer {
  /** The conversation that it belongs to. */
  readonly conversation: Conversation;
  /** The id of the message before that of the user. */
  readonly parent: string;
  /** What the user said. */
  readonly inputs: string;
  /** The name that the message gave to its answer. */
  readonly generationId: string;
  /** Whether the server had begun to answer. */
  readonly isStarted: boolean;
}

/**
 * Waits before a further request, each time longer.
 *
 * @param run The run.
 * @param count How many times it has waited.
 * @param limit The longest wait, in milliseconds.
 */
export async function wait(
  run: RunContext,
  count: number,
  limit = MAX_WAIT,
): Promise<void> {
  const ms = Math.min(FIRST_WAIT * 2 ** count, MAX_WAIT, limit);
  await toScope(run).clocks.sleep(ms, run.signal);
}
/** Finds the answer to the message after the parent. */
function findAnswer(
  messages: readonly StoredMessage[],
  parent: string,
  inputs: string,
): StoredMessage | undefined {
  const rest = messages.slice(
    messages.findIndex(({ id }) => id === parent) + 1,
  );
  // Somebody else may have gone on with the chat; what is not found is the last.
  const asked = rest.findIndex(({ content }) => content === inputs);
  return rest.slice(asked).find(({ from }) => from === "assistant");
}

/**
 * Reads a stored message that is whole.
 *
 * @param message The message.
 * @param updates Reads what was said of it, and leaves out what has been handed
 * on.
 */
export function readMessage(
  { content, reasoning, updates: stored }: StoredMessage,
  updates: ChatUiUpdates,
): readonly ChatEvent[] {
  const events: ChatEvent[] = [];
  const text = content ?? "";
  updates.replay();
  updates.readToken("reasoning", reasoning ?? "", events);
  const final = stored?.find(({ type }) => type === "finalAnswer");
  for (const update of stored ?? []) {
    // Their text is not stored in them.
    if (update.type === "stream" || update.type === "reasoning") continue;
    if (final === undefined && update.status === "finished") {
      updates.readToken("stream", text, events);
    }
    updates.read(update === final ? { ...final, text } : update, events);
  }
  return events;
}

/** Asks for the stored messages; without an answer there are none. */
async function fetchMessages(
  run: RunContext,
  conversation: Conversation,
): Promise<readonly StoredMessage[]> {
  try {
    return (await fetchStoredChat(run, conversation)).messages;
  } catch (error) {
    if (run.signal.aborted) throw error;
    return [];
  }
}

/**
 * Waits until the server has stored an answer as a whole.
 *
 * @param run The run.
 * @param answer The answer.
 * @returns The message; `"left"` where the server does not go on with it, and
 * `"lost"` where nothing is known of it.
 */
export async function awaitStored(
  run: RunContext,
  { conversation, parent, inputs, isStarted }: LostAnswer,
): Promise<StoredMessage | "left" | "lost"> {
  const { clocks } = toScope(run);
  const { finishes, source } = readState(conversation);
  // The data of a page is read for its last message only.
  if (source === "page") return "lost";
  // The clock shall not run out before it is known that nothing comes.
  const limit = Math.min(clocks.idle ?? STORE_TIME, STORE_TIME) * 0.8;
  let since = run.now();
  let seen: string | undefined;
  clocks.progress();
  for (let count = 0;; count++) {
    const messages = await fetchMessages(run, conversation);
    const message = findAnswer(messages, parent, inputs);
    if (message === undefined) return "lost";
    if (isOver(message, finishes)) return message;
    const { content, updates } = message;
    const state = `${content?.length} ${updates?.length}`;
    if (state !== (seen ?? state)) {
      since = run.now();
      clocks.progress();
    }
    seen = state;
    // An older server stores a message in its middle only where it leaves it.
    if (!finishes && (content || updates?.length)) return "left";
    const rest = isStarted ? since + limit - run.now() : 0;
    if (rest <= 0) return "lost";
    await wait(run, count, rest);
  }
}

/** How long a run waits for the one before it, in milliseconds. */
const TURN_TIME = 30_000;

/**
 * Waits until the server has finished with the last message of a conversation,
 * lest it writes its own copy over the next one.
 *
 * @param run The run.
 * @param conversation The conversation.
 * @returns What the server has stored.
 * @throws {ProviderError} If it takes too long, with code `conflict`.
 */
export async function awaitServer(
  run: RunContext,
  conversation: Conversation,
): Promise<StoredChat> {
  const { finishes } = readState(conversation);
  const start = run.now();
  const { idle } = toScope(run).clocks;
  const limit = Math.min(idle ?? TURN_TIME, TURN_TIME) * 0.8;
  for (let count = 0;; count++) {
    const chat = await fetchStoredChat(run, conversation);
    const last = chat.messages.at(-1);
    if (last?.from !== "assistant" || isOver(last, finishes)) return chat;
    // What an older server has stored in its middle, it has left.
    if (!finishes && (last.content || last.updates?.length)) return chat;
    if (await wasEnded(run, conversation, chat)) return chat;
    if (run.now() - start >= limit) {
      throw run.fail("Server has not finished the message before", {
        code: "conflict",
      });
    }
    await wait(run, count);
  }
}
