import { assert, assertEquals, assertRejects } from "@std/assert";
import { createBodyReader } from "../../../core/streams/body_reader.ts";
import { TestBody } from "../../_body.ts";
import { FakeClock, flush } from "../../../packages/testing/fake_clock.ts";

function decode(bytes: Uint8Array | undefined): string | undefined {
  return bytes && new TextDecoder().decode(bytes);
}

Deno.test("BodyReader gives the chunks, then undefined", async () => {
  const reader = createBodyReader(new TestBody(["a", "b"]).stream);
  assertEquals(decode(await reader.read()), "a");
  assertEquals(decode(await reader.read()), "b");
  assertEquals(await reader.read(), undefined);
});

Deno.test("BodyReader cuts a huge chunk into pieces of 16 KiB", async () => {
  const size = 150_000;
  const body = new TestBody([new Uint8Array(size).map((_, index) => index)]);
  const reader = createBodyReader(body.stream);
  const pieces: Uint8Array[] = [];
  for (let piece; (piece = await reader.read());) pieces.push(piece);
  assertEquals(pieces.map(({ length }) => length), [
    ...Array(9).fill(16_384),
    2_544,
  ]);
  const last = pieces.at(-1)?.at(-1);
  assertEquals(last, (size - 1) % 256);
});

/** A body that fills the buffers of its reader, as one from the network does. */
function createByteStream(chunks: readonly string[]) {
  const buffers: number[] = [];
  const left = [...chunks];
  const test = {
    buffers,
    isCancelled: false,
    stream: new ReadableStream({
      type: "bytes",
      pull(controller) {
        const request = controller.byobRequest;
        const chunk = left.shift();
        if (chunk === "hang") return;
        if (chunk === undefined) {
          controller.close();
          request?.respond(0);
        } else if (request?.view) {
          const { buffer, byteOffset, byteLength } = request.view;
          buffers.push(byteLength);
          const view = new Uint8Array(buffer, byteOffset);
          const { written } = new TextEncoder().encodeInto(chunk, view);
          request.respond(written);
        } else {
          controller.enqueue(new TextEncoder().encode(chunk));
        }
      },
      cancel() {
        test.isCancelled = true;
      },
    }),
  };
  return test;
}

Deno.test("BodyReader reads what can be filled into one buffer", async () => {
  const body = createByteStream(["one", "two"]);
  const reader = createBodyReader(body.stream);
  const first = await reader.read();
  assertEquals(decode(first), "one");
  const second = await reader.read();
  assertEquals(decode(second), "two");
  // The buffer has moved on.
  assertEquals(first?.buffer.byteLength, 0);
  assertEquals(await reader.read(), undefined);
  assertEquals(body.buffers, [1_024, 1_024]);
});

Deno.test("BodyReader takes a larger buffer each time that one was filled", async () => {
  const body = createByteStream(["a".repeat(1_024), "b".repeat(4_096), "c"]);
  const reader = createBodyReader(body.stream);
  assertEquals((await reader.read())?.length, 1_024);
  assertEquals((await reader.read())?.length, 4_096);
  assertEquals(decode(await reader.read()), "c");
  assertEquals(body.buffers, [1_024, 4_096, 16_384]);
});

Deno.test("BodyReader.readAll() keeps what comes in one buffer", async () => {
  const reader = createBodyReader(createByteStream(["one", "two"]).stream);
  assertEquals(decode(await reader.readAll(100)), "onetwo");
});

Deno.test("BodyReader shares a body with who reads its other branch", async () => {
  const [body, other] = createByteStream(["one", "two"]).stream.tee();
  const [bytes, text] = await Promise.all([
    createBodyReader(body).readAll(100),
    new Response(other).text(),
  ]);
  assertEquals(decode(bytes), "onetwo");
  assertEquals(text, "onetwo");
});

Deno.test("BodyReader.cancel() ends a read that waits in a buffer", async () => {
  const body = createByteStream(["one", "hang"]);
  const reader = createBodyReader(body.stream);
  await reader.read();
  const waiting = reader.read();
  reader.cancel();
  assertEquals(await waiting, undefined);
  assert(body.isCancelled);
  assertEquals(await reader.read(), undefined);
});

