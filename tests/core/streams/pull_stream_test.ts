import { assertEquals, assertRejects } from "@std/assert";
import type { BatchSource } from "../../../core/streams/batch_iterator.ts";
import { toPullStream } from "../../../core/streams/pull_stream.ts";

class TestSource implements BatchSource<string> {
  pulls = 0;
  closes = 0;
  readonly #batches: (readonly string[] | Error)[];

  constructor(...batches: (readonly string[] | Error)[]) {
    this.#batches = batches;
  }

  next(): Promise<readonly string[] | undefined> {
    this.pulls++;
    const batch = this.#batches.shift();
    return batch instanceof Error
      ? Promise.reject(batch)
      : Promise.resolve(batch);
  }

  close(): Promise<void> {
    this.closes++;
    return Promise.resolve();
  }
}

const toChunks = (batch: readonly string[]) =>
  batch.filter((item) => item !== "");

Deno.test("toPullStream() gives the chunks of every batch", async () => {
  const source = new TestSource(["a", "b"], ["", ""], ["c"]);
  const stream = toPullStream(source, { toChunks });
  assertEquals(await Array.fromAsync(stream), ["a", "b", "c"]);
});

Deno.test("toPullStream() pulls only when its reader asks", async () => {
  const source = new TestSource(["a", "b"], ["c"]);
  const reader = toPullStream(source, { toChunks }).getReader();
  await Promise.resolve();
  assertEquals(source.pulls, 0);
  await reader.read();
  await reader.read();
  assertEquals(source.pulls, 1);
  await reader.cancel();
  assertEquals(source.closes, 1);
});

Deno.test("toPullStream() fails as its source does", async () => {
  const source = new TestSource(["a"], new RangeError("broken"));
  const reader = toPullStream(source, { toChunks }).getReader();
  assertEquals((await reader.read()).value, "a");
  await assertRejects(() => reader.read(), RangeError, "broken");
});

Deno.test("toPullStream() ends with a last chunk where it has one", async () => {
  const source = new TestSource(["a"], new RangeError("broken"));
  const stream = toPullStream(source, { toChunks, toLastChunk: String });
  assertEquals(await Array.fromAsync(stream), ["a", "RangeError: broken"]);
});
