// What befalls a first route, and what a caller must get all the same.
import { assert, assertEquals, assertRejects } from "@std/assert";
import { type ChatResult, ProviderError } from "../../mod.ts";
import { readAll } from "../../packages/testing/conformance/ending.ts";
import { toWallAnswer } from "./_wall_answer.ts";
import { createSituation, type Situation } from "./_wall_failover.ts";

/** Asks, and checks that the answer is whole and says who gave it. */
async function assertAnswered(
  { failover, settle }: Situation,
  model: string,
): Promise<ChatResult> {
  const result = await settle(failover.generate("Hello"));
  assertEquals(result.text, toWallAnswer(model));
  assertEquals([result.provider, result.model], [`wall-${model}`, model]);
  return result;
}

Deno.test("a failover waits for a short Retry-After, and asks the same route again", async () => {
  const situation = createSituation(["limited-once", "whole"]);
  await assertAnswered(situation, "limited-once");
  const [first = 0, second = 0, ...more] = situation.wall.toTimes(
    "limited-once",
  );
  assert(second - first >= 1_800 && second - first < 3_000);
  assertEquals([more, situation.wall.toTimes("whole")], [[], []]);
});

Deno.test("a failover leaves a route that is limited after a few attempts", async () => {
  const situation = createSituation(["limited", "whole"]);
  await assertAnswered(situation, "whole");
  const times = situation.wall.toTimes("limited");
  assert(times.length <= 6);
  assert(times.filter((time) => time < 3_000).length <= 4);
  assertEquals(situation.wall.toTimes("whole").length, 1);
});

for (const model of ["failing-once", "reset-once"]) {
  Deno.test(`a failover asks the same route again after one failure (${model})`, async () => {
    const situation = createSituation([model, "whole"]);
    const { attempts } = await assertAnswered(situation, model);
    assertEquals(situation.wall.toTimes(model).length, 2);
    assertEquals(situation.wall.toTimes("whole"), []);
    assertEquals(attempts.length, 2);
  });
}

Deno.test("a failover leaves a route that is down, and names who answered", async () => {
  const situation = createSituation(["down", "whole"]);
  const { usage, attempts } = await assertAnswered(situation, "whole");
  assert(situation.wall.toTimes("down").length <= 6);
  assertEquals(usage, { inputTokens: 5, outputTokens: 60, totalTokens: 65 });
  assertEquals(
    attempts.map(({ model, code }) => [model, code]),
    [
      ...situation.wall.toTimes("down").map(() => ["down", "upstream"]),
      ["whole", undefined],
    ],
  );
});

Deno.test("a failover asks another route where one never answers", async () => {
  const situation = createSituation(["silent", "whole"]);
  await assertAnswered(situation, "whole");
  assertEquals(situation.wall.toTimes("silent").length, 1);
  assertEquals(situation.elapsed(), 10_000);
  // The one that lost is let go.
  assertEquals(situation.wall.requests.map(({ isLeft }) => isLeft), [
    true,
    false,
  ]);
});

Deno.test("a failover without hedging leaves a route that never answers", async () => {
  const situation = createSituation(["silent", "whole"], { hedgeAfter: null });
  await assertAnswered(situation, "whole");
  assertEquals(situation.wall.toTimes("silent").length, 1);
  assertEquals(situation.elapsed(), 30_000);
});

Deno.test("a failover does not wait for a first token that comes late", async () => {
  const situation = createSituation(["slow", "whole"]);
  await assertAnswered(situation, "whole");
  assert(situation.elapsed() <= 15_000);
  assertEquals(situation.wall.toTimes("slow").length, 1);
});

for (
  const [model, reason] of [
    ["cut", "incomplete"],
    ["broken", "incomplete"],
    ["stalling", "timeout"],
    ["stalling-long", "timeout"],
  ] as const
) {
  Deno.test(`a failover gives a whole answer where one breaks off (${model})`, async () => {
    const situation = createSituation([model, "whole"]);
    const { attempts } = await assertAnswered(situation, "whole");
    assert(situation.elapsed() <= 30_000);
    assertEquals(situation.wall.requests.length, 2);
    assertEquals(attempts.map(({ code }) => code), [reason, undefined]);
  });
}

Deno.test("a failover skips a chunk that is malformed", async () => {
  const situation = createSituation(["malformed", "whole"]);
  const { warnings } = await assertAnswered(situation, "malformed");
  assertEquals(warnings.map(({ code }) => code), ["malformed-chunk"]);
  assertEquals(situation.wall.requests.length, 1);
});

for (const model of ["unmarked", "unmarked-open"]) {
  Deno.test(`a failover ends promptly without [DONE], and tells the usage (${model})`, async () => {
    const situation = createSituation([model, "whole"]);
    const { usage } = await assertAnswered(situation, model);
    assertEquals(usage?.inputTokens, model.length);
    assert(situation.elapsed() <= 5_000);
    assertEquals(situation.wall.requests.length, 1);
  });
}

Deno.test("a failover asks another route where the prompt is too long for one", async () => {
  const situation = createSituation(["short", "whole"]);
  const { attempts } = await assertAnswered(situation, "whole");
  assertEquals(situation.wall.requests.length, 2);
  assertEquals(attempts[0]?.code, "context-length");
});

Deno.test("a failover asks nobody else where content is refused", async () => {
  const { wall, failover, settle } = createSituation(["strict", "whole"]);
  const error = await assertRejects(
    () => settle(failover.generate("Hello")),
    ProviderError,
    "safety system",
  );
  assertEquals([error.code, error.status], ["content-filter", 400]);
  assertEquals(wall.requests.map(({ model }) => model), ["strict"]);
});

Deno.test("a failover never asks a route to go on with half an answer", async () => {
  const situation = createSituation(["cut", "no-prefill"]);
  const { attempts } = await assertAnswered(situation, "no-prefill");
  assertEquals(attempts.map(({ code }) => code), ["incomplete", undefined]);
  assertEquals(situation.wall.requests.map(({ roles }) => roles), [
    ["user"],
    ["user"],
  ]);
});

Deno.test("a failover says what the reader of a stream is to forget", async () => {
  const { failover, settle } = createSituation(["cut", "whole"]);
  const { events } = await settle(readAll(failover.stream("Hello")));
  const shown = toWallAnswer("cut").split(" ").slice(0, 41).join(" ");
  assertEquals(events.find(({ type }) => type === "restart"), {
    type: "restart",
    discard: shown.length,
    reason: "incomplete",
    provider: "wall-whole",
    model: "whole",
  });
});
