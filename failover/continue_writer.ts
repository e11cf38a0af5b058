/**
 * Goes on with an answer where another one broke off.
 *
 * @module
 */

import { type ChatEvent, type FinishEvent, ProviderError } from "../mod.ts";
import { TextCollector } from "../core/streams/text_collector.ts";
import type { AnswerWriter } from "./answer_writer.ts";
import {
  createOverlapCutter,
  MIN_LETTERS,
  type OverlapCutter,
} from "./overlap.ts";

/** The longest text that a route is asked to go on with. */
const MAX_SHOWN = 1024 * 1024;

/**
 * The fewest letters that are taken for a repeat of a server that goes on by
 * itself: what is shorter is rather its text.
 */
const MIN_UNASKED = 12;

/** Events that are whole by themselves, whoever goes on. */
const HARMLESS: readonly ChatEvent["type"][] = [
  "reasoning",
  "title",
  "conversation",
  "usage",
  "warning",
  "route",
];

/**
 * Makes a writer for readers that can only append: what was shown stands, and
 * the next route goes on with it. What it repeats is left out.
 */
export function createContinueWriter(): AnswerWriter {
  let canRestart = true;
  /** Who gave what was shown last. */
  let speaker = "";
  const shown = new TextCollector();
  let length = 0;
  /** What had been shown when the present answer began. */
  let prefix = "";
  let minLetters = MIN_LETTERS;
  let cutter: OverlapCutter | undefined;
  /** Whether the present answer calls a tool. */
  let hasCall = false;

  function begin(): void {
    hasCall = false;
    prefix = `${shown}`;
    cutter = prefix === ""
      ? undefined
      : createOverlapCutter(prefix, minLetters);
  }

  function toText(text: string): ChatEvent[] {
    if (text === "") return [];
    length += text.length;
    // Nobody goes on with what is longer, and nobody has to know it.
    if (length > MAX_SHOWN) canRestart = false;
    else shown.add(text);
    return [{ type: "text", text }];
  }

  /** The final text is that of the continuation alone. */
  function toWholeText(text: string): string {
    const cut = createOverlapCutter(prefix, minLetters);
    return prefix + cut.write(text) + cut.end();
  }

  function finish(event: FinishEvent): ChatEvent[] {
    if (cutter === undefined) return [event];
    const { text } = event;
    return [...toText(cutter.end()), {
      ...event,
      ...(text !== undefined && { text: toWholeText(text) }),
      continued: true,
    }];
  }

  function writeEvent(event: ChatEvent): ChatEvent[] {
    switch (event.type) {
      case "text":
        return toText(cutter?.write(event.text) ?? event.text);
      case "tool-call-delta":
        // The calls themselves come when the answer is whole; who goes on with
        // half of one would have to know it.
        hasCall = true;
        return [];
      case "restart": {
        if (length !== prefix.length || !canRestart) throw toVoidError();
        begin();
        const { provider, model } = event;
        return [{ type: "route", provider, model }];
      }
      case "finish":
        return finish(event);
    }
    // A picture cannot be shown to the next route, nor half of anything else.
    if (!HARMLESS.includes(event.type)) canRestart = false;
    return [event];
  }

  return {
    canRestart: () => canRestart && !(hasCall && length > 0),
    toPrefix: () => `${shown}`,
    begin(answerer, reason, isPrefill) {
      minLetters = isPrefill ? MIN_UNASKED : MIN_LETTERS;
      const before = speaker;
      speaker = answerer.provider;
      begin();
      const events: ChatEvent[] = [{ type: "route", ...answerer }];
      if (prefix !== "") {
        events.push({
          type: "warning",
          code: "continued",
          message: `Answer of "${before}" breaks off (${reason}), and ` +
            `"${speaker}" goes on with it`,
        });
      }
      return events;
    },
    write: (events) => events.flatMap(writeEvent),
  };
}

function toVoidError(): ProviderError {
  return new ProviderError("Answer begins anew, which was shown in part", {
    code: "incomplete",
  });
}
