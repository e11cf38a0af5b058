import { assertEquals, assertRejects } from "@std/assert";
import { parseConversation, ProviderError } from "../../mod.ts";
import type { ProviderDefinition } from "../../core/provider.ts";
import { flush } from "@parley/testing";
import { createStage, type Stage, type Step } from "./_actors.ts";
import { createFailover, type FailoverOptions } from "../../failover/mod.ts";

/** How often each actor was asked, and how often it was left. */
function count({ actors }: Stage) {
  return actors.map(({ runs, left }) => [runs.length, left]);
}

Deno.test("raceRoutes() gives the first route a head start, then asks the next one too", async () => {
  const stage = createStage([[12_000, "late"], [1_000, "soon"]]);
  const { text, attempts } = await stage.settle(stage.failover.generate("Hi"));
  assertEquals([text, stage.elapsed()], ["soon", 11_000]);
  assertEquals(count(stage), [[1, 1], [1, 0]]);
  assertEquals(attempts.map(({ code }) => code), ["aborted", undefined]);
  assertEquals(stage.clock.timers, 0);
});

Deno.test("raceRoutes() lets the first route win that speaks before the other", async () => {
  const stage = createStage([[12_000, "late"], [5_000, "later"]]);
  const { text, attempts } = await stage.settle(stage.failover.generate("Hi"));
  // The last attempt is the one that answers.
  assertEquals(attempts.map(({ model, code }) => [model, code]), [
    ["b", "aborted"],
    ["a", undefined],
  ]);
  assertEquals([text, stage.elapsed()], ["late", 12_000]);
  assertEquals(count(stage), [[1, 0], [1, 1]]);
});

Deno.test("raceRoutes() asks one route after the other where there is no hedging", async () => {
  const stage = createStage([[25_000, "late"], ["soon"]], { hedgeAfter: null });
  const { text } = await stage.settle(stage.failover.generate("Hi"));
  assertEquals([text, stage.elapsed()], ["late", 25_000]);
  assertEquals(count(stage), [[1, 0], [0, 0]]);
});

Deno.test("raceRoutes() does not ask two routes for what comes in one piece", async () => {
  const stage = createStage([[50_000, "late"], ["soon"]]);
  const { text } = await stage.settle(
    stage.failover.generate("Hi", { stream: false }),
  );
  assertEquals([text, count(stage)], ["late", [[1, 0], [0, 0]]]);
});

Deno.test("raceRoutes() asks each further route after the same silence", async () => {
  const stage = createStage([[Infinity], [Infinity], [1, "C"]], {
    hedgeAfter: 3_000,
  });
  const { text } = await stage.settle(stage.failover.generate("Hi"));
  assertEquals([text, stage.elapsed()], ["C", 6_001]);
  assertEquals(count(stage), [[1, 1], [1, 1], [1, 0]]);
});

Deno.test("raceRoutes() asks the next route at once where the youngest fails", async () => {
  const stage = createStage([[Infinity], [500, { code: "upstream" }], ["C"]]);
  const { text } = await stage.settle(stage.failover.generate("Hi"));
  // The first has had its time.
  assertEquals([text, stage.elapsed()], ["C", 10_500]);
});

Deno.test("raceRoutes() gives the youngest route its time where an older one fails", async () => {
  const stage = createStage([
    [11_000, { code: "upstream" }],
    [9_000, "B"],
    ["C"],
  ]);
  const { text } = await stage.settle(stage.failover.generate("Hi"));
  assertEquals([text, stage.elapsed()], ["B", 19_000]);
  assertEquals(count(stage), [[1, 0], [1, 0], [0, 0]]);
});

Deno.test("raceRoutes() takes reasoning for a first word, and a warning for none", async () => {
  const warning = { type: "warning", code: "x", message: "y" } as const;
  const stage = createStage([
    [warning, Infinity],
    [{ type: "reasoning", text: "hm" }, 15_000, "B"],
    ["C"],
  ]);
  const { text, warnings } = await stage.settle(stage.failover.generate("Hi"));
  assertEquals([text, warnings], ["B", []]);
  assertEquals(count(stage), [[1, 1], [1, 0], [0, 0]]);
});

Deno.test("raceRoutes() goes on with the first route where the other refuses the request", async () => {
  const stage = createStage([
    [12_000, "A"],
    [100, { code: "invalid-request" }],
  ]);
  const { text } = await stage.settle(stage.failover.generate("Hi"));
  assertEquals(text, "A");
});

Deno.test("raceRoutes() ends with what the first route says is wrong", async () => {
  const stage = createStage([
    [12_000, { code: "invalid-request" }],
    [Infinity],
    ["C"],
  ]);
  const error = await assertRejects(
    () => stage.settle(stage.failover.generate("Hi")),
    ProviderError,
  );
  assertEquals([error.code, error.provider], ["invalid-request", "A"]);
  assertEquals(count(stage), [[1, 0], [1, 1], [0, 0]]);
});

