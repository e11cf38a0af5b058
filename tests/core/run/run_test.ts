import {
  assert,
  assertEquals,
  assertRejects,
  assertStrictEquals,
} from "@std/assert";
import { parseConversation } from "../../../core/run/parse_conversation.ts";
import { ProviderError } from "../../../core/chat/errors.ts";
import { flush } from "../../../packages/testing/fake_clock.ts";
import { createParrot, FINISH, hang, toTextEvent } from "../../_parrot.ts";

const CONVERSATION = parseConversation({
  version: 1,
  provider: "Parrot",
  origin: "https://parrot.example",
  id: "1",
  model: "green",
  systemPrompt: "",
  cookies: { session: "c0ffee" },
});

Deno.test("Run gives the events up to finish and asks for no more", async () => {
  let isLeft = false;
  const { provider } = createParrot({
    async *respond() {
      try {
        yield [toTextEvent("a"), toTextEvent("b")];
        yield FINISH;
        yield toTextEvent("late");
      } finally {
        isLeft = true;
      }
    },
  });
  const events = await Array.fromAsync(provider.stream("Hi"));
  assertEquals(events, [toTextEvent("a"), toTextEvent("b"), FINISH]);
  assert(isLeft);
});

Deno.test("Run without finish is incomplete and keeps the partial answer", async () => {
  const { provider, clock } = createParrot({
    async *respond() {
      yield toTextEvent("half");
    },
  });
  const error = await assertRejects(
    () => provider.generate("Hi"),
    ProviderError,
  );
  assertEquals(error.code, "incomplete");
  assertEquals(error.partial?.text, "half");
  assertEquals(error.attempts?.length, 1);
  assertEquals(clock.timers, 0);
});

Deno.test("Run does not start before it is read", async () => {
  let runs = 0;
  const { provider, clock } = createParrot({
    async *respond() {
      runs++;
      yield [toTextEvent("whole"), FINISH];
    },
  });
  const stream = provider.stream("Hi");
  await flush();
  assertEquals(runs, 0);
  assertEquals(clock.timers, 0);
  assertEquals(await stream.text(), "whole");
  assertEquals(clock.timers, 0);
});

Deno.test("Run ends with the phase of the clock that ran out, and no retry", async () => {
  for (
    const [phase, timeouts] of [
      ["first-token", { firstToken: 100 }],
      ["total", { total: 100 }],
    ] as const
  ) {
    let attempts = 0;
    const { provider, clock } = createParrot({
      async *respond(run) {
        attempts = run.attempt;
        yield { type: "warning", code: "x", message: "no content" };
        await hang(run);
      },
      options: { timeouts },
    });
    const failed = assertRejects(() => provider.generate("Hi"), ProviderError);
    await clock.advance(100);
    const error = await failed;
    assertEquals([error.code, error.phase], ["timeout", phase]);
    assertEquals(attempts, 1);
    assertEquals(clock.timers, 0);
  }
});

Deno.test("Run of a provider that heeds no signal ends all the same", async () => {
  const { provider, clock } = createParrot({
    async *respond() {
      yield toTextEvent("a");
      await new Promise(() => {});
    },
    options: { timeouts: { idle: 100 } },
  });
  const failed = assertRejects(() => provider.generate("Hi"), ProviderError);
  await clock.advance(100);
  assertEquals((await failed).phase, "idle");
});

Deno.test("Run rejects with the caller's reason, untouched [A03]", async () => {
  const controller = new AbortController();
  const { provider, clock } = createParrot({
    async *respond(run) {
      yield toTextEvent("a");
      await hang(run);
    },
  });
  const { signal } = controller;
  const stream = provider.stream("Hi", { signal });
  await stream.next();
  const waiting = stream.next();
  const reason = { mine: true };
  controller.abort(reason);
  assertStrictEquals(await waiting.catch((error) => error), reason);
  assertEquals(stream.partial.text, "a");
  assertEquals(clock.timers, 0);
});

Deno.test("Run tells a provider's own mistake without its stack", async () => {
  const { provider } = createParrot({
    respond() {
      throw new RangeError("my secret prompt is here");
    },
  });
  const error = await assertRejects(
    () => provider.generate("my secret prompt is here"),
    ProviderError,
  );
  assertEquals(error.code, "bad-response");
  assert(!Deno.inspect(error).includes("secret prompt"));
});

Deno.test("Run gives the conversation only when it ends well [C12]", async () => {
  const create = (isWhole: boolean) =>
    createParrot({
      async *respond(run) {
        run.conversation = CONVERSATION;
        yield toTextEvent("a");
        if (isWhole) yield FINISH;
      },
    }).provider;
  const { conversation } = await create(true).generate("Hi");
  assertEquals(conversation?.id, "1");
  assert(!Deno.inspect(conversation).includes("c0ffee"));
  const types: string[] = [];
  await assertRejects(async () => {
    for await (const { type } of create(false).stream("Hi")) types.push(type);
  });
  assertEquals(types, ["text"]);
});

Deno.test("Run refuses a conversation that another run is using [C11]", async () => {
  const { provider } = createParrot({
    async *respond(run) {
      if (run.attempt > 0 && run.messages[0]?.content === "wait") {
        await hang(run);
      }
      yield FINISH;
    },
    definition: { parseConversation },
  });
  const options = { conversation: CONVERSATION };
  const first = provider.stream("wait", options);
  const waiting = first.next();
  await flush();
  const error = await assertRejects(
    () => provider.generate("Hi", options),
    ProviderError,
  );
  assertEquals(error.code, "conflict");
  await first.cancel();
  assertEquals((await waiting).done, true);
  // It is free again.
  assertEquals((await provider.generate("Hi", options)).finishReason, "stop");
});

Deno.test("Run tells of settings that have no effect before anything else", async () => {
  const { provider } = createParrot({
    async *respond() {
      yield FINISH;
    },
  });
  const [first] = await Array.fromAsync(provider.stream("Hi", { topP: 0.5 }));
  assertEquals(first?.type, "warning");
});
