import { assertEquals, assertRejects } from "@std/assert";
import { ProviderError, type Timeouts } from "../../mod.ts";
import { createStage, type Stage } from "./_actors.ts";

/** Lets a run fail by a clock. */
async function expire(
  stage: Stage,
  timeouts?: Timeouts,
): Promise<ProviderError> {
  const error = await assertRejects(
    () => stage.settle(stage.failover.generate("Hi", { timeouts })),
    ProviderError,
  );
  assertEquals([error.code, stage.clock.timers], ["timeout", 0]);
  return error;
}

Deno.test("the clock total of a failover is that of the whole run", async () => {
  const stage = createStage([
    [50_000, { code: "upstream" }],
    [50_000, { code: "upstream" }],
    [Infinity],
  ], { hedgeAfter: null, timeouts: { total: 120_000, firstToken: null } });
  const error = await expire(stage);
  assertEquals([error.phase, stage.elapsed()], ["total", 120_000]);
  assertEquals(error.provider, "Failover");
  assertEquals(error.attempts?.map(({ code }) => code), [
    "upstream",
    "upstream",
    "timeout",
  ]);
});

Deno.test("the clocks of a caller count for every route", async () => {
  const stage = createStage([[Infinity], [Infinity]], { hedgeAfter: null });
  const error = await expire(stage, { firstToken: 3_000 });
  assertEquals([error.phase, error.provider], ["first-token", "A"]);
  assertEquals(stage.elapsed(), 6_000);
});

Deno.test("the clocks of a failover count for every route", async () => {
  const stage = createStage([["a", Infinity], [Infinity]], {
    hedgeAfter: null,
    timeouts: { idle: 2_000, firstToken: 5_000 },
  });
  const error = await expire(stage);
  assertEquals([error.phase, error.provider], ["idle", "A"]);
  assertEquals(error.partial?.text, "a");
  assertEquals(stage.elapsed(), 7_000);
});

Deno.test("the clocks of a route count for it alone", async () => {
  const stage = createStage([[Infinity], [4_000, "B"]], {
    hedgeAfter: null,
    timeouts: { firstToken: 5_000 },
  }, [{ timeouts: { firstToken: 1_000 } }]);
  const { text } = await stage.settle(
    stage.failover.generate("Hi", { timeouts: { firstToken: 20_000 } }),
  );
  assertEquals([text, stage.elapsed()], ["B", 5_000]);
});

Deno.test("the clock total of a route ends that route, and not the run", async () => {
  const stage = createStage([["a", 9_000, "b"], [2_000, "B"]], {}, [{
    timeouts: { total: 3_000 },
  }]);
  const { text, attempts } = await stage.settle(stage.failover.generate("Hi"));
  assertEquals([text, stage.elapsed()], ["B", 5_000]);
  assertEquals(attempts.map(({ code }) => code), ["timeout", undefined]);
});

Deno.test("a slow reader is no silence of a route", async () => {
  const { failover, clock, settle, elapsed } = createStage([
    ["a", 1_000, "b", 1_000, "c"],
    ["B"],
  ], { timeouts: { idle: 2_000 } });
  let text = "";
  const stream = failover.stream("Hi");
  for (;;) {
    const { value: event } = await settle(stream.next());
    if (event === undefined) break;
    if (event.type === "text") text += event.text;
    await clock.advance(50_000);
  }
  assertEquals(text, "abc");
  assertEquals(elapsed() > 150_000, true);
});

Deno.test("a route with retries of its own is asked as often as it says", async () => {
  const failing = [{ code: "upstream", retryable: true }] as const;
  const stage = createStage([failing, failing, ["C"]], {}, [
    { maxRetries: 3 },
    { maxRetries: 0 },
  ]);
  const { text } = await stage.settle(
    stage.failover.generate("Hi", { maxRetries: 1 }),
  );
  assertEquals(text, "C");
  assertEquals(stage.actors.map(({ runs }) => runs.length), [4, 1, 1]);
});

Deno.test("a long Retry-After is waited for only where no other route is left", async () => {
  const limited = (retryAfter: number) =>
    ({ code: "rate-limit", retryable: true, retryAfter }) as const;
  for (
    const { wait, maxRetryDelay, asked } of [
      { wait: 5_000, maxRetryDelay: undefined, asked: [2, 1] },
      { wait: 5_001, maxRetryDelay: undefined, asked: [1, 1] },
      // What the caller bears at most counts, too.
      { wait: 4_000, maxRetryDelay: 3_000, asked: [1, 1] },
      { wait: 20_000, maxRetryDelay: 30_000, asked: [1, 1] },
    ]
  ) {
    const stage = createStage([[limited(wait)], ["B"]], { hedgeAfter: null });
    const options = { maxRetries: 1, maxRetryDelay };
    await stage.settle(stage.failover.generate("Hi", options));
    assertEquals(stage.actors.map(({ runs }) => runs.length), asked);
  }
  const alone = createStage([[limited(20_000)]]);
  await assertRejects(
    () => alone.settle(alone.failover.generate("Hi", { maxRetries: 1 })),
    ProviderError,
  );
  assertEquals(alone.actors[0]?.runs.length, 2);
});
