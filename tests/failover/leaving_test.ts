// Who leaves, in whatever phase: it ends at once, and nothing is left.
import { assertEquals, assertStrictEquals } from "@std/assert";
import type { FailoverOptions, OnPartial } from "../../failover/mod.ts";
import type { ChatStream } from "../../mod.ts";
import { CountedSignal } from "../../packages/testing/conformance/counted_signal.ts";
import { flush } from "@parley/testing";
import { createStage, type Stage, type Step } from "./_actors.ts";

/** A phase of a run: how it is reached, and who is being asked in it. */
interface Phase {
  readonly name: string;
  readonly scripts: readonly (readonly Step[])[];
  readonly options?: FailoverOptions;
  /** Milliseconds until it is reached. */
  readonly ms: number;
  /** How often each route was asked. */
  readonly asked: readonly number[];
  /** How often each was left. */
  readonly left: readonly number[];
}

const SLOW_STORE = {
  get: () => new Promise<never>(() => {}),
  update: () => Promise.resolve(),
};

const PHASES: readonly Phase[] = [
  {
    name: "while the store is read",
    scripts: [["A"]],
    options: { store: SLOW_STORE },
    ms: 500,
    asked: [0],
    left: [0],
  },
  {
    name: "while the first route is silent",
    scripts: [[Infinity], ["B"]],
    ms: 5_000,
    asked: [1, 0],
    left: [1, 0],
  },
  {
    name: "while two routes are silent",
    scripts: [[Infinity], [Infinity], ["C"]],
    ms: 15_000,
    asked: [1, 1, 0],
    left: [1, 1, 0],
  },
  {
    name: "within an answer",
    scripts: [["a", Infinity], ["B"]],
    ms: 15_000,
    asked: [1, 0],
    left: [1, 0],
  },
  {
    name: "within an answer that won a race",
    scripts: [[Infinity], ["b", Infinity]],
    ms: 11_000,
    asked: [1, 1],
    left: [1, 1],
  },
  {
    name: "after an answer broke off",
    scripts: [["a", { code: "incomplete" }], [Infinity], ["C"]],
    ms: 5_000,
    asked: [1, 1, 0],
    left: [0, 1, 0],
  },
];

/** Starts to read, and goes on to a phase. */
async function reach(
  { scripts, options, ms }: Phase,
  onPartial: OnPartial,
  signal?: AbortSignal,
) {
  const stage = createStage(scripts, { onPartial, ...options });
  const stream = stage.failover.stream("Hi", { signal });
  const ending = read(stream);
  await flush();
  await stage.clock.advance(ms);
  await flush();
  return { stage, stream, ending };
}

/** Reads to the end; gives what is thrown. */
async function read(stream: ChatStream): Promise<unknown> {
  try {
    for await (const { type } of stream) assertEquals(type === "finish", false);
    return "left";
  } catch (error) {
    return error;
  }
}

async function assertNothingLeft(
  { clock, actors }: Stage,
  { asked, left }: Phase,
): Promise<void> {
  await flush();
  // A store that hangs is given up after a second, whoever waits for it.
  if (asked[0] === 0) await clock.advance(1_000);
  assertEquals(clock.timers, 0);
  await clock.advance(600_000);
  assertEquals(actors.map(({ runs }) => runs.length), asked);
  assertEquals(actors.map((actor) => actor.left), left);
}

for (const phase of PHASES) {
  for (const onPartial of ["restart", "match", "hold"] as const) {
    Deno.test(`a failover ends for an abort ${phase.name} (${onPartial})`, async () => {
      const counted = new CountedSignal();
      const { stage, ending } = await reach(phase, onPartial, counted.signal);
      const reason = { enough: true };
      counted.controller.abort(reason);
      assertStrictEquals(await ending, reason);
      await assertNothingLeft(stage, phase);
      assertEquals([counted.added > 0, counted.listeners], [true, 0]);
    });
  }

  Deno.test(`a failover ends for a return ${phase.name}`, async () => {
    const { stage, stream, ending } = await reach(phase, "restart");
    await stream.return();
    assertEquals(await ending, "left");
    await assertNothingLeft(stage, phase);
  });
}

Deno.test("a failover leaves no listener on the signal of its caller", async () => {
  const counted = new CountedSignal();
  const stage = createStage([
    ["a", { code: "incomplete" }],
    [11_000, "B"],
    [2_000, "C"],
  ]);
  const { signal } = counted;
  const answer = stage.failover.generate("Hi", { signal });
  assertEquals((await stage.settle(answer)).text, "B");
  assertEquals([counted.added > 0, counted.listeners], [true, 0]);
  assertEquals(stage.clock.timers, 0);
});

Deno.test("a failover asks nobody for a signal that is aborted", async () => {
  const stage = createStage([["A"]]);
  const reason = new Error("before");
  const stream = stage.failover.stream("Hi", {
    signal: AbortSignal.abort(reason),
  });
  assertStrictEquals(await read(stream), reason);
  assertEquals(stage.actors[0]?.runs.length, 0);
});

Deno.test("a failover lets go of its route where a loop is left", async () => {
  const stage = createStage([["a", "b", Infinity], ["B"]]);
  for await (const event of stage.failover.stream("Hi")) {
    if (event.type === "text") break;
  }
  await flush();
  assertEquals(stage.actors.map(({ left }) => left), [1, 0]);
  assertEquals(stage.clock.timers, 0);
});

Deno.test("a failover asks nobody before it is read", async () => {
  const stage = createStage([["A"]]);
  const stream = stage.failover.stream("Hi");
  await stage.clock.advance(1_000);
  assertEquals(stage.actors[0]?.runs.length, 0);
  assertEquals(await stage.settle(stream.text()), "A");
});
