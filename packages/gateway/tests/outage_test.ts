// What OpenAI's own client is told of upstreams that fail, and how often they
// are asked.
import { assertEquals, assertRejects } from "@std/assert";
import OpenAI from "openai";
import { createOpenAiCompatible } from "@parley/chat";
import { FakeClock } from "@parley/testing";
import { settle } from "../../../tests/fuzz/_settle.ts";
import { type Gateway, open, readError } from "./_gateway.ts";

/** Lets OpenAI's client, as it is by default, ask over a provider that fails. */
async function meet(answer: () => Response, isRoute = false) {
  const clock = new FakeClock();
  let requests = 0;
  const provider = createOpenAiCompatible({
    id: "Down",
    baseUrl: "http://10.0.0.1/v1",
    models: ["m"],
    clock,
    fetch() {
      requests++;
      return new Promise((resolve) => resolve(answer()));
    },
  });
  const gateway = open({
    clock,
    ...(isRoute ? { routes: { m: [provider] } } : { providers: [provider] }),
  });
  const openai = new OpenAI({
    baseURL: "http://localhost/v1",
    apiKey: "key",
    fetch: async (url, init) => await gateway(new Request(url, init)),
  });
  const messages = [{ role: "user" as const, content: "Hi" }];
  const start = clock.now();
  const error = await assertRejects(
    () =>
      settle(clock, openai.chat.completions.create({ model: "m", messages })),
    OpenAI.APIError,
  );
  return {
    requests,
    waited: clock.now() - start,
    status: error.status,
    param: error.param,
    retryAfter: error.headers?.get("retry-after"),
    shouldRetry: error.headers?.get("x-should-retry"),
  };
}

const refuse = () => {
  throw new TypeError("connection refused");
};

for (const isRoute of [false, true]) {
  Deno.test(`a provider that is down is asked three times for one request (route: ${isRoute})`, async () => {
    for (const answer of [() => new Response("", { status: 500 }), refuse]) {
      const { requests, shouldRetry, status } = await meet(answer, isRoute);
      assertEquals([requests, shouldRetry, status], [3, "false", 502]);
    }
  });
}

for (const [upstream, status] of [[429, 429], [503, 503]] as const) {
  Deno.test(`a client is told at once that ${upstream} asks for a long wait`, async () => {
    const headers = { "retry-after": "30" };
    const outcome = await meet(
      () => new Response("", { status: upstream, headers }),
      true,
    );
    assertEquals([outcome.status, outcome.retryAfter], [status, "30"]);
    assertEquals([outcome.requests, outcome.waited], [1, 0]);
  });
}

Deno.test("a client is told which parameter an upstream refuses", async () => {
  const error = { message: "Too hot", param: "temperature" };
  const { status, param } = await meet(() =>
    Response.json({ error }, { status: 400 })
  );
  assertEquals([status, param], [400, "temperature"]);
});

/** Paths, and what is told of them. */
const PATHS: Readonly<Record<string, string | number>> = {
  "/v1/models": 200,
  "/v1//models": 200,
  "//v1/models/": 200,
  "/v1/models/?limit=1": 200,
  "/models": "Unknown URL (GET /models): it is /v1/models",
  "/v1/v1/models": "Unknown URL (GET /v1/v1/models): it is /v1/models",
  "/chat/completions":
    "Unknown URL (GET /chat/completions): it is /v1/chat/completions",
  "/v1/embeddings": "Unknown URL (GET /v1/embeddings)",
};

function createGateway(): Gateway {
  const provider = createOpenAiCompatible({
    baseUrl: "http://10.0.0.1/v1",
    models: ["m"],
  });
  return open({ providers: [provider] });
}

for (const [path, told] of Object.entries(PATHS)) {
  Deno.test(`a gateway knows what ${path} means`, async () => {
    const response = await createGateway()(
      new Request(`http://localhost${path}`),
    );
    if (response.ok) {
      assertEquals(response.status, told);
      await response.body?.cancel();
    } else {
      const error = await readError(response);
      assertEquals([error.message, error.code], [told, "unknown_url"]);
    }
  });
}
