// What a caller learns of an answer, and of everything that it took.
import { assertEquals, assertRejects } from "@std/assert";
import { createFailover, type OnPartial } from "../../failover/mod.ts";
import { type ChatEvent, ProviderError } from "../../mod.ts";
import { readAll } from "../../packages/testing/conformance/ending.ts";
import { FakeClock } from "@parley/testing";
import { createActor, createStage } from "./_actors.ts";

const START = new FakeClock().now();
const BROKEN = { code: "incomplete" } as const;

Deno.test("createFailover() says first who answers, and last what it took", async () => {
  const { failover, settle } = createStage([[{ code: "upstream" }], [
    1_000,
    "B",
  ]]);
  const { events } = await settle(readAll(failover.stream("Hi")));
  assertEquals(events.map(({ type }) => type), [
    "route",
    "text",
    "conversation",
    "finish",
  ]);
  assertEquals(events[0], { type: "route", provider: "B", model: "b" });
  assertEquals(events.at(-1), {
    type: "finish",
    reason: "stop",
    provider: "B",
    model: "b",
    attempts: [
      {
        provider: "A",
        model: "a",
        startedAt: START,
        endMs: 0,
        code: "upstream",
        message: "It fails: upstream",
      },
      {
        provider: "B",
        model: "b",
        startedAt: START,
        firstTokenMs: 1_000,
        endMs: 1_000,
      },
    ],
  });
});

Deno.test("createFailover() tells of every attempt, while it runs and when it fails", async () => {
  const { failover, settle } = createStage([
    [5, { code: "rate-limit" }],
    ["b", 10, { code: "network" }],
    [{ code: "authentication" }],
  ]);
  const stream = failover.stream("Hi");
  const error = await assertRejects(
    () => settle(stream.text()),
    ProviderError,
  );
  const attempts = [
    {
      provider: "A",
      model: "a",
      startedAt: START,
      endMs: 5,
      code: "rate-limit" as const,
      message: "It fails: rate-limit",
    },
    {
      provider: "B",
      model: "b",
      startedAt: START + 5,
      firstTokenMs: 0,
      endMs: 10,
      code: "network" as const,
      message: "It fails: network",
    },
    {
      provider: "C",
      model: "c",
      startedAt: START + 15,
      endMs: 0,
      code: "authentication" as const,
      message: "It fails: authentication",
    },
  ];
  assertEquals(error.attempts, attempts);
  assertEquals(stream.attempts, attempts);
  // What was shown last says why.
  assertEquals([error.code, error.provider], ["network", "B"]);
  assertEquals(error.partial?.text, "b");
});

Deno.test("createFailover() fails as its first route where none has spoken", async () => {
  const { failover, settle } = createStage([
    [{ code: "rate-limit", retryAfter: 7_000 }],
    [{ code: "invalid-request" }],
    [{ code: "authentication" }],
  ]);
  const error = await assertRejects(
    () => settle(failover.generate("Hi")),
    ProviderError,
  );
  assertEquals([error.code, error.retryAfter], ["rate-limit", 7_000]);
});

Deno.test("createFailover() ends with what is refused, whoever refuses it", async () => {
  const { failover, settle, actors } = createStage([
    ["a", BROKEN],
    [{ code: "content-filter" }],
    ["C"],
  ]);
  const error = await assertRejects(
    () => settle(failover.generate("Hi")),
    ProviderError,
  );
  assertEquals(error.code, "content-filter");
  assertEquals(error.partial?.text, "a");
  assertEquals(actors.map(({ runs }) => runs.length), [1, 1, 0]);
});

Deno.test("createFailover() fails with a differing answer as incomplete (match)", async () => {
  const { failover, settle, actors } = createStage([
    ["ab", BROKEN],
    ["aX", Infinity],
    ["aY"],
  ], { onPartial: "match" });
  const error = await assertRejects(
    () => settle(failover.generate("Hi")),
    ProviderError,
  );
  const differs = "Answer differs from what was shown of another";
  assertEquals(
    error.message,
    'Cannot stream from "Failover": no route answers ("A/a": it fails: ' +
      `incomplete; "B/b": ${differs}; "C/c": ${differs})`,
  );
  assertEquals([error.code, error.partial?.text], ["incomplete", "ab"]);
  assertEquals(error.attempts?.map((one) => [one.code, one.message]), [
    ["incomplete", "It fails: incomplete"],
    ["incomplete", differs],
    ["incomplete", differs],
  ]);
  // Who differs is let go at once.
  assertEquals(actors.map(({ left }) => left), [0, 1, 1]);
});

