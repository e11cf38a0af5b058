import {
  assert,
  assertEquals,
  assertStrictEquals,
  assertStringIncludes,
} from "@std/assert";
import {
  createOpenAiCompatible,
  type OpenAiCompatibleOptions,
} from "../../providers/openai_compatible.ts";
import { createOpenAiUpstream, FakeClock, flush } from "@parley/testing";
import { catchError } from "../../packages/testing/conformance/ending.ts";
import { always, IMPATIENT, interpose, toRoutes } from "./_requests.ts";

const KEY = "sk-planted-0123456789abcdef";
const MODELS = ["b", "a", "org/c:7b"];

function create(options: Partial<OpenAiCompatibleOptions>) {
  const baseUrl = "https://models.example/v1";
  return createOpenAiCompatible({ baseUrl, ...options });
}

function createServer(apiKey?: string) {
  return createOpenAiUpstream({ apiKey, models: MODELS, imageModels: [] });
}

/** Never answers. */
const hang: typeof fetch = (_input, init) =>
  new Promise((_resolve, reject) => {
    const { signal } = init ?? {};
    signal?.addEventListener("abort", () => reject(signal.reason));
  });

Deno.test("listModels() asks the server which models it has", async () => {
  const upstream = createServer(KEY);
  const provider = create({ fetch: upstream.fetch, apiKey: KEY });
  assertEquals(await provider.listModels(), MODELS);
  assertEquals(toRoutes(upstream), ["GET /v1/models"]);
  const [request] = upstream.requests;
  assertEquals(Object.fromEntries(request?.headers ?? []), {
    "accept": "*/*",
    "authorization": `Bearer ${KEY}`,
  });
  assertEquals(request?.body, "");
});

Deno.test("listModels() asks anew each time, and twice at once", async () => {
  const upstream = createServer();
  await using server = upstream.serve();
  const provider = create({ baseUrl: `${server.url}/v1` });
  const lists = [provider.listModels(), provider.listModels()];
  assertEquals(await Promise.all(lists), [MODELS, MODELS]);
  assertEquals(toRoutes(upstream), ["GET /v1/models", "GET /v1/models"]);
});

Deno.test("listModels() takes each form of a list", async () => {
  const lists: readonly (readonly [unknown, readonly string[]])[] = [
    [{ object: "list", data: [] }, []],
    [{ object: "list", data: null }, []],
    [[{ id: "a" }, { id: "b" }], ["a", "b"]],
    [{ data: [{ id: "a" }, { id: 7 }, null, "b", {}, { id: "a" }] }, ["a"]],
  ];
  for (const [list, ids] of lists) {
    const provider = create({ fetch: always(JSON.stringify(list)) });
    assertEquals(await provider.listModels(), ids);
  }
});

Deno.test("listModels() fails where there is no list", async () => {
  const answers: readonly (readonly [string, string])[] = [
    ["{}", "bad-response"],
    ["null", "bad-response"],
    ['"models"', "upstream"],
    ['{"data":{}}', "bad-response"],
    ['[{"name":"a"}]', "bad-response"],
    ['{"error":{"message":"asleep"},"data":null}', "upstream"],
    ["asleep", "bad-response"],
    ['{"data":[{"id":"a"}', "incomplete"],
    ["", "incomplete"],
  ];
  for (const [body, code] of answers) {
    const provider = create({ fetch: always(body), maxRetries: 0 });
    const error = await catchError(provider.listModels());
    assertEquals(error.code, code, body);
    assertStringIncludes(
      error.message,
      'Cannot list the models of "OpenAiCompatible": ',
    );
    assertEquals([error.provider, "model" in error], [
      "OpenAiCompatible",
      false,
    ]);
  }
});

Deno.test("listModels() tells no key where the server refuses it", async () => {
  const { fetch } = createServer("another");
  const error = await catchError(create({ fetch, apiKey: KEY }).listModels());
  assertEquals([error.code, error.status], ["authentication", 401]);
  const shown = Deno.inspect(error) + JSON.stringify(error) + error.stack;
  assertStringIncludes(shown, "Incorrect API key provided");
  assert(!shown.includes(KEY.slice(0, 8)), shown);
  assert(!shown.includes("planted"), shown);
});

Deno.test("listModels() tries again as a run does", async () => {
  let count = 0;
  const fetch = interpose(
    createServer(),
    () => ++count < 3 ? new Response("busy", { status: 429 }) : undefined,
  );
  const provider = create({ ...IMPATIENT, fetch });
  assertEquals(await provider.listModels(), MODELS);
  assertEquals(count, 3);

  count = -10;
  const error = await catchError(provider.listModels({ maxRetries: 1 }));
  assertEquals([error.code, error.attempts?.length], ["rate-limit", 2]);
});

Deno.test("listModels() rejects with the reason of its signal, and lets go", async () => {
  const clock = new FakeClock();
  const provider = create({ fetch: hang, clock });
  const controller = new AbortController();
  const { signal } = controller;
  const caught = provider.listModels({ signal }).catch((error) => error);
  await flush();
  assert(clock.timers > 0);
  const reason = { why: "enough" };
  controller.abort(reason);
  assertStrictEquals(await caught, reason);
  assertEquals(clock.timers, 0);

  const early = provider.listModels({ signal: AbortSignal.abort(reason) });
  assertStrictEquals(await early.catch((error) => error), reason);
});

Deno.test("listModels() waits for a server no longer than a run does", async () => {
  const clock = new FakeClock();
  const provider = create({ fetch: hang, clock });
  const caught = catchError(provider.listModels({ timeouts: { headers: 9 } }));
  await flush();
  await clock.advance(10);
  const { code, phase } = await caught;
  assertEquals([code, phase, clock.timers], ["timeout", "headers", 0]);
});

Deno.test("listModels() reads no more than its limit", async () => {
  const provider = create({
    fetch: always(JSON.stringify({ data: [{ id: "a".repeat(100) }] })),
    limits: { eventLength: 64 },
  });
  assertEquals((await catchError(provider.listModels())).code, "too-large");
});

Deno.test("listModels() sends nothing where an option is wrong", async () => {
  const upstream = createServer();
  const provider = create({ fetch: upstream.fetch });
  for (const options of [{ signl: 1 }, { maxRetries: -1 }]) {
    const error = await catchError(provider.listModels(options));
    assertEquals([error.code, upstream.requests], ["invalid-request", []]);
  }
});
