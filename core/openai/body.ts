/**
 * What stands in the body of an answer, whatever its media type says.
 *
 * @module
 */

import type { Decoder } from "../streams/decoded_body.ts";
import { tryParseJson } from "../streams/json.ts";
import {
  createJsonSplitter,
  type JsonSplitter,
} from "../streams/json_splitter.ts";
import type { SplitOptions } from "../streams/lines.ts";
import { createSseDecoder, type SseEvent } from "../streams/sse.ts";
import { isObject } from "../streams/values.ts";

/**
 * The type of what is no event but stands bare in the body: a JSON value, or a
 * line of plain words. Events always have a type.
 */
export const BARE = "";

/** Fields whose lines some templates indent. */
const INDENTED_FIELD = /^\s+(?=(?:data|event|id|retry):)/;

/**
 * Whether data is what ends a stream.
 *
 * @param data The data of an event, or a line.
 */
export function isEndMark(data: string): boolean {
  return /^\s*\[done\]\s*$/i.test(data);
}

/** How llama.cpp's server wrote an error until 2025: as a field of its own. */
const ERROR_FIELD = "error:";

/**
 * Parts data that is several events: some servers forget the blank lines between
 * them, some proxies lose even the line ends.
 *
 * @param data The data of an event, which is no JSON.
 * @param limits The limit of one value.
 * @returns The data of each; one, where it is one.
 */
export function splitData(
  data: string,
  limits: SplitOptions,
): readonly string[] {
  const lines = data.split("\n");
  if (lines.length > 1) return lines;
  const values: string[] = [];
  const splitter = createJsonSplitter(limits);
  const rest = splitter.push(data, (json) => values.push(json));
  return [...values, rest || splitter.end()].filter((part) => part !== "");
}

/** Whether data is a chunk as a whole, or the mark of the end. */
function isWhole(data: string): boolean {
  return isEndMark(data) || isObject(tryParseJson(data));
}

/**
 * Makes a decoder that reads each line as what it is: Server-Sent Events, one
 * JSON object, one on each line, a list of them, or plain words. Servers send
 * streams as `application/json`, and JSON as `text/event-stream`; they add
 * `data: [DONE]` to JSON, and bare errors to a stream.
 *
 * @param limits The limit of one event or value.
 */
export function createBodyDecoder(limits: SplitOptions): Decoder<SseEvent> {
  /** What stands bare: in most bodies nothing does. */
  let json: JsonSplitter | undefined;

  function readOther(line: string, events: SseEvent[]): string {
    const push = (data: string, event = BARE) =>
      void events.push({ event, data, id: "" });
    json ??= createJsonSplitter(limits);
    if (!json.isOpen() && line.startsWith(ERROR_FIELD)) {
      push(line.slice(ERROR_FIELD.length).trim(), "error");
      return "";
    }
    const rest = json.push(line, push);
    // After a value a line goes on with an event.
    if (rest !== line || INDENTED_FIELD.test(line)) return rest.trimStart();
    if (rest.trim() !== "") push(rest);
    return "";
  }

  const decoder = createSseDecoder({ ...limits, readOther, isWhole });
  return {
    decode(piece, events) {
      decoder.decode(piece, events);
      const rest = piece === undefined ? json?.end() : "";
      if (!rest) return;
      events.push({ event: BARE, data: rest, id: "", unterminated: true });
    },
  };
}
