/**
 * Bytes to Server-Sent Events.
 *
 * @module
 */

import { decodeBody, type Decoder } from "./decoded_body.ts";
import { ProviderError } from "./errors.ts";
import {
  createLineSplitter,
  type LineSplitter,
  MAX_LENGTH,
  type SplitOptions,
} from "./lines.ts";

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

/** Whether a line that begins like this is a comment or an unknown field. */
function isIgnorable(beginning: string): boolean {
  return !FIELDS.some((field) =>
    beginning.length <= field.length
      ? field.startsWith(beginning)
      : beginning.startsWith(`${field}:`)
  );
}

/**
 * Decodes pieces of bytes into events, by the rules of the Web and in linear
 * time. {@linkcode toSseEvents} is the simpler way to read a body.
 *
 * @example
 * ```ts
 * import { SseDecoder, type SseEvent } from "@parley/chat";
 * import { assertEquals } from "@std/assert";
 *
 * const decoder = new SseDecoder();
 * const events: SseEvent[] = [];
 * for (const piece of ["data: a\r", "\n\r\n", "data: b"]) {
 *   decoder.decode(new TextEncoder().encode(piece), events);
 * }
 * decoder.decode(undefined, events);
 * assertEquals(events.map(({ data }) => data), ["a", "b"]);
 * ```
 */
export class SseDecoder implements Decoder<SseEvent> {
  readonly #splitter: LineSplitter;
  readonly #maxLength: number;
  #events: SseEvent[] = [];
  #data: string | undefined;
  #moreData: string[] = [];
  #length = 0;
  #event = "";
  #id = "";
  #retry: number | undefined;
  #pending = false;

  /**
   * Makes a decoder for one body.
   *
   * @param options The limit of one event.
   */
  constructor(options: SplitOptions = {}) {
    this.#maxLength = options.eventLength ?? MAX_LENGTH;
    this.#splitter = createLineSplitter({
      eventLength: this.#maxLength,
      allowCr: true,
      ignore: isIgnorable,
    });
  }

  /**
   * Reads a piece.
   *
   * @param piece The bytes; `undefined` ends the body.
   * @param events Gets the events that the piece completes.
   * @throws {ProviderError} If an event is too long, with code `too-large`.
   */
  decode(piece: Uint8Array | undefined, events: SseEvent[]): void {
    this.#events = events;
    if (piece !== undefined) {
      this.#splitter.push(piece, this.#readLine);
      return;
    }
    const last = this.#splitter.end("drop");
    if (last !== "") {
      this.#readLine(last);
      // The name of a field may be cut: the event was not over.
      this.#pending ||= !last.includes(":") && !isIgnorable(last);
    }
    if (this.#pending) {
      events.push({
        ...this.#toEvent(this.#data ?? ""),
        unterminated: true,
      });
    }
  }

  readonly #readLine = (line: string): void => {
    if (line === "") {
      this.#dispatch();
      return;
    }
    const isData = line.startsWith("data: ");
    if (!isData && isIgnorable(line)) return;
    if (this.#length + line.length > this.#maxLength) {
      throw new ProviderError(
        `Event is longer than ${this.#maxLength} characters`,
        { code: "too-large" },
      );
    }
    this.#length += line.length + 1;
    if (isData) this.#addData(line.slice(6));
    else this.#readField(line);
  };

  #readField(line: string): void {
    const colon = line.indexOf(":");
    const field = colon === -1 ? line : line.slice(0, colon);
    const space = line.startsWith(" ", colon + 1) ? 1 : 0;
    const value = colon === -1 ? "" : line.slice(colon + 1 + space);
    switch (field) {
      case "data":
        this.#addData(value);
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
    this.#pending = true;
  }

  #addData(value: string): void {
    this.#pending = true;
    if (this.#data === undefined) this.#data = value;
    else this.#moreData.push(value);
  }

  #dispatch(): void {
    const data = this.#data;
    if (data !== undefined) this.#events.push(this.#toEvent(data));
    this.#event = "";
    this.#retry = undefined;
    this.#length = 0;
    this.#pending = false;
  }

  #toEvent(first: string): SseEvent {
    let data = first;
    if (this.#moreData.length > 0) {
      data = `${first}\n${this.#moreData.join("\n")}`;
      this.#moreData = [];
    }
    this.#data = undefined;
    const event = this.#event === "" ? "message" : this.#event;
    return this.#retry === undefined
      ? { event, data, id: this.#id }
      : { event, data, id: this.#id, retry: this.#retry };
  }
}

/**
 * Splits a body into Server-Sent Events, in linear time and by the rules of the
 * Web, with one difference: a last event that no blank line closed is handed on
 * with `unterminated: true`.
 *
 * Bytes are pulled as events are asked for, and leaving the loop cancels the
 * body.
 *
 * @param body The bytes.
 * @param options The limit of one event.
 * @returns The events.
 * @throws {ProviderError} If an event is too long, with code `too-large`.
 *
 * @example
 * ```ts
 * import { toSseEvents } from "@parley/chat";
 * import { assertEquals } from "@std/assert";
 *
 * const { body } = new Response("event: add\ndata: 1\ndata: 2\n\ndata: cut");
 * assertEquals(await Array.fromAsync(toSseEvents(body!)), [
 *   { event: "add", data: "1\n2", id: "" },
 *   { event: "message", data: "cut", id: "", unterminated: true },
 * ]);
 * ```
 */
export function toSseEvents(
  body: ReadableStream<Uint8Array>,
  options: SplitOptions = {},
): AsyncIterableIterator<SseEvent> {
  return decodeBody(body, new SseDecoder(options));
}
