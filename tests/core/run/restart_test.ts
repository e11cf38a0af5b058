import { assertEquals, assertRejects } from "@std/assert";
import type { ChatStream } from "../../../core/chat/chat_stream.ts";
import { ProviderError } from "../../../core/chat/errors.ts";
import type { ChatEvent } from "../../../core/chat/events.ts";
import { createParrot, FINISH, hang, toTextEvent } from "../../_parrot.ts";

const ROUTE: ChatEvent = { type: "route", provider: "A", model: "a" };

function toRestart(discard: number): ChatEvent {
  return {
    type: "restart",
    discard,
    reason: "network",
    provider: "B",
    model: "b",
  };
}

/** An answer that begins anew, as one that asks others gives it. */
function create(discard: number): ChatStream {
  return createParrot({
    async *respond() {
      yield ROUTE;
      yield { type: "title", title: "Old" };
      yield { type: "usage", usage: { totalTokens: 1 } };
      yield { type: "reasoning", text: "hm" };
      yield toTextEvent("old \ud83d");
      yield toRestart(discard);
      yield toTextEvent("new");
      yield { type: "finish", reason: "stop", provider: "B", model: "b" };
    },
  }).provider.stream("Hi");
}

Deno.test("a restart makes void what came before it", async () => {
  const stream = create(4);
  const result = await stream.result();
  assertEquals(result.text, "new");
  assertEquals(result.reasoning, "");
  assertEquals(result.title, undefined);
  assertEquals(result.usage, undefined);
  assertEquals(stream.partial.text, "new");
});

Deno.test("a result names who answered", async () => {
  const { provider, model } = await create(4).result();
  assertEquals([provider, model], ["B", "b"]);
});

Deno.test("a restart is an event, and half a character is not taken over it", async () => {
  const events = await Array.fromAsync(create(4));
  assertEquals(events.map(({ type }) => type), [
    "route",
    "title",
    "reasoning",
    "text",
    "restart",
    "text",
    "finish",
  ]);
  assertEquals(events[3], { type: "text", text: "old " });
  assertEquals(events[4], toRestart(4));
  assertEquals(events[5], { type: "text", text: "new" });
});

Deno.test("text that cannot be taken back fails where the answer begins anew", async () => {
  const streams: readonly ReadableStream[] = [
    create(4).textStream(),
    create(4).toResponse().body ?? new ReadableStream(),
  ];
  for (const stream of streams) {
    const error = await assertRejects(
      () => Array.fromAsync(stream),
      ProviderError,
    );
    assertEquals(error.code, "incomplete");
  }
});

Deno.test("a text stream goes on where a restart discards nothing", async () => {
  const texts = await Array.fromAsync(create(0).textStream());
  assertEquals(texts.at(-1), "new");
});

Deno.test("ChatStream.batches() gives the events as they come", async () => {
  const { provider } = createParrot({
    async *respond() {
      yield [toTextEvent("a"), toTextEvent("b")];
      yield toTextEvent("c");
      yield { type: "finish", reason: "stop" };
    },
  });
  const sizes: number[] = [];
  for await (const batch of provider.stream("Hi").batches()) {
    sizes.push(batch.length);
  }
  assertEquals(sizes, [2, 1, 1]);
});

Deno.test("ChatStream.batches() lets go of the run where its reader leaves", async () => {
  let isLeft = false;
  const { provider, clock } = createParrot({
    async *respond() {
      try {
        yield toTextEvent("a");
        yield toTextEvent("b");
      } finally {
        isLeft = true;
      }
    },
  });
  for await (const _batch of provider.stream("Hi").batches()) break;
  assertEquals(isLeft, true);
  assertEquals(clock.timers, 0);
});

Deno.test("a run that asks others has their attempts, and no clock but total", async () => {
  const attempts = [
    { provider: "A", model: "a" },
    { provider: "B", model: "b" },
  ];
  let timers = 0;
  const { provider, clock } = createParrot({
    respond: hang,
    definition: {
      async *delegate({ log }) {
        log.others = () => attempts;
        timers = clock.timers;
        yield [ROUTE];
        return [FINISH];
      },
    },
  });
  const result = await provider.generate("Hi", {
    timeouts: { idle: 5, firstToken: 5 },
  });
  assertEquals([result.attempts, timers, clock.timers], [attempts, 1, 0]);
});
