import { assertEquals } from "@std/assert";
import { readEvents } from "../../page/source/events.js";
import { rechunk } from "@parley/testing";

const STREAM = `data: {"text":"Grüße 👋🏽"}

: ping

event: error
data: one
data:two

data: [DONE]

data: cut`;

Deno.test("readEvents() reads events however they are cut", async () => {
  for (
    const chunking of ["whole", "bytes", "characters", "line-ends"] as const
  ) {
    const body = ReadableStream.from(
      rechunk([new TextEncoder().encode(STREAM)], chunking),
    );
    assertEquals(await Array.fromAsync(readEvents(body)), [
      { name: "message", data: '{"text":"Grüße 👋🏽"}' },
      { name: "error", data: "one\ntwo" },
      { name: "message", data: "[DONE]" },
    ]);
  }
});

Deno.test("readEvents() cancels a body that nobody reads on", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull: (controller) =>
      controller.enqueue(new TextEncoder().encode("data: 1\n\n")),
    cancel: () => resolve(),
  });
  for await (const { data } of readEvents(body)) {
    assertEquals(data, "1");
    break;
  }
  await promise;
});
