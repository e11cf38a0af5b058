import { createOpenAiUpstream } from "@parley/testing";
import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { UsageError } from "../../terminal/exit_code.ts";
import { serveGateway, type ServeOptions } from "../../serve/serve_gateway.ts";
import type { Settings } from "../../serve/settings_table.ts";
import { runParley } from "../_run_parley.ts";

/** Starts a gateway as the program does, on a free port. */
function start(settings: Settings, options: ServeOptions = {}) {
  return serveGateway({ port: 0, ...settings }, { delay: 0, ...options });
}

function ask(url: string, model: string, more: object = {}): Promise<Response> {
  return fetch(`${url}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      model,
      messages: [{ role: "user", content: "Hello" }],
      ...more,
    }),
  });
}

Deno.test("serveGateway() answers at once where nothing is configured", async () => {
  const lines: string[] = [];
  await using gateway = await start({}, { log: (line) => lines.push(line) });
  const { isDemo, isOpen } = gateway;
  assertEquals({ isDemo, isOpen }, { isDemo: true, isOpen: true });
  const page = await fetch(gateway.url);
  assertEquals(page.status, 200);
  await page.body?.cancel();
  const response = await ask(gateway.url, "demo");
  const { choices } = await response.json();
  assert(choices[0].message.content.startsWith("You asked: **Hello**"));
  const [{ path, model } = { path: "", model: "" }] = lines.map((line) =>
    JSON.parse(line)
  );
  assertEquals([path, model], ["/v1/chat/completions", "demo"]);
  assertEquals(await gateway.check(), "demo-failover");
});

Deno.test("serveGateway() shows a restart in every other answer of demo-failover", async () => {
  await using gateway = await start({});
  const restarts = [];
  for (let index = 0; index < 3; index++) {
    const response = await ask(gateway.url, "demo-failover", {
      stream: true,
      stream_options: { include_restarts: true },
    });
    const text = await response.text();
    restarts.push(text.split('"restart":').length - 1);
    assert(text.endsWith("data: [DONE]\n\n"));
  }
  assertEquals(restarts, [1, 0, 1]);
});

Deno.test("serveGateway() serves several servers, with the keys that variables hold", async () => {
  await using first = createOpenAiUpstream({ apiKey: "a-key" }).serve();
  await using other = createOpenAiUpstream({
    apiKey: "b-key",
    models: ["small"],
  }).serve();
  const lines: string[] = [];
  await using gateway = await start({
    "openai.baseUrl": `${first.url}/v1`,
    "openai.apiKey": "a-key",
    "openai.imageModels": ["dall-e-3"],
    servers: {
      other: { baseUrl: `${other.url}/v1`, apiKeyVariable: "OTHER_KEY" },
    },
    routes: { best: ["OpenAI/gone", { model: "other/small", weight: 2 }] },
  }, {
    log: (line) => lines.push(line),
    environment: {
      get: (name) => name === "OTHER_KEY" ? "b-key\n" : undefined,
      toObject: () => ({}),
    },
  });
  assertEquals(gateway.isDemo, false);
  const { data } = await (await fetch(`${gateway.url}/v1/models`)).json();
  const ids = data.map(({ id }: { id: string }) => id);
  assert(ids.includes("openai/gpt-4o") && ids.includes("other/small"));
  const answer = await (await ask(gateway.url, "best")).json();
  assertEquals(answer.model, "other/small");
  const { failures: [failure] } = JSON.parse(lines.at(-1) ?? "");
  assertEquals([failure.provider, failure.code], ["openai", "unknown-model"]);
  const model = await gateway.check();
  assertMatch(lines.slice(-2).join(), /^openai: \d+ models,other: \d models$/);
  const response = await ask(gateway.url, model);
  assertEquals(response.status, 200);
  await response.body?.cancel();
});

Deno.test("serveGateway() starts while a server is down, and says so", async () => {
  // Nobody listens there any more.
  const { url } = await closed();
  const lines: string[] = [];
  await using gateway = await start(
    {
      servers: { local: { baseUrl: `${url}/v1`, maxRetries: 0 } },
      log: "failures",
    },
    { log: (line) => lines.push(line) },
  );
  assertEquals(await gateway.check(), "local/MODEL");
  assertMatch(
    lines.join(),
    /^warning: Cannot list the models of "local": .*refused/,
  );
  const response = await ask(gateway.url, "local/any");
  assertEquals(response.status, 502);
  await response.body?.cancel();
  const { status, failures: [failure] } = JSON.parse(lines.at(-1) ?? "");
  assertEquals([status, failure.code], [502, "network"]);
});

/** A server that has been closed. */
async function closed() {
  await using server = createOpenAiUpstream().serve();
  return server;
}

Deno.test("serveGateway() keeps in Deno KV what instances share", async () => {
  await using server = createOpenAiUpstream().serve();
  const settings: Settings = {
    kv: ":memory:",
    // A failover would keep there how its routes are, after the answer.
    servers: { local: { baseUrl: `${server.url}/v1` } },
    conversations: "stored",
    "limits.requestsPerMinute": 1,
  };
  await using gateway = await start(settings);
  const first = await ask(gateway.url, "local/gpt-4o");
  await first.text();
  assertEquals(first.status, 200);
  // What is refused has no body, for which its server would wait.
  const second = await fetch(`${gateway.url}/v1/models`);
  await second.text();
  assertEquals(second.status, 429);
});

for (
  const [settings, message] of [
    [{ routes: { best: ["openai/a"] } }, 'A route names "openai", which is'],
    [{ "openai.apiKey": "secret" }, 'set "--openai-base-url", too'],
    [{ conversations: "stored" }, 'stored nowhere: set "--kv", too'],
    [
      { servers: { local: { baseUrl: "http://a/v1", apiKeyVariable: "KEY" } } },
      'Variable "KEY", which "servers.local.apiKeyVariable" names, is not set',
    ],
    [
      { servers: { local: { baseUrl: "http://a/v1", modells: ["a"] } } },
      'Server "local" cannot be set so: Option "modells" is unknown: did you ' +
      'mean "models"?',
    ],
  ] satisfies readonly (readonly [Settings, string])[]
) {
  Deno.test(`serveGateway() says: ${message}`, async () => {
    await assertRejects(() => start(settings), UsageError, message);
  });
}

Deno.test("parley serve names a port that is in use, and what to do", async () => {
  await using gateway = await start({});
  const { port } = new URL(gateway.url);
  const { code, errors } = await runParley(["serve", "--port", port]);
  assertEquals(code, 1);
  assertEquals(
    errors,
    `error: Cannot listen at 127.0.0.1:${port}: it is in use: end what listens ` +
      "there, or take another port with --port or PARLEY_PORT (0 takes a free " +
      "one)\n",
  );
});

for (
  const [args, environment, warning] of [
    [["--no-allow-anonymous"], {}, /Nobody is answered: set keys/],
    [[], { PARLEY_API_KEY: "a" }, /PARLEY_API_KEY is for asking/],
    [["--api-keys", "a"], { PARLEY_API_KEY: "a" }, /^$/],
  ] as const
) {
  Deno.test(`parley serve ${args.join(" ")} warns: ${warning}`, async () => {
    const { code, output, errors } = await runParley(
      ["serve", "--port", "0", ...args],
      { environment, signal: AbortSignal.abort() },
    );
    assertEquals(code, 0);
    assertMatch(output, /^Chat at http/m);
    assertMatch(errors, warning);
  });
}

Deno.test("serveGateway() is closed where keys are set", async () => {
  await using gateway = await start({ apiKeys: ["ours"] });
  assertEquals(gateway.isOpen, false);
  const response = await fetch(`${gateway.url}/v1/models`);
  assertEquals(response.status, 401);
  await response.body?.cancel();
});

Deno.test("serveGateway() has models that answer the last message of a conversation", async () => {
  await using gateway = await start({});
  const { data } = await (await fetch(`${gateway.url}/v1/models`)).json();
  const chats = data.filter((model: { output_modalities: string[] }) =>
    model.output_modalities.includes("text")
  );
  assertEquals(chats.length, 4);
  for (const { id: model } of chats) {
    const response = await fetch(`${gateway.url}/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        model,
        messages: [
          { role: "user", content: "One" },
          { role: "assistant", content: "Two" },
          { role: "user", content: "Three\nand four" },
        ],
      }),
    });
    const { choices: [{ message }] } = await response.json();
    assertMatch(message.content, /^You asked: \*\*Three\nand four\*\*\n/);
    const thinks = model === "demo-thinking";
    assertEquals("reasoning_content" in message, thinks, model);
  }
});

Deno.test("serveGateway() has a model that draws", async () => {
  await using gateway = await start({});
  const response = await fetch(`${gateway.url}/v1/images/generations`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      model: "demo-pictures",
      prompt: "A boat",
      response_format: "b64_json",
    }),
  });
  const { data: [{ b64_json: base64 }] } = await response.json();
  assertEquals(atob(base64).slice(1, 4), "PNG");
});
