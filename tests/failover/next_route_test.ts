// When the next route is asked, for what, and what is told where none answers.
import { assert, assertEquals, assertRejects } from "@std/assert";
import { createFailover, type FailoverRoutes } from "../../failover/mod.ts";
import {
  createOpenAiCompatible,
  type ErrorCode,
  isProviderError,
  type OpenAiCompatibleOptions,
  ProviderError,
} from "../../mod.ts";
import { FakeClock } from "@parley/testing";
import { settle } from "../fuzz/_settle.ts";
import { createActor, createStage } from "./_actors.ts";

/** A server like OpenAI's that writes down which models it is asked for. */
function createServer(
  id: string,
  options: Partial<OpenAiCompatibleOptions>,
  answer: () => Response = () =>
    Response.json({ choices: [{ index: 0, message: { content: id } }] }),
) {
  const asked: string[] = [];
  const provider = createOpenAiCompatible({
    id,
    baseUrl: `https://${id.toLowerCase()}.example/v1`,
    random: () => 0,
    fetch(_input, init) {
      asked.push(JSON.parse(String(init?.body)).model);
      return new Promise((resolve) => resolve(answer()));
    },
    ...options,
  });
  return { provider, asked };
}

const down = () => new Response(null, { status: 402 });

Deno.test("createFailover() asks each route for its own default, unless a model is named", async () => {
  const clock = new FakeClock();
  const a = createServer("A", { defaultModel: "small", clock }, down);
  const b = createServer("B", { defaultModel: "tiny", clock });
  const routes = [a.provider, b.provider];
  const cases: readonly [FailoverRoutes, string | undefined, string[]][] = [
    [routes, undefined, ["small", "tiny"]],
    [routes, "large", ["large", "large"]],
    // The name of the routes is that of no model.
    [{ clever: routes }, "clever", ["small", "tiny"]],
    [{ clever: routes }, undefined, ["small", "tiny"]],
  ];
  for (const [given, model, expected] of cases) {
    await createFailover(given, { clock }).generate("Hi", { model });
    assertEquals([a.asked.pop(), b.asked.pop()], expected);
  }
  // What has no default can only be asked for the name of the routes.
  const c = createServer("C", { clock });
  await createFailover({ llama: [c.provider] }, { clock }).generate("Hi");
  assertEquals(c.asked, ["llama"]);
});

Deno.test("createFailover() goes on with the model that a conversation began with", async () => {
  const clock = new FakeClock();
  const a = createServer("A", { defaultModel: "small", clock });
  const failover = createFailover([a.provider], { clock });
  const { conversation } = await failover.generate("Hi", { model: "large" });
  await failover.generate("And?", { conversation });
  assertEquals(a.asked, ["large", "large"]);
});

Deno.test("createFailover() warns of no setting that was sent", async () => {
  const clock = new FakeClock();
  const { provider } = createServer("A", { defaultModel: "small", clock });
  const { warnings } = await createFailover([provider], { clock }).generate(
    "Hi",
    {
      temperature: 1,
      topP: 1,
      maxTokens: 9,
      frequencyPenalty: 1,
      presencePenalty: 1,
    },
  );
  assertEquals(warnings, []);
});

const refuse = () => {
  const cause = new Error("tcp connect error: Connection refused");
  throw new TypeError("fetch failed", { cause });
};
const load = () =>
  Response.json({ error: { message: "Loading model" } }, { status: 503 });
const fail = () =>
  Response.json({ error: { message: "Overloaded" } }, { status: 503 });

for (
  const { name, answer, requests } of [
    { name: "nobody listens", answer: refuse, requests: 1 },
    { name: "a server is still loading", answer: load, requests: 1 },
    { name: "a server fails", answer: fail, requests: 3 },
  ]
) {
  Deno.test(`a failover knows whether to ask the same route again where ${name}`, async () => {
    const clock = new FakeClock();
    const start = clock.now();
    const options = { defaultModel: "m", clock };
    const a = createServer("A", options, answer);
    const b = createServer("B", options);
    const failover = createFailover([a.provider, b.provider], { clock });
    assertEquals((await settle(clock, failover.generate("Hi"))).text, "B");
    assertEquals(a.asked.length, requests);
    assertEquals(clock.now() - start === 0, requests === 1);

    // Where no other is left, it may be there in a second.
    const last = createFailover([a.provider], { clock });
    await settle(clock, last.generate("Hi").catch(() => {}));
    assertEquals(a.asked.length, requests + 3);
  });
}

