import { assert, assertEquals } from "@std/assert";
import { createBodyReader } from "../../../core/streams/body_reader.ts";
import { SYSTEM_CLOCK } from "../../../core/streams/clock.ts";
import { createTurns, takeTurn } from "../../../core/streams/turns.ts";

/** Takes time, as a decoder does. */
function work(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

/** A body of which all is there at once. */
function createBody(pieces: number): ReadableStream<Uint8Array> {
  return new ReadableStream({
    pull(controller) {
      if (pieces-- > 0) controller.enqueue(new Uint8Array(16_384));
      else controller.close();
    },
  });
}

/** Counts the turns that others have. */
function countTurns(): { readonly stop: () => number } {
  let turns = 0;
  const timer = setInterval(() => turns++, 0);
  return {
    stop() {
      clearInterval(timer);
      return turns;
    },
  };
}

Deno.test("BodyReader.read() lets others have their turn while much is decoded", async () => {
  const turns = countTurns();
  const reader = createBodyReader(createBody(40));
  while (await reader.read()) work(10);
  assert(turns.stop() >= 10);
});

Deno.test("BodyReader.read() goes on at once where nothing takes time", async () => {
  const turns = countTurns();
  const reader = createBodyReader(createBody(10));
  while (await reader.read());
  assertEquals(turns.stop(), 0);
});

Deno.test("BodyReader.read() goes on at once after few bytes, whatever time they took", () => {
  const turns = createTurns(SYSTEM_CLOCK);
  work(40);
  assertEquals(takeTurn(turns, 10_000), undefined);
  assert(takeTurn(turns, 10_000) instanceof Promise);
  turns.end?.();
});

Deno.test("BodyReader.cancel() waits for no turn", async () => {
  const leaving = new AbortController();
  const reader = createBodyReader(createBody(40), { signal: leaving.signal });
  await reader.read();
  await reader.read();
  work(40);
  const waiting = reader.read().catch((error) => error);
  leaving.abort(new Error("left"));
  assertEquals((await waiting).message, "left");
});

Deno.test("createTurns() lets each of many wait for the others", async () => {
  let now = 0;
  let asked = 0;
  let wake = () => {};
  const turns = createTurns({
    now: () => now,
    setTimeout(callback, ms) {
      wake = callback;
      asked = ms;
    },
    clearTimeout() {},
  });
  /** Waits for others; gives for how long it wanted to. */
  async function waitsFor(late: number): Promise<number> {
    const waiting = takeTurn(turns, 16_384);
    assert(waiting instanceof Promise, "it has a turn");
    now += asked + late;
    wake();
    await waiting;
    return asked;
  }

  assertEquals(takeTurn(turns, 16_384), undefined, "nothing has taken time");
  now += 32;
  assertEquals(await waitsFor(32), 0, "others have as much to do");
  now += 31;
  assertEquals(takeTurn(turns, 16_384), undefined, "it has a turn, too");
  now += 1;
  // Many others: it waits for as long as they took of its turn, and more.
  assertEquals(await waitsFor(232), 0);
  assertEquals(await waitsFor(132), 200);
  assertEquals(await waitsFor(32), 300, "they have their time");
  assertEquals(await waitsFor(0), 225);
  assertEquals(await waitsFor(10_000), 168);
  assertEquals(await waitsFor(0), 1_000, "it never waits for longer");
  while (turns.wait > 0) await waitsFor(0);
  assertEquals(takeTurn(turns, 16_384), undefined, "the others are done");
});
