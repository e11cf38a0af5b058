import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { ProviderError } from "../../../core/chat/errors.ts";
import type { ChatStream } from "../../../core/chat/chat_stream.ts";
import type { ChatEvent } from "../../../core/chat/events.ts";
import { flush } from "../../../packages/testing/fake_clock.ts";
import { createParrot, FINISH, hang, toTextEvent } from "../../_parrot.ts";

function create(): ChatStream {
  return createParrot({
    async *respond() {
      yield [toTextEvent("a"), toTextEvent("b")];
      yield toTextEvent("c");
      yield { type: "finish", reason: "stop", text: "abc!" };
    },
  }).provider.stream("Hi");
}

function createHanging() {
  return createParrot({
    async *respond(run) {
      yield toTextEvent("a");
      await hang(run);
    },
  });
}

Deno.test("RunStream can be iterated", async () => {
  const types: string[] = [];
  for await (const { type } of create()) types.push(type);
  assertEquals(types, ["text", "text", "text", "finish"]);
});

Deno.test("RunStream gives text and result together, from one run", async () => {
  const stream = create();
  const [text, result] = await Promise.all([stream.text(), stream.result()]);
  assertEquals(text, "abc!");
  assertEquals(result.text, text);
});

Deno.test("RunStream.textStream() gives what was streamed", async () => {
  assertEquals(await Array.fromAsync(create().textStream()), ["ab", "c"]);
});

Deno.test("RunStream.toReadableStream() gives every event", async () => {
  const events = await Array.fromAsync(create().toReadableStream());
  assertEquals(events.length, 4);
  assertEquals(events.at(-1)?.type, "finish");
});

Deno.test("RunStream can be read once only", async () => {
  const readers: ((stream: ChatStream) => unknown)[] = [
    (stream) => stream[Symbol.asyncIterator](),
    (stream) => stream.textStream(),
    (stream) => stream.toReadableStream(),
    (stream) => stream.toResponse(),
  ];
  for (const first of readers) {
    for (const second of readers) {
      const stream = create();
      first(stream);
      const error = assertThrows(() => second(stream), ProviderError);
      assertEquals(error.code, "invalid-request");
      await assertRejects(() => stream.text(), ProviderError);
      await stream.cancel();
    }
  }
});

Deno.test("RunStream.next() does not take events from another reader", async () => {
  const stream = create();
  const texts = stream.textStream();
  await assertRejects(() => stream.next(), ProviderError);
  assertEquals(await Array.fromAsync(texts), ["ab", "c"]);
});

Deno.test("RunStream goes on in a loop after next()", async () => {
  const stream = create();
  assertEquals((await stream.next()).value, toTextEvent("a"));
  assertEquals((await Array.fromAsync(stream)).length, 3);
});

Deno.test("RunStream.partial is what has come so far", async () => {
  const stream = create();
  assertEquals(stream.partial.text, "");
  await stream.next();
  assertEquals(stream.partial.text, "ab");
  await stream.cancel();
});

Deno.test("RunStream.partial has a list of pictures of its own", () => {
  const [one, other] = [create(), create()];
  assert(one.partial.images !== other.partial.images);
});

Deno.test("RunStream.batches() keeps no text where none is wanted", async () => {
  const events: ChatEvent[] = [
    toTextEvent("a"),
    toTextEvent("b"),
    { type: "reasoning", text: "c" },
    { type: "reasoning", text: "d" },
  ];
  for (const [keepText, kept] of [[false, "ac"], [true, "abcd"]] as const) {
    const stream = createParrot({
      async *respond() {
        yield* events;
      },
    }).provider.stream("Hi");
    const batches = stream.batches({ keepText });
    const error = await Array.fromAsync(batches).catch((error) => error);
    for (const partial of [stream.partial, error.partial]) {
      // By the first piece it is known that there is some.
      assertEquals(partial.text + partial.reasoning, kept);
    }
  }
});

Deno.test("RunStream.batches() keeps the text of which an object is read", async () => {
  const { provider } = createParrot({
    async *respond() {
      yield* [toTextEvent('{"a":'), toTextEvent("1}"), FINISH];
    },
    definition: { outputSupport: "json" },
  });
  const stream = provider.stream("Hi", { output: { schema: "json" } });
  const batches = await Array.fromAsync(stream.batches({ keepText: false }));
  const [object] = batches.flat().filter(({ type }) => type === "object");
  assertEquals(object, { type: "object", object: { a: 1 } });
});

Deno.test("RunStream gives nothing that was ready once it is aborted", async () => {
  const controller = new AbortController();
  const { provider } = createParrot({
    async *respond() {
      yield [toTextEvent("a"), toTextEvent("b")];
    },
  });
  const stream = provider.stream("Hi", { signal: controller.signal });
  assertEquals((await stream.next()).value, toTextEvent("a"));
  const reason = new Error("Enough");
  controller.abort(reason);
  assertEquals(await stream.next().catch((error) => error), reason);
});

Deno.test("RunStream can be left early in every way, and leaves no timer", async () => {
  const ways: ((stream: ChatStream) => PromiseLike<unknown>)[] = [
    (stream) => stream.return(),
    (stream) => stream.cancel(),
    (stream) => stream[Symbol.asyncDispose](),
    (stream) => stream.throw("mine").catch((error) => error),
  ];
  for (const leave of ways) {
    const { provider, clock } = createHanging();
    const stream = provider.stream("Hi");
    await stream.next();
    const waiting = stream.next();
    await flush();
    await leave(stream);
    assertEquals(await waiting, { done: true, value: undefined });
    assertEquals(await stream.next(), { done: true, value: undefined });
    assertEquals(clock.timers, 0);
  }
});

Deno.test("RunStream that is left before it is read sends nothing", async () => {
  const { provider, requests, clock } = createHanging();
  const stream = provider.stream("Hi");
  await stream.cancel();
  assertEquals(await stream.next(), { done: true, value: undefined });
  assertEquals(requests.length, 0);
  assertEquals(clock.timers, 0);
});

Deno.test("RunStream that is cancelled is no whole answer", async () => {
  const { provider, clock } = createHanging();
  const stream = provider.stream("Hi");
  const text = stream.text();
  await flush();
  await stream.cancel();
  const error = await text.catch((error) => error);
  assert(error instanceof DOMException && error.name === "AbortError");
  assertEquals(clock.timers, 0);
});

Deno.test("RunStream that is left after finish ends well for its reader", async () => {
  const stream = create();
  const reader = stream.toReadableStream().getReader();
  for (;;) {
    const { value } = await reader.read();
    if (value?.type === "finish") break;
  }
  await stream.cancel();
  assert((await reader.read()).done);
});
