// The rules of the Web, line for line, for a text that is there as a whole:
// https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
import type { SseEvent } from "../../core/streams/sse.ts";

/** What a stream comes to. */
export interface SlowSse {
  readonly events: readonly SseEvent[];
  /** Whether an event is longer than the limit. */
  readonly isTooLong: boolean;
}

const FIELDS = ["data", "event", "id", "retry"];

/** Splits a line as the rules say; a comment has an empty field name. */
function splitLine(line: string): readonly [field: string, value: string] {
  const colon = line.indexOf(":");
  if (colon === -1) return [line, ""];
  const value = line.slice(colon + 1);
  return [
    line.slice(0, colon),
    value.startsWith(" ") ? value.slice(1) : value,
  ];
}

/**
 * Reads an event stream.
 *
 * Beyond the rules, each event carries the reconnection time that stands in it,
 * an event that the body cuts short is marked, and lines of known fields count
 * towards a limit.
 */
export function parseSlowly(bytes: Uint8Array, limit = Infinity): SlowSse {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  // What is cut inside of a character has not arrived.
  const text = decoder.decode(bytes, { stream: true }).replace(/^\ufeff/, "");
  const lines = text.split(/\r\n|\r|\n/);
  const rest = lines.pop() ?? "";

  const events: SseEvent[] = [];
  let lastEventId = "";
  let fields: string[] = [];
  let data = "";
  let eventType = "";
  let retry: number | undefined;

  const toEvent = (): SseEvent => ({
    event: eventType || "message",
    data: data.replace(/\n$/, ""),
    id: lastEventId,
    ...(retry !== undefined && { retry }),
  });
  const readLine = (line: string) => {
    const [field, value] = splitLine(line);
    if (FIELDS.includes(field)) fields.push(line);
    if (field === "event") eventType = value;
    if (field === "data") data += `${value}\n`;
    if (field === "id" && !value.includes("\0")) lastEventId = value;
    if (field === "retry" && /^[0-9]+$/.test(value)) retry = parseInt(value);
  };

  for (const line of lines) {
    if (line === "") {
      if (data !== "") events.push(toEvent());
      fields = [];
      data = eventType = "";
      retry = undefined;
    } else {
      readLine(line);
      if (fields.join("\n").length > limit) return { events, isTooLong: true };
    }
  }
  readLine(rest);
  if (fields.join("\n").length > limit) return { events, isTooLong: true };
  // The name of a field may be cut as well.
  const isField = rest !== "" && FIELDS.some((name) => name.startsWith(rest));
  if (fields.length > 0 || isField) {
    events.push({ ...toEvent(), unterminated: true });
  }
  return { events, isTooLong: false };
}
