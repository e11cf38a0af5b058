import { FakeClock } from "../../../packages/testing/fake_clock.ts";
import { assertEquals, assertRejects } from "@std/assert";
import { ProviderError } from "../../../core/chat/errors.ts";
import { createParrot, FINISH, toTextEvent } from "../../_parrot.ts";

/** A provider whose first attempts fail. */
function createFailing(failures: readonly (() => Response)[]) {
  const left = [...failures];
  return createParrot({
    answer: () => left.shift()?.() ?? new Response("whole"),
    async *respond(run) {
      const response = await run.post("/");
      yield toTextEvent(await response.text());
      yield FINISH;
    },
  });
}

const toStatus = (status: number, retryAfter?: string) => () =>
  new Response(null, {
    status,
    headers: retryAfter === undefined ? {} : { "retry-after": retryAfter },
  });

Deno.test("Run tries again after failures that a retry may mend", async () => {
  const { provider, clock, requests } = createFailing([
    toStatus(503),
    toStatus(429),
  ]);
  const text = provider.stream("Hi").text();
  await clock.advance(0);
  assertEquals(requests.length, 1);
  await clock.advance(499);
  assertEquals(requests.length, 1);
  await clock.advance(1);
  assertEquals(requests.length, 2);
  await clock.advance(1000);
  assertEquals(await text, "whole");
  assertEquals(requests.length, 3);
});

Deno.test("Run gives up after so many attempts and tells of all [R03]", async () => {
  for (const maxRetries of [0, 1, 2]) {
    const { provider, clock, requests } = createFailing(
      Array(9).fill(toStatus(500)),
    );
    const failed = assertRejects(
      () => provider.generate("Hi", { maxRetries }),
      ProviderError,
    );
    await clock.advance(60_000);
    const { attempts = [], code } = await failed;
    assertEquals(code, "upstream");
    assertEquals(requests.length, 1 + maxRetries);
    assertEquals(
      attempts.map(({ code, status }) => ({ code, status })),
      Array(1 + maxRetries).fill({ code: "upstream", status: 500 }),
    );
  }
});

Deno.test("Run waits as long as the upstream asks", async () => {
  const { provider, clock, requests } = createFailing([toStatus(429, "50")]);
  const text = provider.stream("Hi").text();
  await clock.advance(49_999);
  assertEquals(requests.length, 1);
  await clock.advance(1);
  assertEquals(await text, "whole");
});

Deno.test("Run waits no longer than a minute for the upstream", async () => {
  const { provider, requests } = createFailing([toStatus(429, "61")]);
  const error = await assertRejects(
    () => provider.generate("Hi"),
    ProviderError,
  );
  assertEquals(error.retryAfter, 61_000);
  assertEquals(requests.length, 1);
});

Deno.test("Run does not take the wait before a retry for silence", async () => {
  const { provider, clock } = createFailing([toStatus(429, "60")]);
  const text = provider.stream("Hi").text().catch(String);
  await clock.advance(60_000);
  assertEquals(await text, "whole");
});

Deno.test("Run does not take a back-off for silence", async () => {
  const { provider, clock } = createFailing([toStatus(503)]);
  const text = provider.stream("Hi", { timeouts: { firstToken: 100 } }).text()
    .catch(String);
  await clock.advance(500);
  assertEquals(await text, "whole");
});

Deno.test("Run does not try again what a retry cannot mend", async () => {
  for (const status of [400, 401, 403, 404, 409, 413]) {
    const { provider, requests } = createFailing([toStatus(status)]);
    await assertRejects(() => provider.generate("Hi"), ProviderError);
    assertEquals(requests.length, 1, `${status}`);
  }
});

Deno.test("Run does not try again after the first text", async () => {
  let attempts = 0;
  const { provider } = createParrot({
    async *respond(run) {
      attempts = run.attempt;
      yield toTextEvent("half");
      throw run.fail("Broken", { code: "upstream", retryable: true });
    },
  });
  const error = await assertRejects(
    () => provider.generate("Hi"),
    ProviderError,
  );
  assertEquals(error.code, "upstream");
  assertEquals(attempts, 1);
});

Deno.test("Run rejects with the caller's reason while it waits to retry [A09]", async () => {
  const controller = new AbortController();
  const { provider, clock, requests } = createFailing([toStatus(500)]);
  const text = provider.stream("Hi", { signal: controller.signal }).text();
  await clock.advance(100);
  controller.abort("stop");
  assertEquals(await text.catch((error) => error), "stop");
  assertEquals(requests.length, 1);
  assertEquals(clock.timers, 0);
});

Deno.test("Run tells of an attempt that is left between two pieces", async () => {
  const { provider } = createParrot({
    async *respond() {
      yield toTextEvent("a");
      yield toTextEvent("b");
    },
  });
  const stream = provider.stream("Hi");
  for await (const _event of stream) break;
  assertEquals(stream.attempts, [{
    provider: "Parrot",
    model: "grey",
    startedAt: new FakeClock().now(),
    firstTokenMs: 0,
    endMs: 0,
    code: "aborted",
  }]);
});

Deno.test("Run shares the further attempts of its provider with all other runs", async () => {
  const { provider, clock, requests } = createFailing(
    Array(1_000).fill(toStatus(500)),
  );
  const asks = Array.from(
    { length: 200 },
    () => provider.generate("Hi").catch(() => {}),
  );
  await clock.skipWaits(Promise.all(asks));
  assertEquals(requests.length, 260);
});

Deno.test("Run tries again what an answer tells before its content, unless that was stored", async () => {
  for (const [repeatable, count] of [[true, 3], [false, 1]] as const) {
    const { provider, clock, requests } = createParrot({
      answer: () => Response.json({ error: { message: "Busy", code: 503 } }),
      async *respond(run) {
        const told = await (await run.post("/")).json();
        yield [];
        throw run.toUpstreamError(told, { repeatable });
      },
    });
    const error = await assertRejects(
      () => clock.skipWaits(provider.generate("Hi")),
      ProviderError,
      "upstream failed: Busy (503)",
    );
    assertEquals([error.code, requests.length], ["upstream", count]);
  }
});

Deno.test("Run reads the events that a provider promises", async () => {
  const signal = AbortSignal.abort(new Error("left"));
  const { provider, clock, requests } = createParrot({
    answer: () => new Response("whole"),
    async respond(run) {
      const text = await (await run.post("/")).text();
      return {
        async *[Symbol.asyncIterator]() {
          yield toTextEvent(text);
          yield FINISH;
        },
      };
    },
  });
  assertEquals((await provider.generate("Hi")).text, "whole");
  await assertRejects(() => provider.generate("Hi", { signal }), Error, "left");
  assertEquals([requests.length, clock.timers], [1, 0]);
});

Deno.test("Run waits for a promise of events no longer than its clocks", async () => {
  const leaving = new AbortController();
  const { provider, clock } = createParrot({
    respond: () => new Promise(() => {}),
  });
  const options = { maxRetries: 0, timeouts: { firstToken: 50 } };
  const late = assertRejects(() => provider.generate("Hi", options));
  await clock.advance(50);
  assertEquals((await late as ProviderError).phase, "first-token");
  const left = assertRejects(
    () => provider.generate("Hi", { signal: leaving.signal }),
  );
  await clock.advance(10);
  leaving.abort(new Error("left"));
  assertEquals((await left as Error).message, "left");
  assertEquals(clock.timers, 0);
});
