// The gateway as a whole: what its parts are to each other.
import { assert, assertEquals } from "@std/assert";
import { createAutonomousAi, ProviderError } from "@parley/chat";
import { createGateway, type GatewayOptions, type LogEntry } from "../mod.ts";
import { createAutonomousAiUpstream, flush } from "@parley/testing";
import { within } from "../../testing/conformance/check.ts";
import { FINISH, hang, toTextEvent } from "../../../tests/_parrot.ts";
import {
  ANSWER,
  ask,
  createParrotGateway,
  get,
  readChunks,
  readError,
  say,
} from "./_gateway.ts";
import { RawClient, TestServer, toRequestText } from "./_server.ts";

const KEY = { headers: { authorization: "Bearer a-key" } };

/** A gateway with a key, and what its upstream is asked. */
function createLocked(options: GatewayOptions = {}) {
  const upstream = createAutonomousAiUpstream({ answer: () => "Good day" });
  const provider = createAutonomousAi({ fetch: upstream.fetch });
  const gateway = createGateway({
    providers: [provider],
    apiKeys: ["a-key"],
    ...options,
  });
  return { gateway, upstream };
}

Deno.test("createGateway() lets in who has the key, and nobody else", async () => {
  const { gateway, upstream } = createLocked();
  const refused = await ask(gateway, { model: "llama" });
  assertEquals(refused.status, 401);
  assertEquals((await readError(refused)).code, "invalid_api_key");
  assertEquals(upstream.requests.length, 0);
  const answered = await ask(gateway, { model: "llama" }, KEY);
  assertEquals(answered.status, 200);
  await answered.text();
});

Deno.test("createGateway() without a key answers nobody, unless told to", async () => {
  const closed = await ask(createLocked({ apiKeys: [] }).gateway);
  assertEquals(closed.status, 503);
  await closed.text();
  const open = createLocked({ apiKeys: [], allowAnonymous: true });
  const answered = await ask(open.gateway, { model: "llama" });
  assertEquals(answered.status, 200);
  await answered.text();
});

Deno.test("createGateway() is healthy, and has a page, without a key", async () => {
  const { gateway } = createLocked();
  for (const path of ["/healthz", "/", "/page/page.js"]) {
    const response = await get(gateway, path);
    await response.text();
    assertEquals(response.status, 200, path);
  }
  const without = createLocked({ page: false, allowAnonymous: true });
  for (const path of ["/", "/page/page.js"]) {
    const response = await get(without.gateway, path);
    await response.text();
    assertEquals(response.status, 404, path);
  }
});

Deno.test("createGateway() reads no more than it may", async () => {
  const { gateway } = createLocked({ limits: { bodyBytes: 200 } });
  const response = await ask(gateway, { user: "x".repeat(200) }, KEY);
  assertEquals(response.status, 413);
  await response.text();
});

Deno.test("createGateway() limits what is asked at once, until a stream is over", async () => {
  const { gateway } = createLocked({ limits: { concurrency: 1 } });
  const body = { model: "llama", stream: true };
  const first = await ask(gateway, body, KEY);
  const second = await ask(gateway, body, KEY);
  assertEquals(second.status, 429);
  assert(second.headers.has("retry-after"));
  await second.text();
  await readChunks(first);
  const third = await ask(gateway, body, KEY);
  assertEquals(third.status, 200);
  await readChunks(third);
});

Deno.test("createGateway() limits what is asked in a minute", async () => {
  const { gateway } = createLocked({ limits: { requestsPerMinute: 1 } });
  const statuses: number[] = [];
  for (let count = 0; count < 2; count++) {
    const response = await ask(gateway, { model: "llama" }, KEY);
    await response.text();
    statuses.push(response.status);
  }
  assertEquals(statuses, [200, 429]);
});

Deno.test("createGateway() lets pages ask only of origins that it is told", async () => {
  const headers = { ...KEY.headers, origin: "https://chat.example" };
  const allow = async (origins: readonly string[]) => {
    const { gateway } = createLocked({ origins });
    const response = await ask(gateway, { model: "llama" }, { headers });
    await response.text();
    return response.headers.get("access-control-allow-origin");
  };
  assertEquals(await allow([]), null);
  assertEquals(await allow(["https://chat.example"]), "https://chat.example");
});