/** What the request causes says nothing of the route. */
const CAUSED: readonly ErrorCode[] = [
  "context-length",
  "content-filter",
  "unsupported",
  "invalid-request",
  "unknown-model",
];

for (const code of CAUSED) {
  Deno.test(`a failure that the request causes never opens a breaker (${code})`, async () => {
    const { failover, actors } = createStage([[{ code }], ["B"]]);
    for (let turn = 1; turn <= 5; turn++) {
      await failover.generate("Hi").catch(() => {});
      assertEquals(actors[0]?.runs.length, turn);
    }
  });
}

for (const code of ["rate-limit", "unsupported", "unknown-model"] as const) {
  Deno.test(`the next route is asked after ${code}`, async () => {
    const { failover } = createStage([[{ code }], ["B"]]);
    assertEquals((await failover.generate("Hi")).text, "B");
  });
}

Deno.test("the error of a failover names each route, why it failed, and the shortest wait", async () => {
  const { failover } = createStage([
    [{ code: "authentication" }],
    [{ code: "rate-limit", retryAfter: 20_000, retryable: true }],
    [{ code: "rate-limit", retryAfter: 50_000, retryable: true }],
    [{ code: "upstream" }],
  ]);
  const error = await assertRejects(
    () => failover.generate("Hi"),
    ProviderError,
  );
  assertEquals(
    error.message,
    'Cannot stream from "Failover": no route answers ("A/a": it fails: ' +
      'authentication; "B/b": it fails: rate-limit; "C/c": it fails: ' +
      'rate-limit; "D/d": it fails: upstream)',
  );
  assertEquals([error.code, error.provider], ["authentication", "A"]);
  assertEquals([error.retryable, error.retryAfter], [true, 20_000]);
  assert(error.cause instanceof AggregateError);
  assertEquals(error.cause.errors.map(isProviderError), [
    true,
    true,
    true,
    true,
  ]);
});

Deno.test("the error of a failover tells neither what upstreams say nor where they are", async () => {
  const clock = new FakeClock();
  const options = { defaultModel: "m", clock, maxRetries: 0 };
  const routes = [refuse, fail].map((answer, index) =>
    createServer(`S${index}`, options, answer).provider
  );
  const error = await assertRejects(
    () => createFailover(routes, { clock }).generate("Hi"),
    ProviderError,
    '("S0/m": request failed: the connection is refused: nothing listens ' +
      'there; "S1/m": status is 503)',
  );
  assertEquals(/Overloaded|example/.test(error.message), false);
});

const STALL = ["Once", 90_000, " upon"] as const;

for (
  const { name, route, options, ms } of [
    { name: "20 s by default", ms: 20_000 },
    {
      name: "what its owner set",
      options: { timeouts: { idle: 40_000 } },
      ms: 40_000,
    },
    { name: "what the route says", route: { idle: 50_000 }, ms: 50_000 },
  ]
) {
  Deno.test(`a route that stalls is left after ${name}, while another is left`, async () => {
    const clock = new FakeClock();
    const start = clock.now();
    const a = createActor("A", [STALL], { clock, options });
    const b = createActor("B", [["B", 30_000, "!"]], { clock });
    const failover = createFailover(
      [{ provider: a.provider, timeouts: route }, b.provider],
      { clock, hedgeAfter: null },
    );
    const { text } = await settle(clock, failover.generate("Hi"));
    // The last one has more time.
    assertEquals([text, clock.now() - start], ["B!", ms + 30_000]);
  });
}

Deno.test("a run that waits to try again leaves a route that has opened meanwhile", async () => {
  const clock = new FakeClock();
  const failure = { code: "upstream", retryable: true } as const;
  const a = createActor("A", [[failure]], {
    clock,
    options: { maxRetries: 2 },
  });
  const b = createActor("B", [["B"]], { clock });
  const failover = createFailover([a.provider, b.provider], {
    clock,
    breaker: { failures: 1, coolDown: 60_000 },
  });
  const waiting = failover.generate("Hi");
  const hasty = failover.generate("Hi", { maxRetries: 0 });
  await settle(clock, Promise.all([waiting, hasty]));
  // Each has asked once; with two more attempts it would be four.
  assertEquals(a.runs.length, 2);
});
