/**
 * Bytes to Server-Sent Events.
 *
 * @module
 */

import type { Decoder } from "./decoded_body.ts";
import { LineSplitter, MAX_LENGTH, type SplitOptions } from "./lines.ts";
import type { Piece } from "./piece_reader.ts";
import { tooLong } from "./stream_error.ts";
import { TextCollector } from "./text_collector.ts";

/** One event of a {@link https://html.spec.whatwg.org/multipage/server-sent-events.html | Server-Sent Events} stream. */
export interface SseEvent {
  /** The event type; `"message"` where none was given. */
  readonly event: string;
  /** The data lines, joined by LF. */
  readonly data: string;
  /** The last event id at this point; empty where none was given. */
  readonly id: string;
  /** The reconnection time in milliseconds, where this event sets it. */
  readonly retry?: number;
  /**
   * Set on a last event that no blank line closed. The rules of the Web discard
   * it; here it is handed on, so that no text is lost.
   */
  readonly unterminated?: true;
}

const FIELDS = ["data", "event", "id", "retry"];

/** How lines begin within JSON that is indented; fields may be so, too. */
const INSIDE = /^(?:[}\]]|\s+(?!\s|data:))/;

/** Options for {@linkcode createSseDecoder}. */
export interface SseDecoderOptions extends SplitOptions {
  /**
   * Reads a line that is no field of an event, and no comment.
   *
   * @param line The line.
   * @param events Gets what is found in it.
   * @returns What is left of it, to be read as a line of its own.
   * @default {such lines are dropped, as the Web does}
   */
  readonly readOther?:
    | ((line: string, events: SseEvent[]) => string)
    | undefined;
  /**
   * Whether the data of one line is an event by itself. Where a line of data
   * follows it, the server leaves out the blank lines between its events.
   *
   * @param data The data.
   * @default {only a blank line ends an event, as the Web has it}
   */
  readonly isWhole?: ((data: string) => boolean) | undefined;
}

/** Whether a line that begins like this is a comment. */
function isComment(beginning: string): boolean {
  return beginning.startsWith(":");
}

/** Whether a line that begins like this is a comment or an unknown field. */
function isIgnorable(beginning: string): boolean {
  return !FIELDS.some((field) =>
    beginning.length <= field.length
      ? field.startsWith(beginning)
      : beginning.startsWith(`${field}:`)
  );
}

class SseDecoder implements Decoder<SseEvent> {
  readonly #options: SseDecoderOptions;
  readonly #limit: number;
  readonly #splitter: LineSplitter;
  #data: string | undefined;
  /** The lines of data after the first. */
  #more: TextCollector | undefined;
  #event = "";
  #id = "";
  #retry: number | undefined;
  /** How long the fields of an event are that no blank line has closed yet. */
  #length = 0;
  /** Whether the server leaves out the blank lines between its events. */
  #isLined = false;

  constructor(options: SseDecoderOptions) {
    this.#options = options;
    this.#limit = options.eventLength ?? MAX_LENGTH;
    this.#splitter = new LineSplitter({
      eventLength: this.#limit,
      allowCr: true,
      ignore: options.readOther ? isComment : isIgnorable,
    });
  }

  decode(piece: Piece | undefined, events: SseEvent[]): void {
    const onLine = (line: string) => this.#readLine(line, events);
    if (piece !== undefined) return this.#splitter.push(piece, onLine);
    const last = this.#splitter.end("drop");
    const isField = last !== "" && !isIgnorable(last);
    // The name of a field may be cut: the event was not over.
    const isCutName = isField && isIgnorable(`${last}:`);
    if (last !== "" && !isCutName) onLine(last);
    if (this.#length > 0 || isField) {
      const event = this.#takeEvent(this.#data ?? "");
      events.push({ ...event, unterminated: true });
    }
  }

  #readLine(line: string, events: SseEvent[]): void {
    if (line === "") return this.#dispatch(events);
    const isData = line.startsWith("data: ");
    // The name of a field ends with a colon, or with its line.
    const isOther = !isData && isIgnorable(`${line}:`);
    if (isOther) {
      if (isComment(line)) return;
      const { isWhole, readOther } = this.#options;
      // Some servers write JSON over several lines, and `data:` once.
      const isInside = !this.#endWhole(events) && isWhole &&
        this.#data !== undefined && INSIDE.test(line);
      if (!isInside) {
        const rest = readOther?.(line, events);
        return rest ? this.#readLine(rest, events) : undefined;
      }
    }
    if (this.#length + line.length > this.#limit) {
      throw tooLong("Event", this.#limit, "characters");
    }
    this.#length += line.length + 1;
    if (isData) this.#addData(line.slice(6), events);
    else if (isOther) this.#addData(line, events);
    else this.#readField(line, events);
  }

  #readField(line: string, events: SseEvent[]): void {
    const colon = line.indexOf(":");
    const field = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? "" : line.slice(colon + 1).replace(/^ /, "");
    switch (field) {
      case "data":
        this.#addData(value, events);
        break;
      case "event":
        this.#event = value;
        break;
      case "id":
        if (!value.includes("\0")) this.#id = value;
        break;
      case "retry":
        if (/^\d+$/.test(value)) this.#retry = Number(value);
        break;
    }
  }

  #addData(value: string, events: SseEvent[]): void {
    if (this.#data !== undefined && this.#endWhole(events)) {
      this.#isLined = true;
      this.#length = value.length;
    }
    if (this.#data === undefined) this.#data = value;
    else (this.#more ??= new TextCollector()).add(`\n${value}`);
    // The next line may be long in coming.
    if (this.#isLined) this.#endWhole(events);
  }

  /** Ends an event that is whole where something follows it. */
  #endWhole(events: SseEvent[]): boolean {
    const data = this.#data;
    if (data === undefined || this.#more || !this.#options.isWhole?.(data)) {
      return false;
    }
    this.#dispatch(events);
    return true;
  }

  #dispatch(events: SseEvent[]): void {
    if (this.#data !== undefined) events.push(this.#takeEvent(this.#data));
    this.#event = "";
    this.#retry = undefined;
    this.#length = 0;
  }

  #takeEvent(first: string): SseEvent {
    const taken = {
      event: this.#event || "message",
      data: first,
      id: this.#id,
    };
    if (this.#more !== undefined) {
      taken.data = `${first}${this.#more}`;
      this.#more = undefined;
    }
    this.#data = undefined;
    const retry = this.#retry;
    return retry === undefined ? taken : { ...taken, retry };
  }
}

/**
 * Makes a decoder of one body into Server-Sent Events, by the rules of the Web
 * and in linear time. `toSseEvents` is the simpler way to read a body.
 *
 * @param options The limit of one event.
 * @returns The decoder, for the `decode` of an `UpstreamResponse`.
 *
 * @example
 * ```ts
 * import { createSseDecoder } from "@parley/chat/provider";
 * import type { SseEvent } from "@parley/chat";
 * import { assertEquals } from "@std/assert";
 *
 * const decoder = createSseDecoder();
 * const events: SseEvent[] = [];
 * for (const piece of ["data: a\r", "\n\r\n", "data: b"]) {
 *   decoder.decode(new TextEncoder().encode(piece), events);
 * }
 * decoder.decode(undefined, events);
 * assertEquals(events.map(({ data }) => data), ["a", "b"]);
 * ```
 */
export function createSseDecoder(
  options: SseDecoderOptions = {},
): Decoder<SseEvent> {
  return new SseDecoder(options);
}
