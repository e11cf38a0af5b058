import { assertInstanceOf } from "@std/assert";
import { type ChatEvent, ProviderError } from "../../mod.ts";
import type { FakeClock } from "../../testing/fake_clock.ts";
import { flush } from "../../testing/fake_clock.ts";

/** How a stream went: its events, and what it threw. */
export interface Ending {
  readonly events: readonly ChatEvent[];
  /** Joined text. */
  readonly text: string;
  readonly error: ProviderError | undefined;
}

/** Reads a stream to its end, whatever that is. */
export async function readAll(
  stream: AsyncIterable<ChatEvent>,
): Promise<Ending> {
  const events: ChatEvent[] = [];
  let error: ProviderError | undefined;
  try {
    for await (const event of stream) events.push(event);
  } catch (thrown) {
    assertInstanceOf(thrown, ProviderError);
    error = thrown;
  }
  return { events, text: joinText(events), error };
}

/** Joins the text of events. */
export function joinText(events: readonly ChatEvent[]): string {
  return events.map((event) => event.type === "text" ? event.text : "")
    .join("");
}

/** Waits for an error of the library. */
export async function catchError(
  promise: Promise<unknown>,
): Promise<ProviderError> {
  try {
    await promise;
  } catch (error) {
    assertInstanceOf(error, ProviderError);
    return error;
  }
  throw new Error("Nothing was thrown");
}

/** Lets the clock jump from one wait to the next until a promise settles. */
export async function skipWaits<T>(
  clock: FakeClock,
  waits: number[],
  promise: Promise<T>,
): Promise<T> {
  let isSettled = false;
  const settled = promise.finally(() => isSettled = true);
  settled.catch(() => {});
  for (let turn = 0; !isSettled; turn++) {
    if (turn > 1_000) throw new Error("The run does not end");
    for (let count = 0; count < 3; count++) await flush();
    const [wait] = clock.waits;
    if (isSettled || wait === undefined) continue;
    waits.push(wait);
    await clock.advance(wait);
  }
  return await settled;
}
