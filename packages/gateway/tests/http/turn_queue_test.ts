import { assertEquals } from "@std/assert";
import { createTurnQueue } from "../../http/turn_queue.ts";

Deno.test("createTurnQueue() does a little at once, and the rest when others had their turn", () => {
  const turns: (() => void)[] = [];
  const takeTurn = createTurnQueue({
    now: () => 0,
    setTimeout: (callback) => turns.push(callback),
    clearTimeout() {},
  });
  const done: number[] = [];
  for (let index = 0; index < 10; index++) takeTurn(() => done.push(index));
  const counts = [done.length];
  while (turns.length > 0) {
    turns.shift()?.();
    counts.push(done.length);
  }
  assertEquals(counts, [1, 5, 9, 10, 10]);
  assertEquals(done, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  takeTurn(() => done.push(10));
  assertEquals(done.length, 11);
});
