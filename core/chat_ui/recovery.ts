/**
 * An answer whose connection broke, found again on the server.
 *
 * @module
 */

import type { RunContext } from "../chat/definition.ts";
import { isProviderError } from "../chat/errors.ts";
import type { ChatEvent } from "../chat/events.ts";
import type { UpstreamResponse } from "../chat/exchange.ts";
import { tryParseJson } from "../streams/json.ts";
import { createSseDecoder } from "../streams/sse.ts";
import { isObject } from "../streams/values.ts";
import { toHeaders } from "./conversation.ts";
import {
  awaitStored,
  type LostAnswer,
  readMessage,
  wait,
} from "./stored_answer.ts";
import type { ChatUiUpdates } from "./updates.ts";

/** Connections one after another that bring nothing new. */
const MAX_FAILURES = 4;

/**
 * Reads the log of a running answer from its beginning, as often as it takes.
 *
 * @param run The run.
 * @param answer The answer.
 * @param updates Reads the log, and leaves out what has been handed on.
 * @returns Whether the log has come to its end; `undefined` where the server has
 * no log of it.
 */
async function* readLog(
  run: RunContext,
  { conversation, generationId }: LostAnswer,
  updates: ChatUiUpdates,
): AsyncGenerator<readonly ChatEvent[], boolean | undefined> {
  const path = `/conversation/${conversation.id}/stream` +
    `?generationId=${generationId}`;
  let lastEventId = "";
  updates.replay();
  for (let failures = 0; failures < MAX_FAILURES; failures++) {
    if (failures > 0) await wait(run, failures - 1);
    let response: UpstreamResponse;
    try {
      response = await run.get(path, {
        headers: {
          ...toHeaders(run, conversation.cookies),
          ...(lastEventId !== "" && { "last-event-id": lastEventId }),
        },
      });
    } catch (error) {
      if (run.signal.aborted) throw error;
      if (isCut(error)) continue;
      return undefined;
    }
    if (response.mediaType !== "text/event-stream") {
      response.cancel();
      return undefined;
    }
    try {
      for await (const batch of response.decode(createSseDecoder(run.limits))) {
        const events: ChatEvent[] = [];
        for (const { event, data, id } of batch) {
          const value = tryParseJson(data);
          if (!isObject(value)) continue;
          if (event === "end") {
            if (events.length > 0) yield events;
            return value.status === "gone" ? undefined : true;
          }
          updates.read(value, events);
          lastEventId = id;
          failures = 0;
        }
        if (events.length > 0) yield events;
      }
    } catch (error) {
      if (run.signal.aborted || !isCut(error)) throw error;
    }
  }
  return false;
}

/**
 * Whether a failure is one of the connection.
 *
 * @param error What was thrown.
 */
export function isCut(error: unknown): boolean {
  return isProviderError(error) &&
    (error.code === "incomplete" || error.code === "network");
}

/**
 * Finds an answer again whose connection broke, and hands on what is missing.
 *
 * @param run The run.
 * @param answer The answer.
 * @param updates What has been read of it.
 * @returns `"whole"`; `"left"` where the server does not go on with it; and
 * `"lost"` where nothing more is known of it.
 */
export async function* recoverAnswer(
  run: RunContext,
  answer: LostAnswer,
  updates: ChatUiUpdates,
): AsyncGenerator<readonly ChatEvent[], "whole" | "left" | "lost"> {
  const hasEnded = yield* readLog(run, answer, updates);
  if (hasEnded === undefined) {
    const message = await awaitStored(run, answer);
    if (typeof message === "string") return message;
    yield readMessage(message, updates);
  }
  return updates.finish === undefined ? "lost" : "whole";
}
