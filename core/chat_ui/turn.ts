/**
 * One message to a chat-ui server, and its answer.
 *
 * @module
 */

import type { Conversation } from "../chat/conversation.ts";
import type { RunContext } from "../chat/definition.ts";
import { isProviderError } from "../chat/errors.ts";
import type { ChatEvent } from "../chat/events.ts";
import type { UpstreamResponse } from "../chat/exchange.ts";
import { toScope } from "../run/run_context.ts";
import { createAnswerDecoder } from "./answer.ts";
import {
  readCookies,
  readState,
  toHeaders,
  withState,
} from "./conversation.ts";
import { createFileFetcher } from "./files.ts";
import { type FormOptions, toForm } from "./message.ts";
import { isCut, recoverAnswer } from "./recovery.ts";
import { createUpdates } from "./updates.ts";

/**
 * How long an older server may take to see that it is to stop, in milliseconds:
 * it looks only while it writes to somebody who reads.
 */
const STOP_TIME = 1_500;

/** Where a message goes. */
export interface Place {
  /** The conversation. */
  readonly conversation: Conversation;
  /** The message that it follows. */
  readonly parent: string;
  /** Whether the server knows the chat so far. */
  readonly isKnown: boolean;
}

/** What is sent. */
export type SentMessage = Omit<FormOptions, "parent">;

/** How many pieces are read of an answer that nobody wants. */
const MAX_DRAINED = 10_000;

/** Reads on and throws away. */
async function drain(batches: AsyncIterator<unknown>): Promise<void> {
  for (let count = 0; count < MAX_DRAINED; count++) {
    if ((await batches.next()).done) return;
  }
}

/**
 * Sends a message and reads its answer, from elsewhere where the connection
 * breaks. Who leaves early stops the server: it does not notice that nobody
 * reads, and would generate on.
 *
 * @param run The run; gets the conversation as it is afterwards.
 * @param place Where the message goes.
 * @param message What is sent.
 */
export async function* sendMessage(
  run: RunContext,
  { conversation, parent }: Place,
  message: SentMessage,
): AsyncGenerator<readonly ChatEvent[]> {
  const { id, cookies } = conversation;
  const { finishes } = readState(conversation);
  const { clock } = toScope(run).config;
  const path = `/conversation/${id}`;
  const headers = toHeaders(run, cookies);
  const updates = createUpdates(run, {
    prompt: message.inputs,
    filePath: `${path}/output`,
    fetchFile: createFileFetcher(run, cookies),
  });
  const request = run.postDetached(path, {
    headers,
    form: toForm({ ...message, parent }),
    // The server stores the message first: sent again it would be there twice.
    retryStatuses: [429, 503],
  });
  let response: UpstreamResponse | undefined;
  let batches: AsyncIterator<readonly ChatEvent[]> | undefined;
  let isOver = false;
  let closeLater = () => request.close();

  /** Stops the server, once. */
  function leave(): void {
    if (isOver) return;
    isOver = true;
    if (updates.finish || updates.hasFinished) return request.close();
    void run.notify("POST", `${path}/stop-generating`, { headers });
    // An older server looks only while its model writes.
    const isWriting = !finishes && updates.hasText &&
      !isProviderError(run.signal.reason);
    if (!isWriting) return request.close();
    const timer = clock.setTimeout(request.close, STOP_TIME);
    closeLater = () => {
      clock.clearTimeout(timer);
      request.close();
    };
  }

  run.signal.addEventListener("abort", leave);
  try {
    let failure: unknown;
    try {
      response = await request.response;
      const stored = {
        ...conversation,
        cookies: readCookies(run, response, cookies),
      };
      run.conversation = stored;
      run.partialConversation = withState(stored, { pending: true });
      const decoder = createAnswerDecoder(run, response, updates);
      batches = response.decode(decoder)[Symbol.asyncIterator]();
      while (!run.signal.aborted) {
        const { done, value } = await batches.next();
        if (done) break;
        yield value;
      }
    } catch (error) {
      // What was refused has not begun.
      isOver ||= response === undefined && !run.signal.aborted;
      if (!isCut(error)) throw error;
      failure = error;
    }
    run.signal.throwIfAborted();
    if (updates.finish === undefined) {
      const isStarted = response !== undefined;
      const answer = { ...message, conversation, parent, isStarted };
      const outcome = yield* recoverAnswer(run, answer, updates);
      if (outcome !== "whole") {
        // Who goes on with the conversation gets what comes of it.
        isOver = true;
        run.partialConversation &&= withState(run.partialConversation, {
          pending: outcome === "lost",
        });
        throw failure ?? run.fail("Answer ends before it is whole", {
          code: "incomplete",
        });
      }
    }
    isOver = true;
    run.conversation = withState(run.conversation ?? conversation, {
      finishes: finishes || updates.hasFinished,
      pending: finishes && !updates.hasFinished ||
        (failure === undefined && !response?.isEnded),
    });
    if (updates.finish) yield [updates.finish];
  } finally {
    run.signal.removeEventListener("abort", leave);
    leave();
    if (batches === undefined) closeLater();
    else void drain(batches).catch(() => {}).finally(() => closeLater());
  }
}
