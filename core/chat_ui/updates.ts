/**
 * What a chat-ui server says while it answers a message, as events.
 *
 * @module
 */

import type { RunContext } from "../chat/definition.ts";
import type { ChatEvent, FinishEvent } from "../chat/events.ts";
import { toScope } from "../run/run_context.ts";
import { createSourceReader } from "../run/sources.ts";
import { classifyFailure } from "../http/failure.ts";
import { createTagSplitter } from "../streams/tag_splitter.ts";
import { TextCollector } from "../streams/text_collector.ts";
import { isFilled, isNumber, isString } from "../streams/values.ts";
import type { Writable } from "../streams/writable.ts";
import {
  type FileOptions,
  readAttachments,
  type Update,
} from "./attachments.ts";
import { joinRounds, TAGS, toAnswerText, unpad } from "./final_text.ts";

/** What the token of an update is. */
export type TokenType = "stream" | "reasoning";

/** Reads the updates of one answer, wherever they come from. */
export interface ChatUiUpdates {
  /** The end, once the answer is whole. */
  readonly finish: FinishEvent | undefined;
  /** Whether any text has come. */
  readonly hasText: boolean;
  /** Whether the server has said that it has finished, or failed. */
  readonly hasFinished: boolean;
  /**
   * Reads an update.
   *
   * @param update The update.
   * @param events Gets what it says.
   * @returns Whether it has the shape of its type.
   * @throws {ProviderError} If it says that the generation failed.
   */
  read(update: Update, events: ChatEvent[]): boolean;
  /**
   * Reads the usual update, of which an answer has thousands.
   *
   * @param type What the text is.
   * @param token The text, padded or not.
   * @param events Gets it.
   */
  readToken(type: TokenType, token: string, events: ChatEvent[]): void;
  /** The updates come again, from the first: what was handed on is left out. */
  replay(): void;
}

/** How many characters are kept to compare the final text with. */
const MAX_COMPARED = 8 * 1024 * 1024;

/**
 * Makes a reader of the updates of one answer.
 *
 * @param run The run.
 * @param options Where files come from.
 */
export function createUpdates(
  run: RunContext,
  options: FileOptions,
): ChatUiUpdates {
  const streamed = new TextCollector();
  // A final text, which is one line, never goes on with a longer one; of one that
  // is very long, only the beginning is kept to be compared.
  const maxCompared = Math.min(run.limits.eventLength, MAX_COMPARED);
  const splitter = createTagSplitter(TAGS);
  /** How much has come, and how much of it is still to come again. */
  const counts = { text: 0, reasoning: 0, images: 0 };
  const attachmentOptions = { ...options, readSources: createSourceReader() };
  let skips = { ...counts };
  let events: ChatEvent[] = [];
  let model: string | undefined;
  let title: string | undefined;
  let hadTools = false;

  function push(text: string, isInside: boolean): void {
    events.push({ type: isInside ? "reasoning" : "text", text });
  }

  /** Leaves out what comes again. */
  function skip(type: "text" | "reasoning", text: string): string {
    const length = Math.min(skips[type], text.length);
    skips[type] -= length;
    counts[type] += text.length - length;
    return length === 0 ? text : text.slice(length);
  }

  function readToken(type: TokenType, token: string): void {
    if (type === "reasoning") {
      const text = skip(type, unpad(token));
      if (text !== "") events.push({ type, text });
      return;
    }
    if (updates.finish !== undefined) return;
    const text = skip("text", unpad(token));
    if (text === "") return;
    updates.hasText = true;
    streamed.add(text, maxCompared);
    splitter.push(text, push);
  }

  function attach(update: Update): void {
    for (const event of readAttachments(run, update, attachmentOptions)) {
      if (event.type === "image") {
        if (skips.images-- > 0) continue;
        counts.images++;
      }
      events.push(event);
    }
  }

  /** Which model answers, where a router has chosen it. */
  function toModel(): Partial<FinishEvent> {
    return model === undefined ? {} : { model, responseModel: model };
  }

  function end(text: string, facts: Omit<FinishEvent, "type">): void {
    const beginning = streamed.toString();
    const isEmpty = text === "" && beginning === "" && counts.images === 0;
    if (isEmpty && facts.reason !== "interrupted") {
      throw run.fail("Answer has no text", { code: "bad-response" });
    }
    if (text.startsWith(beginning)) {
      splitter.push(text.slice(beginning.length), push);
    }
    splitter.end(push);
    const answer = toAnswerText(text);
    const isStreamed = text.startsWith(beginning) ||
      answer === toAnswerText(beginning);
    updates.finish = {
      type: "finish",
      ...facts,
      ...toModel(),
      ...(!isStreamed && { text: answer }),
    };
  }

  function readStatus({ status, message, statusCode }: Update): boolean {
    if (status === "error") {
      updates.hasFinished = true;
      const words = isString(message) ? message : "";
      // Older servers have the number only in front of the words.
      const number = isNumber(statusCode)
        ? statusCode
        : Number(/^[45]\d\d(?=\s)/.exec(words)?.[0]);
      const known = number >= 400 && number <= 599 ? number : undefined;
      // The message is stored: no further attempt may send it again.
      const { code } = classifyFailure({ message: words, codes: [] }, known);
      throw run.fail("Generation failed", { code, status: known, words });
    }
    if (status === "finished") {
      updates.hasFinished = true;
      // Without a final text: stopped by a filter, or for no reason given.
      if (updates.finish === undefined) {
        end(streamed.toString(), { reason: "other", rawReason: "finished" });
      }
    }
    return isString(status);
  }

  function readFinalAnswer({ text, interrupted }: Update): boolean {
    if (!isString(text)) return false;
    if (updates.finish !== undefined) return true;
    const last = unpad(text);
    const whole = counts.text <= MAX_COMPARED ? last : `${streamed}`;
    end(hadTools ? joinRounds(streamed.toString(), whole) : last, {
      reason: interrupted === true ? "interrupted" : "stop",
    });
    return true;
  }

  function readUpdate(update: Update): boolean {
    const { type, token } = update;
    switch (type) {
      case "stream":
        if (!isString(token)) return false;
        readToken(type, token);
        return true;
      case "status":
        return readStatus(update);
      case "finalAnswer":
        attach(update);
        return readFinalAnswer(update);
      case "title":
        if (!isString(update.title)) return false;
        if (update.title !== title) {
          title = update.title;
          events.push({ type, title: unpad(title) });
        }
        return true;
      case "reasoning":
        if (isString(token)) readToken(type, token);
        return true;
      case "routerMetadata":
        if (isFilled(update.model)) model = update.model;
        if (updates.finish) {
          updates.finish = { ...updates.finish, ...toModel() };
        }
        return true;
      case "tool":
        hadTools = true;
        // The server works, though nothing is said.
        toScope(run).clocks.progress();
    }
    attach(update);
    return true;
  }

  run.readHeld = readHeld;
  function readHeld(): readonly ChatEvent[] {
    events = [];
    splitter.end(push);
    return events;
  }

  const updates: Writable<ChatUiUpdates> = {
    finish: undefined,
    hasText: false,
    hasFinished: false,
    read(update, target) {
      events = target;
      return readUpdate(update);
    },
    readToken(type, token, target) {
      events = target;
      readToken(type, token);
    },
    replay() {
      skips = { ...counts };
    },
  };
  return updates;
}
