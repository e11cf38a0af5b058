/**
 * Goes on with an answer that another one repeats.
 *
 * @module
 */

import { type ChatEvent, ProviderError } from "../mod.ts";
import { TextCollector } from "../core/streams/text_collector.ts";
import type { Answerer, AnswerWriter } from "./answer_writer.ts";

/** The most characters that are remembered, to be compared. */
const MAX_SHOWN = 1024 * 1024;

/** One kind of text that was shown, and how much of it has come again. */
interface Track {
  /** What was shown when the present answer began. */
  known: string;
  /** All that was shown. */
  shown: TextCollector;
  /** How long that is. */
  length: number;
  position: number;
}

function createTrack(): Track {
  return { known: "", shown: new TextCollector(), length: 0, position: 0 };
}

/**
 * Makes a writer for readers that can only append: an answer is read in silence
 * while it repeats what was shown, and handed on after it.
 */
export function createMatchWriter(): AnswerWriter {
  const tracks: Readonly<Record<"text" | "reasoning", Track>> = {
    text: createTrack(),
    reasoning: createTrack(),
  };
  let canRestart = true;
  /** Who is yet to say something new. */
  let answerer: Answerer | undefined;

  /** From now on nothing is compared. */
  function forget(): void {
    canRestart = false;
    Object.assign(tracks.text, createTrack());
    Object.assign(tracks.reasoning, createTrack());
  }

  function rewind(): void {
    for (const track of Object.values(tracks)) {
      track.known = `${track.shown}`;
      track.position = 0;
    }
  }

  /** Takes what is new of a piece. */
  function advance(track: Track, text: string): string {
    if (!canRestart) return text;
    const { known, position } = track;
    track.position += text.length;
    const repeated = Math.max(
      0,
      Math.min(known.length - position, text.length),
    );
    if (!known.startsWith(text.slice(0, repeated), position)) {
      throw toMismatch();
    }
    const rest = text.slice(repeated);
    track.shown.add(rest);
    track.length += rest.length;
    return rest;
  }

  function writeEvent(event: ChatEvent, written: ChatEvent[]): void {
    switch (event.type) {
      case "text":
      case "reasoning": {
        const text = advance(tracks[event.type], event.text);
        if (text === "") return;
        if (tracks[event.type].length > MAX_SHOWN) forget();
        addAnswerer(written);
        written.push(text === event.text ? event : { ...event, text });
        return;
      }
      case "tool-call-delta":
        // The calls themselves come when the answer is whole.
        return;
      case "image":
        // Pictures are not compared.
        forget();
        addAnswerer(written);
        break;
      case "tool-call":
      case "tool-call-error":
      case "object":
        addAnswerer(written);
        break;
      case "route":
        answerer = { provider: event.provider, model: event.model };
        return;
      case "restart":
        if (!canRestart) throw toMismatch();
        answerer = { provider: event.provider, model: event.model };
        return rewind();
      case "finish":
        for (const { length, position } of Object.values(tracks)) {
          if (position < length) throw toMismatch();
        }
        addAnswerer(written);
        break;
    }
    written.push(event);
  }

  /** Says who answers, where that is not said yet. */
  function addAnswerer(written: ChatEvent[]): void {
    if (answerer === undefined) return;
    written.push({ type: "route", ...answerer });
    answerer = undefined;
  }

  return {
    canRestart: () => canRestart,
    toPrefix: () => "",
    begin(next) {
      answerer = next;
      rewind();
      return [];
    },
    write(events) {
      const written: ChatEvent[] = [];
      for (const event of events) writeEvent(event, written);
      return written;
    },
  };
}

function toMismatch(): ProviderError {
  return new ProviderError("Answer differs from what was shown of another", {
    code: "incomplete",
  });
}