Deno.test("createFailover() finds an answer that does not differ after one that does (match)", async () => {
  const { failover, settle } = createStage([
    ["ab", BROKEN],
    ["a", BROKEN],
    ["aX"],
    ["abc"],
  ], { onPartial: "match" });
  const { text, provider } = await settle(failover.generate("Hi"));
  assertEquals([text, provider], ["abc", "D"]);
});

Deno.test("createFailover() hands on what answers say besides text", async () => {
  const usage = { type: "usage", usage: { totalTokens: 3 } } as const;
  const note = { type: "warning", code: "x", message: "y" } as const;
  const { failover, settle } = createStage([
    [{ type: "title", title: "Old" }, usage, "a", BROKEN],
    [note, { type: "title", title: "New" }, "b", {
      type: "usage",
      usage: { totalTokens: 5 },
    }, { type: "finish", reason: "length", rawReason: "max", text: "B!" }],
  ]);
  const result = await settle(failover.generate("Hi"));
  assertEquals([result.text, result.title], ["B!", "New"]);
  assertEquals(result.usage, { totalTokens: 5 });
  assertEquals(result.warnings, [{ code: "x", message: "y" }]);
  assertEquals(result.finishReason, "length");
});

for (const onPartial of ["restart", "match", "hold", "error"] as const) {
  Deno.test(`createFailover() can be a route of another (${onPartial})`, async () => {
    const clock = new FakeClock();
    const actors = [
      createActor("A", [["ab", BROKEN]], { clock }),
      createActor("B", [["abc", BROKEN]], { clock }),
      createActor("C", [["abcd"]], { clock }),
    ];
    const [a, b, c] = actors.map(({ provider }) => provider);
    if (!a || !b || !c) throw new Error();
    const inner = createFailover([a, b], { clock, id: "Inner" });
    const outer = createFailover([inner, c], { clock, onPartial });
    const ending = await readAll(outer.stream("Hi"));
    if (onPartial === "error") {
      assertEquals([ending.text, ending.error?.code], ["ab", "incomplete"]);
      return;
    }
    const finish = ending.events.at(-1);
    assertEquals(finish?.type === "finish" && finish.provider, "C");
    assertEquals(
      finish?.type === "finish" && finish.attempts?.map(({ model }) => model),
      ["a", "b", "c"],
    );
    assertEquals(ending.text, onPartial === "restart" ? "ababcabcd" : "abcd");
    assertEquals(
      ending.events.flatMap((event: ChatEvent) =>
        event.type === "restart" ? event.discard : []
      ),
      onPartial === "restart" ? [2, 3] : [],
    );
  });
}

Deno.test("createFailover() names who answers in a failover that is its route", async () => {
  const clock = new FakeClock();
  const a = createActor("A", [[{ code: "network" }]], { clock });
  const b = createActor("B", [["b"]], { clock });
  const inner = createFailover([a.provider, b.provider], { clock });
  const outer = createFailover([inner], { clock, id: "Outer" });
  const { events } = await readAll(outer.stream("Hi"));
  assertEquals(events[0], { type: "route", provider: "B", model: "b" });
  assertEquals(events.filter(({ type }) => type === "route").length, 1);
  const { provider, model } = await outer.generate("Hi");
  assertEquals([provider, model], ["B", "b"]);
});

const MODES: readonly OnPartial[] = ["restart", "match", "hold", "error"];

for (const onPartial of MODES) {
  Deno.test(`createFailover() streams nothing twice where all is well (${onPartial})`, async () => {
    const { failover, settle, actors } = createStage([
      ["a", "b", 100, "c"],
      ["B"],
    ], { onPartial });
    const { events, text } = await settle(readAll(failover.stream("Hi")));
    assertEquals(text, "abc");
    assertEquals(events.filter(({ type }) => type === "route").length, 1);
    assertEquals(actors.map(({ runs }) => runs.length), [1, 0]);
  });
}
