import { assertEquals, assertNotMatch } from "@std/assert";
import { type ChatStream, ProviderError } from "../../mod.ts";
import {
  type Ending,
  readAll,
} from "../../packages/testing/conformance/ending.ts";
import { type FakeClock, flush } from "../../packages/testing/fake_clock.ts";

/** How many promises may settle one after another before time goes on. */
const MICROTASKS = 2_000;

/** How often time may go on before a run counts as hanging. */
const TURNS = 300;

/**
 * Waits for a promise, for a bounded number of turns: where nothing else is
 * left to happen, the clock jumps to what it waits for.
 */
export async function settle<T>(
  clock: FakeClock,
  promise: Promise<T>,
): Promise<T> {
  let isSettled = false;
  const settled = promise.finally(() => isSettled = true);
  settled.catch(() => {});
  for (let turn = 0; turn < TURNS && !isSettled; turn++) {
    for (let count = 0; count < MICROTASKS && !isSettled; count++) {
      await Promise.resolve();
    }
    if (isSettled) break;
    await flush();
    const [wait] = clock.waits;
    if (!isSettled && wait !== undefined) await clock.advance(wait);
  }
  if (!isSettled) throw new Error("The run does not end");
  return await settled;
}

/** Tells an error that is documented from one that nobody expects. */
export function assertDocumented(
  error: unknown,
): asserts error is ProviderError {
  if (error instanceof ProviderError) return;
  throw new Error("This is no ProviderError", { cause: error });
}

/**
 * Reads a stream to its end, and looks at what must be true of any: besides
 * that it ends once, it tells the same text twice.
 */
export async function readRandom(
  clock: FakeClock,
  stream: ChatStream,
): Promise<Ending> {
  const ending = await settle(clock, readAll(stream));
  const { events, error, text } = ending;
  if (error !== undefined) {
    assertEquals(error.partial?.text, text);
    // The run makes an error of its own of what a provider did not expect.
    assertNotMatch(error.message, /provider threw/);
    JSON.stringify(error);
  }
  for (const event of events) {
    if (event.type === "text") {
      assertEquals(event.text.isWellFormed(), true);
      assertEquals(event.text === "", false);
    }
    if (event.type !== "image") continue;
    JSON.stringify(event.image);
    try {
      await settle(clock, event.image.bytes());
    } catch (thrown) {
      assertDocumented(thrown);
    }
  }
  // Nothing of a run is left but a last word to its server, for seconds.
  if (clock.timers > 0) await clock.advance(10_000);
  assertEquals(clock.timers, 0);
  return ending;
}
