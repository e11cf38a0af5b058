import { assertEquals, assertRejects } from "@std/assert";
import { FakeClock, flush } from "@parley/testing";
import { AnswerBody } from "../../http/answer_body.ts";

/** A body whose pieces come when they are said. */
function create({ isOver = false } = {}) {
  const clock = new FakeClock();
  const calls: string[] = [];
  const piece = Promise.withResolvers<string>();
  const { stream } = new AnswerBody({
    isOver,
    keepAlive: 10_000,
    next: () => piece.promise,
    close: () => Promise.resolve(),
  }, {
    stallTimeout: 30_000,
    clock,
    onStall: () => calls.push("stall"),
    onEnd: (outcome) => calls.push(outcome),
  });
  return {
    clock,
    calls,
    say: (text: string) => piece.resolve(text),
    stream,
  };
}

/** The same, and who reads it. */
function open() {
  const { stream, ...rest } = create();
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  const read = async () => decoder.decode((await reader.read()).value);
  return { ...rest, read, reader };
}

Deno.test("AnswerBody lets the head go before its first piece", async () => {
  const { say, reader } = open();
  say("Good");
  await flush();
  const first = reader.read().then(({ value }) => value?.length);
  // As the server of @hono/node-server looks for it.
  const early = Promise.resolve().then(() => Promise.resolve("none"));
  assertEquals(await Promise.race([first, early]), "none");
  assertEquals(await first, 4);
  await reader.cancel();
});

Deno.test("AnswerBody keeps a piece for a client that has a ping to take", async () => {
  for (const takes of [true, false]) {
    const { clock, calls, read, say, reader } = open();
    const first = read();
    await clock.advance(10_000);
    assertEquals(await first, ": ping\n\n");
    await clock.advance(20_000);
    say("Good");
    await clock.advance(9_999);
    assertEquals(calls, []);
    if (takes) assertEquals(await read(), "Good");
    await clock.advance(10_000);
    assertEquals(calls, takes ? [] : ["stall", "aborted"]);
    await reader.cancel().catch(() => {});
    assertEquals(clock.timers, 0);
  }
});

Deno.test("AnswerBody may be let go of while its last piece is taken", async () => {
  const { calls, say, stream } = create({ isOver: true });
  const leaving = new AbortController();
  let writable: WritableStreamDefaultController | undefined;
  const sink = new WritableStream<Uint8Array>({
    start: (controller) => void (writable = controller),
  }, {
    // Within the call that gives the piece, as the server of Deno does.
    size: () => {
      writable?.error(new Error("Closed"));
      leaving.abort();
      return 1;
    },
  });
  const piped = stream.pipeTo(sink, { signal: leaving.signal });
  say("Good");
  await assertRejects(() => piped);
  await flush();
  assertEquals(calls, ["aborted"]);
});