Deno.test("BodyReader.cancel() ends a read that waits, and the body", async () => {
  const body = new TestBody([], "hang");
  const reader = createBodyReader(body.stream);
  const waiting = reader.read();
  reader.cancel();
  reader.cancel();
  assertEquals(await waiting, undefined);
  assert(body.isCancelled);
});

Deno.test("BodyReader.cancel() drops the rest of a huge chunk", async () => {
  const reader = createBodyReader(
    new TestBody([new Uint8Array(70_000)]).stream,
  );
  await reader.read();
  reader.cancel();
  assertEquals(await reader.read(), undefined);
});

Deno.test("BodyReader rejects with the reason of its signal", async () => {
  const controller = new AbortController();
  const body = new TestBody([], "hang");
  const reader = createBodyReader(body.stream, { signal: controller.signal });
  const waiting = reader.read();
  controller.abort("stop");
  assertEquals(await waiting.catch((error) => error), "stop");
  assert(body.isCancelled);
});

Deno.test("BodyReader cancels the body where its signal is aborted", async () => {
  const body = new TestBody(["a"]);
  const signal = AbortSignal.abort("stop");
  const reader = createBodyReader(body.stream, { signal });
  assert(body.isCancelled);
  assertEquals(await reader.read().catch((error) => error), "stop");
});

Deno.test("BodyReader cancels a body of anything but bytes", async () => {
  let isCancelled = false;
  const body = new ReadableStream({
    pull: (controller) => controller.enqueue("text"),
    cancel() {
      isCancelled = true;
    },
  });
  await assertRejects(() => createBodyReader(body).read());
  assert(isCancelled);
});

Deno.test("BodyReader says why the body breaks off", async () => {
  const body = new TestBody(["a"], new TypeError("reset"));
  const reader = createBodyReader(body.stream, {
    toError: (cause) => new RangeError("cut", { cause }),
  });
  await reader.read();
  const error = await assertRejects(() => reader.read(), RangeError, "cut");
  assert(error.cause instanceof TypeError);
});

Deno.test("BodyReader.settle() takes a break for the end", async () => {
  const clock = new FakeClock();
  const body = new TestBody(["a"], new TypeError("reset"));
  const reader = createBodyReader(body.stream);
  reader.settle(clock, 100);
  assertEquals(decode(await reader.read()), "a");
  assertEquals(await reader.read(), undefined);
  assertEquals(clock.timers, 0);
});

Deno.test("BodyReader.settle() waits for so long, whatever its reader does", async () => {
  const clock = new FakeClock();
  const body = new TestBody(["a"], "hang");
  const reader = createBodyReader(body.stream);
  reader.settle(clock, 100);
  await clock.advance(500);
  assertEquals(decode(await reader.read()), "a");
  await clock.advance(500);
  const next = reader.read();
  await clock.advance(60);
  body.send("b");
  assertEquals(decode(await next), "b");
  const last = reader.read();
  await clock.advance(39);
  assert(!body.isCancelled);
  await clock.advance(1);
  assertEquals(await last, undefined);
  assert(body.isCancelled);
  assertEquals(clock.timers, 0);
});

Deno.test("BodyReader.settle() gives its time anew", async () => {
  const clock = new FakeClock();
  const body = new TestBody([], "hang");
  const reader = createBodyReader(body.stream);
  for (const piece of ["a", "b"]) {
    reader.settle(clock, 100);
    const next = reader.read();
    await clock.advance(99);
    body.send(piece);
    assertEquals(decode(await next), piece);
  }
  reader.cancel();
  assertEquals(clock.timers, 0);
});

Deno.test("BodyReader.settle() of a body that has ended sets no timer", async () => {
  const clock = new FakeClock();
  const reader = createBodyReader(new TestBody([]).stream);
  await reader.read();
  reader.settle(clock, 100);
  await flush();
  assertEquals(clock.timers, 0);
});
