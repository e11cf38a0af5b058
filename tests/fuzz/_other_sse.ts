import { createParser } from "eventsource-parser";

/** An event as a library of others gives it. */
export interface OtherSseEvent {
  readonly event: string;
  readonly data: string;
  readonly id: string;
  /** The reconnection time that was told last, in this event or before it. */
  readonly lastRetry: number | undefined;
}

/**
 * Reads an event stream with a library of others. It differs from the rules of
 * the Web, or from ours, in this:
 *
 * - An event has only an id of its own. The last one comes from `onId`.
 * - At the end of the body the last event is dropped unless a blank line closed
 *   it, as the rules say. Ours hands it on, marked.
 * - The reconnection time is told at once and belongs to no event.
 * - Text that begins with the characters `ï»¿` is taken for undecoded bytes of
 *   a BOM, and loses them. So it gets a BOM of its own first.
 */
export function parseOtherwise(bytes: Uint8Array): readonly OtherSseEvent[] {
  const events: OtherSseEvent[] = [];
  let id = "";
  let lastRetry: number | undefined;
  const parser = createParser({
    onId: (value) => {
      id = value;
    },
    onRetry: (value) => {
      lastRetry = value;
    },
    onEvent: ({ event = "message", data }) => {
      events.push({ event, data, id, lastRetry });
    },
  });
  parser.feed("\ufeff");
  // The whole text at once: where it is cut is our own affair.
  parser.feed(new TextDecoder().decode(bytes));
  return events;
}
