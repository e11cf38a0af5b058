import type { ChatEvent, ProviderError } from "@parley/chat";
import { check } from "./check.ts";

/** How a stream went. */
export interface Ending {
  /** Every event that came. */
  readonly events: readonly ChatEvent[];
  /** The text events, joined. */
  readonly text: string;
  /** What it threw, if it did. */
  readonly error: ProviderError | undefined;
}

/** Joins the text of events. */
export function joinText(events: readonly ChatEvent[]): string {
  return events.map((event) => event.type === "text" ? event.text : "")
    .join("");
}

/**
 * Whether something is an error of the library; known by its fields, for the
 * provider may come with a copy of the library of its own.
 */
export function isProviderError(error: unknown): error is ProviderError {
  return error instanceof Error && error.name === "ProviderError" &&
    "code" in error && typeof error.code === "string";
}

/** Reads a stream to its end, whatever that is, and checks that it has one. */
export async function readAll(
  stream: AsyncIterable<ChatEvent>,
): Promise<Ending> {
  const events: ChatEvent[] = [];
  let error: ProviderError | undefined;
  try {
    for await (const event of stream) events.push(event);
  } catch (thrown) {
    check(isProviderError(thrown), `It throws ${String(thrown)}`);
    error = thrown;
  }
  const end = events.findIndex(({ type }) => type === "finish");
  const isOver = events.length > 0 && end === events.length - 1;
  check(
    error === undefined ? isOver : end === -1,
    error === undefined
      ? "It does not end with one finish event"
      : "It fails after its finish event",
  );
  return { events, text: joinText(events), error };
}

/** Waits for an error of the library. */
export async function catchError(
  promise: Promise<unknown>,
): Promise<ProviderError> {
  try {
    await promise;
  } catch (error) {
    check(isProviderError(error), `It throws ${String(error)}`);
    return error;
  }
  throw check(false, "Nothing is thrown");
}

/** Reads on until an event of a type comes, or the end. */
export async function readTo(
  stream: AsyncIterator<ChatEvent, undefined>,
  type: ChatEvent["type"],
): Promise<IteratorResult<ChatEvent, undefined>> {
  for (;;) {
    const result = await stream.next();
    if (result.done || result.value.type === type) return result;
  }
}
