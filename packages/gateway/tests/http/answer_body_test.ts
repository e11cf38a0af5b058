import { assertEquals } from "@std/assert";
import { FakeClock, flush } from "@parley/testing";
import { AnswerBody } from "../../http/answer_body.ts";

/** A body whose pieces come when they are said. */
function create() {
  const clock = new FakeClock();
  const calls: string[] = [];
  const piece = Promise.withResolvers<string>();
  const { stream } = new AnswerBody({
    isOver: false,
    keepAlive: 10_000,
    next: () => piece.promise,
    close: () => Promise.resolve(),
  }, {
    stallTimeout: 30_000,
    clock,
    onStall: () => calls.push("stall"),
    onEnd: (outcome) => calls.push(outcome),
  });
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  return {
    clock,
    calls,
    say: (text: string) => piece.resolve(text),
    read: async () => decoder.decode((await reader.read()).value),
    reader,
  };
}

Deno.test("AnswerBody lets the head go before its first piece", async () => {
  const { say, reader } = create();
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
    const { clock, calls, read, say, reader } = create();
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
