import { assert, assertEquals, assertRejects } from "@std/assert";
import { ProviderError } from "../../../core/chat/errors.ts";
import type { SseEvent } from "../../../core/streams/sse.ts";
import { toSseEvents } from "../../../core/http/to_sse_events.ts";
import { TestBody, toBytes, toSingleBytes } from "../../_body.ts";
import {
  readVectors,
  type Recipe,
  toChunkings,
  toGeneratedChunks,
  type VectorInput,
} from "../../_vectors.ts";

interface Vectors {
  readonly cases: readonly (VectorInput & {
    readonly name: string;
    readonly events: readonly (Partial<SseEvent> & { readonly data: string })[];
  })[];
  readonly generated: readonly (Recipe & {
    readonly name: string;
    readonly events?: number;
    readonly dataLength?: number;
    readonly error?: string;
  })[];
}

const { cases, generated } = await readVectors<Vectors>("sse");

/** Which faults of the catalogue a case is about. */
const FAULTS: Readonly<Record<string, string>> = {
  "data-no-space-after-colon": " [F07]",
  "data-two-spaces-only": " [F07]",
  "space-after-colon-in-next-chunk": " [F07]",
  "data-empty-value-dispatches": " [F12]",
  "data-bare-name-dispatches": " [F12]",
  "event-without-data-not-dispatched": " [F12]",
  "retry-without-data-not-dispatched": " [F12] [F15]",
  "data-bare-name-twice": " [F06]",
  "llm-raw-text-newline-token": " [F06]",
  "comment-inside-event": " [F05] [F06]",
  "id-reset-by-bare-name": " [F15]",
  "id-with-nul-ignored": " [F13] [F15]",
  "id-block-without-data-still-counts": " [F15]",
  "retry-leading-zeros": " [F15]",
  "retry-bogus-ignored": " [F15]",
  "comment-keepalive-between-events": " [F05]",
  "comment-looks-like-data": " [F05]",
  "comment-with-nul": " [F05] [F13]",
  "comment-long-3k-split": " [F05]",
  "unknown-field-with-colon": " [F14]",
  "field-name-trailing-space": " [F14]",
  "crlf": " [F02]",
  "crlf-one-byte-chunks": " [F02]",
  "crlf-lf-dispatch": " [F02]",
  "mixed-eol": " [F03]",
  "eof-lf-cr-completes": " [F03]",
  "bom-split-across-chunks": " [F04]",
  "bom-mid-stream-breaks-field": " [F04]",
  "bom-inside-data-kept": " [F04]",
  "bom-inside-value-no-space": " [F04]",
  "utf8-two-byte-split": " [F01]",
  "utf8-emoji-one-byte-chunks": " [F01]",
  "utf8-invalid-byte-replaced": " [F16]",
  "utf8-truncated-before-eol": " [F16]",
  "nul-in-data-kept": " [F13]",
  "nul-only-data": " [F13]",
  "eof-no-newline": " [F08]",
  "eof-after-cr": " [F08]",
  "eof-after-event-field-only": " [F08]",
  "eof-mid-utf8": " [F08] [F16]",
  "eof-mid-field-name": " [F08]",
  "all-fields-one-byte-chunks": " [F11]",
};

for (const { name, events, ...input } of cases) {
  Deno.test(`toSseEvents() follows the rules of the Web: ${name}${FAULTS[name] ?? ""}`, async () => {
    let id = "";
    const expected = events.map((event) => {
      id = event.id ?? "";
      return { event: "message", ...event, id };
    });
    for (const { how, chunks } of toChunkings(input)) {
      const { stream } = new TestBody(chunks);
      assertEquals(await Array.fromAsync(toSseEvents(stream)), expected, how);
    }
  });
}

/** The same for long inputs. */
const LONG_FAULTS: Readonly<Record<string, string>> = {
  "one-megabyte-line-1k-chunks": " [F09]",
  "unterminated-line-over-limit": " [F10]",
  "unterminated-comment-over-limit": " [F05] [F10]",
  "many-data-lines-over-limit": " [F10]",
  "hundred-thousand-events-slow-consumer": " [F18]",
};

