import {
  assertEquals,
  assertObjectMatch,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { toText } from "@std/streams";
import { ProviderError } from "../../core/chat/errors.ts";
import type { ChatOptions } from "../../core/chat/types.ts";
import {
  autonomousAi,
  createAutonomousAi,
} from "../../providers/autonomous_ai.ts";
import { createAutonomousAiUpstream } from "@parley/testing";
import {
  catchError,
  readAll,
} from "../../packages/testing/conformance/ending.ts";
import {
  IMAGE_MESSAGE,
  SENT_IMAGE_MESSAGE,
  UNKNOWN_IMAGE_MESSAGE,
} from "./_image_parts.ts";
import { readHeaders, readJson, toAttributes, toRoutes } from "./_requests.ts";

/** Model, alias and path. */
const MODELS = [
  ["llama", "llama-3.3-70b", "/api/v1/ai/chat"],
  ["qwen_coder", "qwen-2.5-coder-32b", "/api/v1/ai/chat"],
  ["hermes", "hermes-3", "/api/v1/ai/chat-hermes"],
  ["vision", "llama-3.2-90b", "/api/v1/ai/chat-vision"],
  ["summary", "llama-3.2-70b", "/api/v1/ai/summary"],
] as const;

/** A server whose answers are always the same, and who asks it. */
function createPair(answer = "Good day") {
  const upstream = createAutonomousAiUpstream({ answer: () => answer });
  const provider = createAutonomousAi({ fetch: upstream.fetch });
  return { upstream, provider };
}

/** Unpacks messages without the library's own means. */
function unpack(messages: unknown): unknown {
  const bytes = Uint8Array.from(
    atob(String(messages)),
    (character) => character.charCodeAt(0),
  );
  return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
}

Deno.test("autonomousAi has the attributes of its site", () => {
  assertEquals(toAttributes(autonomousAi), {
    id: "AutonomousAI",
    label: "Autonomous AI",
    url: "https://www.autonomous.ai/anon/",
    baseUrl: "https://chatgpt.autonomous.ai",
    working: false,
    supportsStream: true,
    supportsSystemMessage: true,
    supportsMessageHistory: true,
    defaultModel: "llama",
    models: MODELS.map(([model]) => model),
    imageModels: [],
    modelAliases: Object.fromEntries(
      MODELS.map(([model, alias]) => [alias, model]),
    ),
  });
});

Deno.test("autonomousAi finds its models", () => {
  for (const [model, alias] of MODELS) {
    assertEquals(autonomousAi.getModel(model), model);
    assertEquals(autonomousAi.getModel(alias), model);
  }
  assertEquals(autonomousAi.getModel(), "llama");
  assertEquals(autonomousAi.getModel(""), "llama");
  for (const name of ["gpt-4", "Llama", "toString"]) {
    const error = assertThrows(
      () => autonomousAi.getModel(name),
      ProviderError,
    );
    assertEquals(error.code, "unknown-model");
    for (const known of MODELS.flatMap(([model, alias]) => [model, alias])) {
      assertStringIncludes(error.message, `"${known}"`);
    }
  }
});

Deno.test("autonomousAi asks each model at its path", async () => {
  for (const [model, alias, path] of MODELS) {
    for (const name of [model, alias]) {
      const { upstream, provider } = createPair();
      const result = await provider.generate("Hello", { model: name });
      assertEquals([result.model, result.text], [model, "Good day"]);
      assertEquals(toRoutes(upstream), [`POST ${path}`]);
      const { threadId, aiAgent } = readJson(upstream.requests[0]);
      assertEquals([threadId, aiAgent], [model, model]);
    }
  }
});

Deno.test("autonomousAi sends this request", async () => {
  const { upstream, provider } = createPair();
  await provider.generate("Hello");
  const [request] = upstream.requests;
  assertEquals(request?.url, "https://chatgpt.autonomous.ai/api/v1/ai/chat");
  assertEquals(readHeaders(request), {
    "accept": "*/*",
    "accept-language": "en-US,en;q=0.9",
    "content-type": "application/json",
    "country-code": "US",
    "origin": "https://www.autonomous.ai",
    "referer": "https://www.autonomous.ai/",
    "time-zone": "America/New_York",
  });
  assertEquals(readJson(request), {
    messages: "W3sicm9sZSI6InVzZXIiLCJjb250ZW50IjoiSGVsbG8ifV0=",
    threadId: "llama",
    stream: true,
    aiAgent: "llama",
  });
});

Deno.test("autonomousAi packs text of any script [V07]", async () => {
  const messages = [
    { role: "system", content: "Отвечай кратко" },
    { role: "user", content: "日本語 👩‍👩‍👧‍👦 e\u0301 \u2028 ÿþ~?>" },
    { role: "assistant", content: "नमस्ते" },
    { role: "user", content: "\0\x7f\u0085\uFEFF" },
  ] as const;
  const { upstream, provider } = createPair();
  await provider.generate(messages);
  assertEquals(unpack(readJson(upstream.requests[0]).messages), messages);
});

Deno.test("autonomousAi sends pictures as OpenAI's interface takes them", async () => {
  const { upstream, provider } = createPair();
  await provider.generate([IMAGE_MESSAGE], { model: "vision" });
  assertEquals(
    unpack(readJson(upstream.requests[0]).messages),
    [SENT_IMAGE_MESSAGE],
  );
});

Deno.test("autonomousAi does not send a picture that nobody can tell", async () => {
  const { upstream, provider } = createPair();
  const error = await catchError(provider.generate([UNKNOWN_IMAGE_MESSAGE]));
  assertEquals([error.code, upstream.requests], ["invalid-request", []]);
});

Deno.test("autonomousAi streams the words, then how many there were", async () => {
  const { provider } = createPair("One two three");
  const { events } = await readAll(provider.stream("Name three numbers"));
  const [usage, finish] = events.slice(3);
  const texts = events.map((event) => event.type === "text" && event.text);
  assertEquals(texts.slice(0, 3), ["One", " two", " three"]);
  const counts = { inputTokens: 3, outputTokens: 3, totalTokens: 6 };
  assertEquals(usage, { type: "usage", usage: counts });
  assertObjectMatch({ ...finish }, { reason: "stop", responseModel: "llama" });
});

Deno.test("autonomousAi asks for one JSON answer", async () => {
  const { upstream, provider } = createPair("Grüße 👋🏽");
  const { events } = await readAll(provider.stream("Hi", { stream: false }));
  assertEquals(readJson(upstream.requests[0]).stream, false);
  assertEquals(events.slice(0, 1), [{ type: "text", text: "Grüße 👋🏽" }]);
  assertEquals(events.map(({ type }) => type), ["text", "usage", "finish"]);
});

Deno.test("autonomousAi warns of settings that it cannot send", async () => {
  const { upstream, provider } = createPair();
  const settings: ChatOptions = {
    temperature: 1,
    topP: 1,
    maxTokens: 5,
    frequencyPenalty: 1,
    presencePenalty: 1,
  };
  const { warnings } = await provider.generate("Hi", settings);
  assertEquals(warnings.length, 5);
  for (const [index, name] of Object.keys(settings).entries()) {
    assertEquals(warnings[index]?.code, "unsupported-setting");
    assertStringIncludes(warnings[index]?.message ?? "", `"${name}"`);
  }
  assertEquals(
    Object.keys(readJson(upstream.requests[0])).sort(),
    ["aiAgent", "messages", "stream", "threadId"],
  );
});

Deno.test("autonomousAi sends a key, and a caller's headers over its own", async () => {
  const { fetch, requests } = createAutonomousAiUpstream();
  const provider = createAutonomousAi({
    fetch,
    apiKey: "sk-1",
    headers: { "Country-Code": "DE", "x-a": "1" },
  });
  await provider.generate("Hello", {
    headers: { "x-a": "2", "accept": "a/b" },
  });
  const headers = readHeaders(requests[0]);
  assertEquals(headers.authorization, "Bearer sk-1");
  assertEquals(headers["country-code"], "DE");
  assertEquals(headers["time-zone"], "America/New_York");
  assertEquals([headers["x-a"], headers.accept], ["2", "a/b"]);
});

Deno.test("autonomousAi goes below the path of a base URL, over a socket", async () => {
  const upstream = createAutonomousAiUpstream({ prefix: "/hub/v2" });
  await using server = upstream.serve();
  for (const slash of ["", "/"]) {
    const provider = createAutonomousAi({
      baseUrl: `${server.url}/hub/v2${slash}`,
    });
    assertEquals(provider.baseUrl, `${server.url}/hub/v2`);
    const response = provider.stream("Hello", { model: "hermes" }).toResponse();
    assertStringIncludes(await toText(response.body!), "Zürich! 👋🏽");
    assertEquals(
      toRoutes(upstream).at(-1),
      "POST /hub/v2/api/v1/ai/chat-hermes",
    );
  }
});

Deno.test("autonomousAi asks another server for its models", async () => {
  const { fetch, requests } = createAutonomousAiUpstream({
    models: { gemma: "/api/v1/ai/chat" },
  });
  const provider = createAutonomousAi({ fetch, models: ["gemma"] });
  assertEquals((await provider.generate("Hello")).model, "gemma");
  assertEquals(readJson(requests[0]).aiAgent, "gemma");
  assertThrows(() => provider.getModel("llama"), ProviderError);
});

Deno.test("autonomousAi keeps what the server says where it fails [S18]", async () => {
  const { fetch } = createAutonomousAiUpstream({
    *answer() {
      yield "So far";
      throw new Error("The model has crashed");
    },
  });
  const provider = createAutonomousAi({ fetch });
  const { text, error } = await readAll(provider.stream("Hello"));
  assertEquals([text, error?.partial?.text], ["So far", "So far"]);
  assertEquals(error?.code, "upstream");
  assertEquals(error?.body, "The model has crashed (server_error)");
  const options = { stream: false, maxRetries: 0 };
  const other = await catchError(provider.generate("Hello", options));
  assertEquals([other.status, other.body], [500, "The model has crashed"]);
});
