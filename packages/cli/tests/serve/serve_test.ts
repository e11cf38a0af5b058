import { createOpenAiUpstream } from "@parley/testing";
import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertThrows,
} from "@std/assert";
import { UsageError } from "../../terminal/exit_code.ts";
import { serve, type ServeOptions } from "../../serve/_serve.ts";
import {
  HELP,
  NAMES,
  readServeSettings,
  type ServeEnvironment,
} from "../../serve/_serve_settings.ts";

const DEFAULTS = {
  hostname: "127.0.0.1",
  port: 8_000,
  apiKeys: [],
  hosts: [],
  origins: [],
  conversationKey: undefined,
  providers: [],
  openAi: undefined,
  routes: {},
};

/** Starts a gateway as the task does, on a free port. */
function start(environment: ServeEnvironment, options: ServeOptions = {}) {
  return serve(readServeSettings({ PARLEY_PORT: "0", ...environment }), {
    delay: 0,
    ...options,
  });
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

Deno.test("readServeSettings() needs nothing", () => {
  assertEquals(readServeSettings({}), DEFAULTS);
  assertEquals(readServeSettings({ PARLEY_PORT: " ", HOME: "/" }), DEFAULTS);
});

Deno.test("readServeSettings() reads everything that the help tells", () => {
  const settings = readServeSettings({
    PARLEY_PORT: "0",
    PARLEY_HOSTNAME: "0.0.0.0",
    PARLEY_API_KEYS: "one, other,",
    PARLEY_HOSTS: "gateway.lan",
    PARLEY_ORIGINS: "https://chat.example",
    PARLEY_CONVERSATION_KEY: "thirty-two characters or more ...",
    PARLEY_PROVIDERS: "AmigoChat,AiChats",
    PARLEY_OPENAI_BASE_URL: "http://127.0.0.1:11434/v1",
    PARLEY_OPENAI_API_KEY: "secret",
    PARLEY_OPENAI_IMAGE_MODELS: "dall-e-3",
    PARLEY_ROUTES: '{"best":["openai/a/b","AmigoChat/gpt-4o"]}',
  });
  assertEquals(settings, {
    hostname: "0.0.0.0",
    port: 0,
    apiKeys: ["one", "other"],
    hosts: ["gateway.lan"],
    origins: ["https://chat.example"],
    conversationKey: "thirty-two characters or more ...",
    providers: ["AmigoChat", "AiChats"],
    openAi: {
      baseUrl: "http://127.0.0.1:11434/v1",
      apiKey: "secret",
      imageModels: ["dall-e-3"],
    },
    routes: { best: ["openai/a/b", "AmigoChat/gpt-4o"] },
  });
  for (const name of NAMES) assert(HELP.includes(`  ${name} `), name);
});

for (
  const [environment, message] of [
    [{ PARLEY_PROT: "80" }, "PARLEY_PROT is unknown"],
    [{ PARLEY_PORT: "65536" }, "PARLEY_PORT must be"],
    [{ PARLEY_PORT: "http" }, "PARLEY_PORT must be"],
    [{ PARLEY_CONVERSATION_KEY: "short" }, "at least 32"],
    [{ PARLEY_OPENAI_API_KEY: "secret" }, "PARLEY_OPENAI_BASE_URL says"],
    [{ PARLEY_ROUTES: "best=openai/a" }, "PARLEY_ROUTES must be"],
    [{ PARLEY_ROUTES: '{"best":[]}' }, "PARLEY_ROUTES must be"],
    [{ PARLEY_ROUTES: '{"best":["openai"]}' }, "PARLEY_ROUTES must be"],
  ] as const
) {
  Deno.test(`readServeSettings() refuses ${JSON.stringify(environment)}`, () => {
    const error = assertThrows(
      () => readServeSettings(environment),
      UsageError,
      message,
    );
    const [value = ""] = Object.values(environment);
    assertEquals(error.message.includes(`"${value}"`), false);
  });
}

Deno.test("serve() answers at once where nothing is configured", async () => {
  const entries: unknown[] = [];
  await using gateway = await start({}, {
    log: (entry) => entries.push(entry),
  });
  const { isDemo, isOpen } = gateway;
  assertEquals({ isDemo, isOpen }, { isDemo: true, isOpen: true });
  const page = await fetch(gateway.url);
  assertEquals(page.status, 200);
  await page.body?.cancel();
  const response = await ask(gateway.url, "demo");
  const { choices } = await response.json();
  assert(choices[0].message.content.startsWith("You asked: **Hello**"));
  assert(entries.length > 0);
});

Deno.test("serve() shows a restart in every other answer of demo-failover", async () => {
  await using gateway = await start({});
  const restarts = [];
  for (let index = 0; index < 3; index++) {
    const response = await ask(gateway.url, gateway.model, {
      stream: true,
      stream_options: { include_restarts: true },
    });
    const text = await response.text();
    restarts.push(text.split('"restart":').length - 1);
    assert(text.endsWith("data: [DONE]\n\n"));
  }
  assertEquals(restarts, [1, 0, 1]);
});

Deno.test("serve() serves the models of a server that speaks like OpenAI's", async () => {
  const upstream = createOpenAiUpstream({ apiKey: "secret" });
  await using server = upstream.serve();
  await using gateway = await start({
    PARLEY_OPENAI_BASE_URL: `${server.url}/v1`,
    PARLEY_OPENAI_API_KEY: "secret",
    PARLEY_OPENAI_IMAGE_MODELS: "dall-e-3",
  });
  assertEquals(gateway.isDemo, false);
  const { data } = await (await fetch(`${gateway.url}/v1/models`)).json();
  const ids = data.map(({ id }: { id: string }) => id);
  assert(ids.includes("openai/gpt-4o") && ids.includes("openai/dall-e-3"));
  const response = await ask(gateway.url, gateway.model);
  assertEquals(response.status, 200);
  await response.body?.cancel();
});

Deno.test("serve() asks one model after another by the name of a failover", async () => {
  await using server = createOpenAiUpstream({ models: ["small"] }).serve();
  await using gateway = await start({
    PARLEY_OPENAI_BASE_URL: `${server.url}/v1`,
    PARLEY_ROUTES: '{"best":["OpenAI/gone","openai/small"]}',
  });
  const response = await ask(gateway.url, "best");
  assertEquals((await response.json()).model, "openai/small");
});

Deno.test("serve() refuses a failover to what it does not serve", async () => {
  await assertRejects(
    () => start({ PARLEY_ROUTES: '{"best":["openai/small"]}' }),
    UsageError,
    'PARLEY_ROUTES names "openai"',
  );
});

Deno.test("serve() is closed where keys are set", async () => {
  await using gateway = await start({ PARLEY_API_KEYS: "ours" });
  assertEquals(gateway.isOpen, false);
  const response = await fetch(`${gateway.url}/v1/models`);
  assertEquals(response.status, 401);
  await response.body?.cancel();
});

Deno.test("serve() has models that answer the last message of a conversation", async () => {
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

Deno.test("serve() has a model that draws", async () => {
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