Deno.test("createGateway() asks no host that a client names [W20]", async () => {
  const { gateway, upstream } = createLocked();
  const headers = {
    ...KEY.headers,
    "x-base-url": "http://evil.test",
    "x-forwarded-host": "evil.test",
    host: "evil.test",
  };
  for (
    const model of [
      "http://evil.test/llama",
      "//evil.test",
      "AutonomousAI/../x",
    ]
  ) {
    const response = await ask(
      gateway,
      { model, baseUrl: "http://evil.test" },
      {
        headers,
      },
    );
    await response.text();
    assertEquals(response.status, 404, model);
  }
  const response = await ask(gateway, {
    model: "llama",
    base_url: "http://evil.test",
  }, { headers });
  await response.text();
  assertEquals(upstream.requests.map(({ url }) => new URL(url).host), [
    "chatgpt.autonomous.ai",
  ]);
});

Deno.test("createGateway() tells of each request once, with what became of it", async () => {
  const entries: LogEntry[] = [];
  const log = (entry: LogEntry) => entries.push(entry);
  const usage = { inputTokens: 3, outputTokens: 2, totalTokens: 5 };
  const gateway = say(
    [...ANSWER.slice(0, 2), { type: "usage", usage }, FINISH],
    {
      log,
    },
  );
  await (await ask(gateway)).text();
  await readChunks(await ask(gateway, { stream: true }));
  await (await ask(gateway, { model: "nothing" })).text();
  await (await ask(gateway, { n: 2 })).text();
  const { body } = await ask(gateway, { stream: true });
  await body?.cancel();
  await (await ask(
    createParrotGateway(async function* () {
      yield toTextEvent("Good");
      throw new ProviderError("Cut", { code: "incomplete" });
    }, { log }),
    { stream: true },
  )).text();
  await flush();
  assertEquals(
    entries.map((
      { status, outcome, model, provider, code, usage, attempts },
    ) => [
      status,
      outcome,
      model,
      provider,
      code,
      usage?.totalTokens,
      attempts,
    ]),
    [
      [200, "complete", "Parrot/grey", "Parrot", undefined, 5, 1],
      [200, "complete", "Parrot/grey", "Parrot", undefined, 5, 1],
      [
        404,
        "failed",
        undefined,
        undefined,
        "model_not_found",
        undefined,
        undefined,
      ],
      [
        400,
        "failed",
        undefined,
        undefined,
        "unsupported_parameter",
        undefined,
        undefined,
      ],
      [200, "aborted", "Parrot/grey", "Parrot", undefined, undefined, 1],
      [200, "failed", "Parrot/grey", "Parrot", "incomplete", undefined, 1],
    ],
  );
  assert(!JSON.stringify(entries).includes("Hello"));
});

for (const events of [[], [toTextEvent("Good")]]) {
  const when = events.length === 0 ? "before" : "during";
  Deno.test(`a client that leaves ${when} the answer ends the run, over a socket [W12] [W13]`, async () => {
    const left = Promise.withResolvers<void>();
    const asked = Promise.withResolvers<void>();
    await using server = new TestServer(createParrotGateway(
      async function* (run) {
        try {
          asked.resolve();
          yield* events;
          await hang(run);
        } finally {
          left.resolve();
        }
      },
    ));
    using client = await RawClient.connect(server.port);
    const body = JSON.stringify({
      model: "grey",
      stream: true,
      messages: [{ role: "user", content: "Hello" }],
    });
    const headers = {
      "content-type": "application/json",
      "content-length": `${body.length}`,
    };
    const path = "/v1/chat/completions";
    await client.send(toRequestText("POST", path, headers, body));
    if (events.length > 0) await client.receive("Good");
    else await asked.promise;
    client[Symbol.dispose]();
    await within(500, left.promise);
  });
}
