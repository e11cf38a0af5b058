import { assert, assertEquals, assertMatch } from "@std/assert";
import { ProviderError } from "@parley/chat";
import { FakeClock, flush } from "@parley/testing";
import { FINISH, hang, toTextEvent } from "../../../../tests/_parrot.ts";
import { ask, createParrotGateway, readError } from "../_gateway.ts";

Deno.test("an upstream that fails after the first byte ends in one error event [W15]", async () => {
  const gateway = createParrotGateway(async function* () {
    yield toTextEvent("Good");
    throw new ProviderError("Connection broke off", { code: "network" });
  });
  const response = await ask(gateway, { stream: true });
  assertEquals(response.status, 200);
  const text = await response.text();
  assert(!text.includes("[DONE]"));
  const [, last] = text.split("event: error\ndata: ");
  assertMatch(last ?? "", /^\{.*\}\n\n$/);
  assertEquals(JSON.parse(last ?? ""), {
    error: {
      message: 'Cannot stream from "Parrot": connection broke off',
      type: "server_error",
      param: null,
      code: "network",
    },
  });
});

Deno.test("the status waits for the first content", async () => {
  const clock = new FakeClock();
  let speak = () => {};
  const gateway = createParrotGateway(async function* () {
    yield { type: "warning", code: "x", message: "x" };
    await new Promise<void>((resolve) => speak = resolve);
    throw new ProviderError("No", { code: "rate-limit", retryAfter: 2_500 });
  }, { clock });
  let isSettled = false;
  const answer = ask(gateway, { stream: true })
    .finally(() => isSettled = true);
  await clock.advance(40_000);
  assertEquals(isSettled, false);
  speak();
  const response = await answer;
  assertEquals(response.status, 429);
  assertEquals(response.headers.get("retry-after"), "3");
  assertEquals((await readError(response)).code, "rate_limit_exceeded");
});

Deno.test("the status waits no longer than it may", async () => {
  const clock = new FakeClock();
  let speak = () => {};
  const gateway = createParrotGateway(async function* () {
    yield* [];
    await new Promise<void>((resolve) => speak = resolve);
    throw new ProviderError("No", { code: "rate-limit" });
  }, { clock, holdHead: 40_000, keepAlive: 10_000 });
  const answer = ask(gateway, { stream: true });
  await clock.advance(40_000);
  const response = await answer;
  assertEquals(response.status, 200);
  const text = response.text();
  await clock.advance(10_000);
  speak();
  const [first, second, event, data] = (await text).split("\n").filter(Boolean);
  // One with the status, and one for the silence after it.
  assertEquals([first, second, event], [": ping", ": ping", "event: error"]);
  assert(data?.includes("rate_limit_exceeded"));
  assertEquals(clock.timers, 0);
});

Deno.test("a stream that is silent says so each 15 s [W18]", async () => {
  const clock = new FakeClock();
  let speak = () => {};
  const gateway = createParrotGateway(async function* () {
    yield toTextEvent("Good");
    await new Promise<void>((resolve) => speak = resolve);
    yield [toTextEvent(" day"), FINISH];
  }, { clock });
  const { body } = await ask(gateway, { stream: true });
  const pieces: string[] = [];
  const reading = (async () => {
    const text = body?.pipeThrough(new TextDecoderStream()) ?? [];
    for await (const piece of text) pieces.push(piece);
  })();
  await clock.advance(14_999);
  assertEquals(pieces.length, 1);
  await clock.advance(1);
  assertEquals(pieces.slice(1), [": ping\n\n"]);
  await clock.advance(15_000);
  assertEquals(pieces.slice(1), [": ping\n\n", ": ping\n\n"]);
  speak();
  await reading;
  assertEquals(pieces.filter((piece) => piece === ": ping\n\n").length, 2);
  assert(pieces.at(-1)?.endsWith("data: [DONE]\n\n"));
  assertEquals(clock.timers, 0);
});

Deno.test("a stream is read no faster than its reader reads", async () => {
  let said = 0;
  const gateway = createParrotGateway(async function* () {
    for (; said < 1_000; said++) yield toTextEvent("x");
    yield FINISH;
  });
  const { body } = await ask(gateway, { stream: true });
  const reader = body?.getReader();
  for (let index = 0; index < 3; index++) await reader?.read();
  await flush();
  assert(said <= 4, `${said} were read`);
  await reader?.cancel();
});

Deno.test("an answer that cannot be written ends the run", async () => {
  const ended = Promise.withResolvers<void>();
  const gateway = createParrotGateway(async function* (run) {
    try {
      yield [toTextEvent("Good"), {
        type: "restart",
        discard: 4,
        reason: "network",
        provider: "Other",
        model: "blue",
      }];
      await hang(run);
    } finally {
      ended.resolve();
    }
  });
  const response = await ask(gateway, { stream: true });
  assertEquals(response.status, 502);
  assertEquals((await readError(response)).code, "incomplete");
  await ended.promise;
});

Deno.test("a reader that leaves ends the run", async () => {
  const clock = new FakeClock();
  const ended = Promise.withResolvers<void>();
  const gateway = createParrotGateway(async function* (run) {
    try {
      yield toTextEvent("Good");
      await hang(run);
    } finally {
      ended.resolve();
    }
  }, { clock });
  const { body } = await ask(gateway, { stream: true });
  const reader = body?.getReader();
  await reader?.read();
  const waiting = reader?.read();
  await flush();
  await reader?.cancel();
  await ended.promise;
  assertEquals((await waiting)?.done, true);
  assertEquals(clock.timers, 0);
});

Deno.test("a client that leaves before the first byte ends the run", async () => {
  const ended = Promise.withResolvers<void>();
  const gateway = createParrotGateway(async function* (run) {
    try {
      yield* [];
      await hang(run);
    } finally {
      ended.resolve();
    }
  });
  const controller = new AbortController();
  const { signal } = controller;
  const answer = ask(gateway, { stream: true }, { signal });
  await flush();
  controller.abort();
  await ended.promise;
  assertEquals((await answer).status, 499);
});