for (const { name, events, dataLength, error, ...recipe } of generated) {
  Deno.test(`toSseEvents() is bounded: ${name}${LONG_FAULTS[name] ?? ""}`, async () => {
    const body = new TestBody(toGeneratedChunks(recipe));
    let count = 0;
    let length = 0;
    const read = async () => {
      for await (const event of toSseEvents(body.stream)) {
        count++;
        length = event.data.length;
      }
    };
    if (error === undefined) {
      await read();
      assertEquals(count, events);
      if (dataLength !== undefined) assertEquals(length, dataLength);
    } else {
      const { code } = await assertRejects(read, ProviderError);
      assertEquals(code, error);
    }
    assertEquals(body.isCancelled, error !== undefined);
  });
}

Deno.test("toSseEvents() counts all lines of an event [F10]", async () => {
  const body = new TestBody(["data: 1\ndata: 2\n\n"]);
  const events = toSseEvents(body.stream, { eventLength: 10 });
  const error = await assertRejects(() => events.next(), ProviderError);
  assertEquals(error.message, "Event is longer than 10 characters");
});

Deno.test("toSseEvents() stops at the limit it is given [F10]", async () => {
  const chunks = ["data: 123\n\n", "data: 12345\n\n", "data: never\n\n"];
  const body = new TestBody(chunks);
  const events = toSseEvents(body.stream, { eventLength: 10 });
  assertEquals((await events.next()).value?.data, "123");
  const { code } = await assertRejects(() => events.next(), ProviderError);
  assertEquals(code, "too-large");
  assertEquals(await events.next(), { done: true, value: undefined });
  assertEquals(body.pulls, 2);
  assert(body.isCancelled);
});

Deno.test("toSseEvents() gives the events before a limit is passed", async () => {
  const body = new TestBody(["data: 1\n\ndata: 2\n\ndata: 1234567\n\n"]);
  const seen: string[] = [];
  await assertRejects(async () => {
    for await (
      const { data } of toSseEvents(body.stream, { eventLength: 10 })
    ) {
      seen.push(data);
    }
  }, ProviderError);
  assertEquals(seen, ["1", "2"]);
});

Deno.test("toSseEvents() ignores a long comment however it is cut", async () => {
  const text = `: ${"x".repeat(20)}\ndata: 1\n\n`;
  for (const chunks of [[text], toSingleBytes(toBytes(text))]) {
    const { stream } = new TestBody(chunks);
    const events = await Array.fromAsync(
      toSseEvents(stream, { eventLength: 10 }),
    );
    assertEquals(events.map(({ data }) => data), ["1"]);
  }
});

Deno.test("toSseEvents() begins no event with half the name of a field", async () => {
  const { stream } = new TestBody(["data: 1\n\nda\n"]);
  assertEquals((await Array.fromAsync(toSseEvents(stream))).length, 1);
});

Deno.test("toSseEvents() counts the length of each event anew", async () => {
  const body = new TestBody(["data: 1234\n\n".repeat(10)]);
  const events = toSseEvents(body.stream, { eventLength: 10 });
  assertEquals((await Array.fromAsync(events)).length, 10);
});

Deno.test("toSseEvents() pulls only for events that are asked for [F18] [B01]", async () => {
  const body = new TestBody(["data: 1\n\ndata: 2\n\n", "data: 3\n\n"]);
  const events = toSseEvents(body.stream);
  assertEquals(body.pulls, 0);
  await events.next();
  await events.next();
  assertEquals(body.pulls, 1);
  await events.next();
  assertEquals(body.pulls, 2);
  await events.return?.();
});

Deno.test("toSseEvents() cancels the body when its reader leaves [A10]", async () => {
  const body = new TestBody(["data: 1\n\ndata: 2\n\n"], "hang");
  for await (const { data } of toSseEvents(body.stream)) {
    assertEquals(data, "1");
    break;
  }
  assert(body.isCancelled);
});

Deno.test("toSseEvents() tells that the body breaks off, after its events", async () => {
  const body = new TestBody(["data: 1\n\n"], new TypeError("broken"));
  const events = toSseEvents(body.stream);
  assertEquals((await events.next()).value?.data, "1");
  await assertRejects(() => events.next(), TypeError, "broken");
});
