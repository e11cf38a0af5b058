import { assertEquals, assertRejects } from "@std/assert";
import {
  ProviderError,
  toJsonLines,
  toLines,
  toSseEvents,
} from "../../../mod.ts";

/** A body, and what becomes of it. */
function create(chunks: readonly (Uint8Array | string)[]) {
  const log = { pulls: 0, isCancelled: false };
  const body = new ReadableStream({
    pull(controller) {
      const chunk = chunks[log.pulls++];
      if (chunk === undefined) controller.close();
      else controller.enqueue(chunk);
    },
    cancel() {
      log.isCancelled = true;
    },
  }, { highWaterMark: 0 });
  return { body, log };
}

function cut(text: string, size: number): string[] {
  const pieces = Math.ceil(text.length / size);
  return Array.from(
    { length: pieces },
    (_, index) => text.slice(index * size, (index + 1) * size),
  );
}

const encoder = new TextEncoder();

const FORMS: Readonly<Record<string, (text: string) => Uint8Array | string>> = {
  strings: (text) => text,
  bytes: (text) => encoder.encode(text),
};

/** The same answer, read by each of the three. */
const READERS = {
  toLines: {
    read: toLines,
    text: "\ufeffone\r\n\ufefftwo 😀\nthree",
    items: ["one", "\ufefftwo 😀", "three"],
  },
  toSseEvents: {
    read: toSseEvents,
    text: "\ufeffdata: 1\r\ndata: \ufeff😀\n\n",
    items: [{ event: "message", data: "1\n\ufeff😀", id: "" }],
  },
  toJsonLines: {
    read: toJsonLines,
    text: '\ufeff{"a":"\ufeff😀"}\n[1]',
    items: [{ a: "\ufeff😀" }, [1]],
  },
} as const;

for (const [name, { read, text, items }] of Object.entries(READERS)) {
  Deno.test(`${name}() reads bytes and strings alike, however they are cut`, async () => {
    for (let size = 1; size <= text.length; size++) {
      const { body } = create(cut(text, size));
      assertEquals(await Array.fromAsync<unknown>(read(body)), [...items]);
    }
    const bytes = Array.from(
      encoder.encode(text),
      (byte) => Uint8Array.of(byte),
    );
    const { body } = create(bytes);
    assertEquals(await Array.fromAsync<unknown>(read(body)), [...items]);
  });

  for (const [form, encode] of Object.entries(FORMS)) {
    Deno.test(`${name}() pulls when asked, and cancels what it leaves: ${form}`, async () => {
      const { body, log } = create([text, "\n\n", text].map(encode));
      const found = read(body);
      assertEquals([body.locked, log.pulls], [true, 0]);
      for await (const _ of found) break;
      assertEquals(log.isCancelled, true);
      assertEquals(log.pulls < 3, true);
    });

    Deno.test(`${name}() keeps its limit within one huge chunk: ${form}`, async () => {
      const { body, log } = create([encode("data: x".repeat(100_000))]);
      const { code } = await assertRejects(
        () => Array.fromAsync<unknown>(read(body, { eventLength: 1_000 })),
        ProviderError,
      );
      assertEquals([code, log], ["too-large", { pulls: 1, isCancelled: true }]);
    });
  }
}

Deno.test("toLines() replaces a last character that is cut", async () => {
  const { body } = create([encoder.encode("a\n😀").subarray(0, 4)]);
  assertEquals(await Array.fromAsync(toLines(body)), ["a", "\ufffd"]);
});
