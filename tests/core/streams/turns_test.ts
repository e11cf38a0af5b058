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
  work(20);
  assertEquals(takeTurn(turns, 10_000), undefined);
  assert(takeTurn(turns, 10_000) instanceof Promise);
  turns.end?.();
});

Deno.test("BodyReader.cancel() waits for no turn", async () => {
  const leaving = new AbortController();
  const reader = createBodyReader(createBody(40), { signal: leaving.signal });
  await reader.read();
  await reader.read();
  work(20);
  const waiting = reader.read().catch((error) => error);
  leaving.abort(new Error("left"));
  assertEquals((await waiting).message, "left");
});

Deno.test("createTurns() gives short turns to each of many", async () => {
  let now = 0;
  let wake = () => {};
  const turns = createTurns({
    now: () => now,
    setTimeout: (callback) => wake = callback,
    clearTimeout() {},
  });
  async function waitsFor(ms: number): Promise<void> {
    const waiting = takeTurn(turns, 16_384);
    assert(waiting instanceof Promise);
    now += ms;
    wake();
    await waiting;
  }

  assertEquals(takeTurn(turns, 16_384), undefined, "nothing has taken time");
  now += 20;
  await waitsFor(2);
  assertEquals(
    takeTurn(turns, 16_384),
    undefined,
    "nobody else has much to do",
  );
  now += 20;
  assertEquals(takeTurn(turns, 16_384), undefined, "they wanted little");
  now += 12;
  await waitsFor(10);
  assertEquals(takeTurn(turns, 16_384), undefined, "it has a turn, too");
  now += 2;
  await waitsFor(2);
  now += 3;
  assertEquals(takeTurn(turns, 16_384), undefined, "the others are done");
  now += 1;
  await waitsFor(2);
});
