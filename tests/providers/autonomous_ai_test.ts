import { assertEquals, assertThrows } from "@std/assert";
import { ProviderError } from "../../core/chat/errors.ts";
import {
  autonomousAi,
  createAutonomousAi,
} from "../../providers/autonomous_ai.ts";
import { createAutonomousAiUpstream } from "@parley/testing";
import {
  catchError,
  readAll,
} from "../../packages/testing/conformance/ending.ts";
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
    acceptsImages: true,
    settings: ["stream"],
    toolSupport: "none",
    outputSupport: "none",
    defaultModel: "llama",
    models: MODELS.map(([model]) => model),
    imageModels: [],
    modelAliases: Object.fromEntries(
      MODELS.map(([model, alias]) => [alias, model]),
    ),
  });
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
