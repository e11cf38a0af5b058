import { assertEquals } from "@std/assert";
import { readEvents } from "../../page/source/events.ts";

const STREAM = `data: {"text":"Grüße 👋🏽"}

: ping

event: error
data: one
data:two

data: [DONE]

data: cut`;

Deno.test("readEvents() reads events however they are cut", async () => {
  const bytes = new TextEncoder().encode(STREAM);
  for (const size of [1, 7, bytes.length]) {
    const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
      start(controller) {
        for (let from = 0; from < bytes.length; from += size) {
          controller.enqueue(bytes.slice(from, from + size));
        }
        controller.close();
      },
    });
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
