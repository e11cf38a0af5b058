import { assertEquals, assertRejects } from "@std/assert";
import {
  BatchIterator,
  type BatchSource,
} from "../../../core/streams/batch_iterator.ts";
import { flush } from "../../../packages/testing/fake_clock.ts";

const DONE = { done: true, value: undefined } as const;

/** A source that counts what is asked of it. */
class TestSource implements BatchSource<number> {
  pulls = 0;
  closes = 0;
  #release = () => {};
  readonly #batches: (readonly number[] | Error | "hang")[];

  constructor(...batches: (readonly number[] | Error | "hang")[]) {
    this.#batches = batches;
  }

  async next(): Promise<readonly number[] | undefined> {
    this.pulls++;
    const batch = this.#batches.shift();
    if (batch instanceof Error) throw batch;
    if (batch !== "hang") return batch;
    await new Promise<void>((resolve) => this.#release = resolve);
    return undefined;
  }

  close(): Promise<void> {
    this.closes++;
    this.#release();
    return Promise.resolve();
  }
}

Deno.test("BatchIterator gives the items of all batches in order", async () => {
  const iterator = new BatchIterator(new TestSource([1, 2], [3]));
  assertEquals(await Array.fromAsync(iterator), [1, 2, 3]);
  assertEquals(await iterator.next(), DONE);
});

Deno.test("BatchIterator pulls only when nothing is ready", async () => {
  const source = new TestSource([1, 2], [3]);
  const iterator = new BatchIterator(source);
  assertEquals(source.pulls, 0);
  await iterator.next();
  await iterator.next();
  assertEquals(source.pulls, 1);
  await iterator.next();
  assertEquals(source.pulls, 2);
});

Deno.test("BatchIterator serves reads that wait together in order [A13]", async () => {
  const iterator = new BatchIterator(new TestSource([1], [2, 3]));
  const results = await Promise.all([
    iterator.next(),
    iterator.next(),
    iterator.next(),
    iterator.next(),
  ]);
  assertEquals(results.map(({ value }) => value), [1, 2, 3, undefined]);
});

Deno.test("BatchIterator rejects once, then is done", async () => {
  const iterator = new BatchIterator(
    new TestSource([1], new Error("broken")),
  );
  const [first, second, third] = await Promise.allSettled([
    iterator.next(),
    iterator.next(),
    iterator.next(),
  ]);
  assertEquals(first.status, "fulfilled");
  assertEquals(second.status, "rejected");
  assertEquals(third, { status: "fulfilled", value: DONE });
  assertEquals(await iterator.next(), DONE);
});

Deno.test("BatchIterator.return() settles while a read waits [A07]", async () => {
  const source = new TestSource("hang");
  const iterator = new BatchIterator(source);
  const waiting = iterator.next();
  await flush();
  assertEquals(await iterator.return(), DONE);
  assertEquals(await waiting, DONE);
  assertEquals(source.closes, 1);
});

Deno.test("BatchIterator.return() drops what is ready", async () => {
  const iterator = new BatchIterator(new TestSource([1, 2, 3]));
  await iterator.next();
  await iterator.return();
  assertEquals(await iterator.next(), DONE);
});

Deno.test("BatchIterator.throw() closes the source and rejects", async () => {
  const source = new TestSource([1]);
  const iterator = new BatchIterator(source);
  await assertRejects(() => iterator.throw(new Error("mine")), Error, "mine");
  assertEquals(source.closes, 1);
});

Deno.test("BatchIterator closes the source when its loop is left", async () => {
  const source = new TestSource([1, 2]);
  for await (const item of new BatchIterator(source)) {
    assertEquals(item, 1);
    break;
  }
  assertEquals(source.closes, 1);
});

Deno.test("BatchIterator.discard() asks the source for the next item", async () => {
  const iterator = new BatchIterator(new TestSource([1, 2], [3]));
  await iterator.next();
  iterator.discard();
  assertEquals((await iterator.next()).value, 3);
});