Deno.test("raceRoutes() tells why the first route failed where all do", async () => {
  const stage = createStage([
    [12_000, { code: "upstream" }],
    [100, { code: "invalid-request" }],
  ]);
  const error = await assertRejects(
    () => stage.settle(stage.failover.generate("Hi")),
    ProviderError,
  );
  assertEquals([error.code, error.provider], ["upstream", "A"]);
  assertEquals(error.attempts?.map(({ code }) => code), [
    "upstream",
    "invalid-request",
  ]);
});

Deno.test("raceRoutes() does not ask a route that is left alone beside one that is silent", async () => {
  const stage = createStage([[20_000, "A"], [{ code: "upstream" }]], {
    breaker: { failures: 1, coolDown: 60_000, maxCoolDown: 60_000 },
    hedgeAfter: 1_000,
  });
  const first = await stage.settle(stage.failover.generate("Hi"));
  assertEquals([first.text, count(stage)], ["A", [[1, 0], [1, 0]]]);
  const second = await stage.settle(stage.failover.generate("Hi"));
  assertEquals([second.text, count(stage)], ["A", [[2, 0], [1, 0]]]);
});

Deno.test("raceRoutes() lets go of all routes where the caller leaves", async () => {
  const stage = createStage([[Infinity], [Infinity]]);
  const stream = stage.failover.stream("Hi");
  const waiting = stream.next().catch((error) => error);
  await flush();
  await stage.clock.advance(10_000);
  await flush();
  assertEquals(count(stage), [[1, 0], [1, 0]]);
  await stream.return();
  await waiting;
  await flush();
  assertEquals(count(stage), [[1, 1], [1, 1]]);
  assertEquals(stage.clock.timers, 0);
});

/** Two routes that race, of which the first breaks off. */
interface Race {
  readonly breaking?: readonly Step[];
  readonly slower?: readonly Step[];
  readonly options?: FailoverOptions;
  readonly maxRetries?: number;
  readonly definition?: Partial<ProviderDefinition>;
  /** Whether the slower route is a failover before it. */
  readonly isNested?: boolean;
}

Deno.test("raceRoutes() leaves a slower route to be asked again where the quicker one breaks off", async () => {
  const cut = { code: "incomplete" } as const;
  const isBusy = {
    code: "rate-limit",
    retryable: true,
    retryAfter: 4_000,
  } as const;
  const races: Readonly<Record<string, Race>> = {
    "it is whole": {},
    "it is whole behind another failover": { isNested: true },
    "it keeps the chat behind another failover": {
      isNested: true,
      definition: { parseConversation },
    },
    "it has made its last attempt behind another failover": {
      isNested: true,
      maxRetries: 0,
    },
    "it has made its last attempt": { maxRetries: 0 },
    "it waits to try again": { slower: [isBusy] },
    "it keeps the chat": { definition: { parseConversation } },
    "it has opened": {
      breaking: [5_000, "Good", cut],
      options: { hedgeAfter: 1_000, breaker: { failures: 1 } },
    },
  };
  for (const [what, race] of Object.entries(races)) {
    const { breaking = [11_000, "Good", cut], slower = [5_000, "Good day"] } =
      race;
    const { options, maxRetries = 1, definition, isNested } = race;
    const stage = createStage(
      [breaking, slower],
      options,
      [{}, { maxRetries }],
      definition,
    );
    const { clock, actors: [quick, slow] } = stage;
    const inner = slow &&
      createFailover([{ provider: slow.provider, maxRetries }], {
        clock,
      });
    const failover = quick && inner && isNested
      ? createFailover([quick.provider, inner], { clock })
      : stage.failover;
    const { text } = await stage.settle(failover.generate("Hi"))
      .catch(() => ({ text: undefined }));
    const isSaved = what.startsWith("it is whole");
    assertEquals(text, isSaved ? "Good day" : undefined, what);
    assertEquals(stage.actors.map(({ runs }) => runs.length), [
      1,
      isSaved ? 2 : 1,
    ]);
    assertEquals(stage.actors.map(({ open }) => open), [0, 0]);
    assertEquals(stage.clock.timers, 0);
  }
});

Deno.test("raceRoutes() asks a failover again where none of its routes has failed", async () => {
  for (const hasFailed of [false, true]) {
    const { actors, clock, settle } = createStage(
      [
        [11_000, "Good", { code: "incomplete" }],
        hasFailed ? [{ code: "upstream" }] : [12_000, "late"],
        [30_000, "Good day"],
      ],
      {},
    );
    const [quick, ...others] = actors.map(({ provider }) => ({
      provider,
      maxRetries: 1,
    }));
    if (quick === undefined) throw new Error();
    const inner = createFailover(others, { clock, hedgeAfter: 10_000 });
    const failover = createFailover([quick, inner], { clock, hedgeAfter: 1 });
    const { text } = await settle(failover.generate("Hi"))
      .catch(() => ({ text: undefined }));
    assertEquals([text, actors.map(({ runs }) => runs.length)], [
      hasFailed ? undefined : "late",
      hasFailed ? [1, 1, 1] : [1, 2, 2],
    ]);
    assertEquals(clock.timers, 0);
  }
});
