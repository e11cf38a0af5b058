import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { createFailover } from "../../failover/mod.ts";
import {
  checkFailoverOptions,
  checkRoutes,
} from "../../failover/failover_options.ts";
import { type ChatOptions, ProviderError } from "../../mod.ts";
import { FakeClock } from "@parley/testing";
import { createActor } from "./_actors.ts";

const PROVIDER = createActor("A", [["A"]], { clock: new FakeClock() }).provider;

function assertRefused(action: () => unknown, words: string): void {
  const error = assertThrows(action, ProviderError, words);
  assertEquals(error.code, "invalid-request");
}

const WRONG_OPTIONS: readonly object[] = [
  { id: "" },
  { id: 1 },
  { label: null },
  { onPartial: "again" },
  { onPartials: "restart" },
  { strategy: "random" },
  { hedgeAfter: 0 },
  { hedgeAfter: -1 },
  { hedgeAfter: NaN },
  { hedgeAfter: "10" },
  { maxRetryDelay: -1 },
  { maxRetryDelay: 0.5 },
  { breaker: { failures: 0 } },
  { breaker: { failures: 1.5 } },
  { breaker: { coolDown: 0 } },
  { breaker: { maxCoolDown: Infinity } },
  { breaker: { cooldown: 1 } },
  { breaker: null },
  { store: {} },
  { store: { get() {} } },
  { random: 0.5 },
  { randomUuid: "x" },
];

for (const options of WRONG_OPTIONS) {
  Deno.test(`createFailover() refuses ${Deno.inspect(options)}`, () => {
    const [name = ""] = Object.keys(options);
    assertRefused(() => checkFailoverOptions(options), name);
    assertRefused(() => createFailover([PROVIDER], options), name);
  });
}

Deno.test("createFailover() refuses wrong clocks", () => {
  for (
    const options of [
      { timeouts: { total: 0 } },
      { timeouts: { firstTokens: 1 } },
      { clock: {} },
    ]
  ) {
    assertRefused(
      () => Reflect.apply(createFailover, undefined, [[PROVIDER], options]),
      Object.keys(options)[0] ?? "",
    );
  }
});

const WRONG_ROUTES: readonly unknown[] = [
  [],
  {},
  { gpt: [] },
  [undefined],
  ["AmigoChat"],
  [{}],
  [{ provider: "AmigoChat" }],
  [{ provider: PROVIDER, models: ["a"] }],
  [{ provider: PROVIDER, model: 1 }],
  [{ provider: PROVIDER, weight: -1 }],
  [{ provider: PROVIDER, maxRetries: 0.5 }],
  [{ provider: PROVIDER, name: "" }],
  { gpt: PROVIDER },
  null,
  "AmigoChat",
];

for (const [index, routes] of WRONG_ROUTES.entries()) {
  Deno.test(`createFailover() refuses wrong routes (${index + 1})`, () => {
    assertRefused(
      () => Reflect.apply(createFailover, undefined, [routes]),
      "",
    );
  });
}

Deno.test("checkFailoverOptions() and checkRoutes() name what is wrong", () => {
  const wrong: readonly (readonly [() => void, string])[] = [
    [
      () => checkFailoverOptions({ breaker: { cooldown: 1 } }),
      'Option "breaker.cooldown" is unknown: did you mean "coolDown"?',
    ],
    [
      () => checkFailoverOptions({ hedgeAfter: 0 }),
      'Option "hedgeAfter" is not valid: expected milliseconds above 0, or null',
    ],
    [
      () => checkRoutes([PROVIDER, {}]),
      'Option "routes[1].id" is not valid: expected a name',
    ],
    [
      () => checkRoutes({ gpt: [{ provider: PROVIDER, wieght: 1 }] }),
      'Option "routes.gpt[0].wieght" is unknown: did you mean "weight"?',
    ],
    [
      () => checkRoutes([]),
      'Option "routes" is not valid: expected a list of providers or routes',
    ],
  ];
  for (const [check, words] of wrong) assertRefused(check, words);
});

Deno.test("checkRoutes() takes providers and routes", () => {
  checkRoutes({ gpt: [PROVIDER] });
  checkRoutes([PROVIDER, { provider: PROVIDER, weight: 0, name: "Spare" }]);
});

Deno.test("createFailover() asks nobody for what is wrong", async () => {
  const clock = new FakeClock();
  const actor = createActor("A", [["A"]], { clock });
  const failover = createFailover([actor.provider], { clock });
  const wrong: readonly ChatOptions[] = [
    { temperature: NaN },
    { timeouts: { idle: 0 } },
    { maxRetries: -1 },
    { headers: { "x-y": "a\nb" } },
    { model: "other" },
  ];
  for (const options of wrong) {
    await assertRejects(() => failover.generate("Hi", options), ProviderError);
  }
  await assertRejects(() => failover.generate([]), ProviderError);
  assertEquals(actor.runs.length, 0);
});

Deno.test("createFailover() says of itself what is true of its routes", () => {
  const clock = new FakeClock();
  const toProvider = (id: string, definition: object) =>
    createActor(id, [[]], { clock, definition }).provider;
  const failover = createFailover([
    toProvider("A", { working: false, supportsStream: false }),
    toProvider("B", { supportsSystemMessage: false }),
  ], { id: "Both", label: "Both of them" });
  const { id, label, working, supportsStream, baseUrl } = failover;
  assertEquals(
    { id, label, working, supportsStream, baseUrl },
    {
      id: "Both",
      label: "Both of them",
      working: true,
      supportsStream: true,
      baseUrl: "https://a.example",
    },
  );
  assertEquals(failover.supportsSystemMessage, false);
  assertEquals(failover.supportsMessageHistory, true);
  assertEquals(createFailover([PROVIDER]).label, "Failover");
});
