import { assertEquals, assertStringIncludes } from "@std/assert";
import { CHAT_SETTINGS } from "../../core/chat/types.ts";
import { jsonSchema } from "../../mod.ts";
import {
  createOpenAiCompatible,
  type OpenAiCompatibleOptions,
} from "../../providers/openai_compatible.ts";
import {
  createOpenAiUpstream,
  FakeClock,
  flush,
  type OpenAiUpstreamOptions,
} from "@parley/testing";
import {
  catchError,
  readAll,
} from "../../packages/testing/conformance/ending.ts";
import { always, readJson, toAttributes } from "./_requests.ts";

const baseUrl = "https://models.example/v1";

/** A server whose answers are always the same, and who asks it. */
function createPair(
  options: Partial<OpenAiCompatibleOptions> = {},
  upstreamOptions: OpenAiUpstreamOptions = { answer: () => "Good day" },
) {
  const upstream = createOpenAiUpstream(upstreamOptions);
  const provider = createOpenAiCompatible({
    baseUrl,
    defaultModel: "gpt-4o-mini",
    fetch: upstream.fetch,
    ...options,
  });
  return { upstream, provider };
}

Deno.test("createOpenAiCompatible() sends this request", async () => {
  const { upstream, provider } = createPair();
  const { text, usage } = await provider.generate("Hello");
  const [request] = upstream.requests;
  assertEquals(request?.method, "POST");
  assertEquals(request?.url, "https://models.example/v1/chat/completions");
  assertEquals(Object.fromEntries(request?.headers ?? []), {
    "accept": "*/*",
    "content-type": "application/json",
  });
  assertEquals(readJson(request), {
    model: "gpt-4o-mini",
    messages: [{ role: "user", content: "Hello" }],
    stream: true,
    stream_options: { include_usage: true },
  });
  assertEquals(text, "Good day");
  assertEquals(usage, { inputTokens: 1, outputTokens: 2, totalTokens: 3 });
});

Deno.test("createOpenAiCompatible() asks for one object where it is not to stream", async () => {
  const { upstream, provider } = createPair();
  const { events, text } = await readAll(
    provider.stream("Hello", { stream: false }),
  );
  const { stream, stream_options } = readJson(upstream.requests[0]);
  assertEquals([stream, stream_options], [false, undefined]);
  assertEquals(text, "Good day");
  assertEquals(events.map(({ type }) => type), ["text", "usage", "finish"]);
});

Deno.test("createOpenAiCompatible() waits for a whole answer as for its first word", async () => {
  for (
    const [stream, phase] of [[true, "headers"], [
      false,
      "first-token",
    ]] as const
  ) {
    const clock = new FakeClock();
    const { provider } = createPair({
      clock,
      fetch: () => new Promise(() => {}),
      timeouts: { headers: 1, firstToken: 2 },
    });
    const caught = catchError(provider.generate("Hello", { stream }));
    await flush();
    await clock.advance(3);
    assertEquals((await caught).phase, phase);
  }
});

Deno.test("createOpenAiCompatible() tells a prompt that is too long", async () => {
  const { provider } = createPair({}, { contextLength: 3 });
  const error = await catchError(provider.generate("one two three four"));
  assertEquals([error.code, error.status], ["context-length", 400]);
});

Deno.test("createOpenAiCompatible() asks for no usage where the server refuses that", async () => {
  const { upstream, provider } = createPair({
    compat: { includeUsage: false },
  });
  const { usage } = await provider.generate("Hello");
  assertEquals(readJson(upstream.requests[0]).stream_options, undefined);
  assertEquals(usage, undefined);
});

Deno.test("createOpenAiCompatible() names the most tokens as the server does", async () => {
  const cases: readonly [Partial<OpenAiCompatibleOptions>, string][] = [
    [{}, "max_tokens"],
    [{ baseUrl: "https://api.openai.com/v1" }, "max_completion_tokens"],
    [{ baseUrl: "https://api.openai.com.example/v1" }, "max_tokens"],
    [
      { compat: { maxTokensField: "max_completion_tokens" } },
      "max_completion_tokens",
    ],
    [
      {
        baseUrl: "https://api.openai.com/v1",
        compat: { maxTokensField: "max_tokens" },
      },
      "max_tokens",
    ],
  ];
  for (const [options, field] of cases) {
    const { upstream, provider } = createPair(options);
    const { text, finishReason } = await provider.generate("Hello", {
      maxTokens: 1,
    });
    assertEquals([text, finishReason], ["Good", "length"]);
    const names = Object.keys(readJson(upstream.requests[0]));
    assertEquals(names.filter((name) => name.startsWith("max_")), [field]);
  }
});

Deno.test("createOpenAiCompatible() reads reasoning by either of its names", async () => {
  for (const name of ["reasoning", "reasoning_content"]) {
    const deltas = [{ [name]: "Hm" }, { [name]: "…" }, { content: "Yes" }];
    const body = deltas.map((delta) =>
      `data: ${JSON.stringify({ choices: [{ index: 0, delta }] })}\n\n`
    ).join("");
    const { provider } = createPair({
      fetch: always(`: OPENROUTER PROCESSING\n\n${body}data: [DONE]\n\n`),
    });
    const { text, reasoning } = await provider.generate("Hello");
    assertEquals([text, reasoning], ["Yes", "Hm…"]);
  }
});

Deno.test("createOpenAiCompatible() keeps what the server says where it refuses", async () => {
  const { provider } = createPair({ compat: { maxTokensField: "max_tokens" } });
  const error = await catchError(
    provider.generate("Hello", { model: "o4-mini", maxTokens: 5 }),
  );
  assertEquals([error.code, error.status], ["invalid-request", 400]);
  assertStringIncludes(error.message, "Use 'max_completion_tokens' instead");
  assertEquals(error.attempts?.length, 1);
});

Deno.test("createOpenAiCompatible() asks for calls in one piece where streams have none", async () => {
  const sent: unknown[] = [];
  const provider = createOpenAiCompatible({
    baseUrl,
    models: ["small"],
    compat: { streamWithTools: false },
    fetch: async (input, init) => {
      sent.push((await new Request(input, init).json()).stream);
      return Response.json({ choices: [{ message: { content: "Hi" } }] });
    },
  });
  const tools = [{ name: "now", inputSchema: jsonSchema({ type: "object" }) }];
  await provider.generate("Hello", { tools });
  await provider.generate("Hello", { tools, stream: true });
  await provider.generate("Hello");
  assertEquals(sent, [false, true, true]);
});

Deno.test("createOpenAiCompatible() says what it is", () => {
  const usual = createOpenAiCompatible({ baseUrl: `${baseUrl}/` });
  assertEquals(toAttributes(usual), {
    id: "OpenAiCompatible",
    label: "OpenAiCompatible",
    url: baseUrl,
    baseUrl,
    working: true,
    supportsStream: true,
    supportsSystemMessage: true,
    supportsMessageHistory: true,
    acceptsImages: true,
    settings: CHAT_SETTINGS,
    toolSupport: "native",
    outputSupport: "schema",
    takesExtraBody: true,
    defaultModel: "",
    models: [],
    imageModels: [],
    modelAliases: {},
  });
  const { id, label } = createOpenAiCompatible({
    baseUrl: new URL(baseUrl),
    id: "Ollama",
  });
  assertEquals([id, label], ["Ollama", "Ollama"]);
});
