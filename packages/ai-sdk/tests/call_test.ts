// Each field of a call is sent, has an effect here, is refused, or is told to
// have none. The compiler knows of a field too many.
import { assertEquals } from "@std/assert";
import type {
  ImageModelV4CallOptions,
  LanguageModelV4CallOptions,
} from "@ai-sdk/provider";
import { createOpenAiCompatible } from "@parley/chat";
import { toHeaders } from "../call.ts";
import { toImageModel, toLanguageModel } from "../mod.ts";
import { createParrot, FINISH, toTextEvent } from "../../../tests/_parrot.ts";
import { PROMPT } from "./_answers.ts";

/** What is sent, as JSON or a header; or what becomes of the field else. */
type Fate = `sent ${string}` | "done" | "refused" | `told ${string}`;

/** A value, and what becomes of it before a server that takes all, and none. */
type Row = readonly [value: unknown, all: Fate, none: Fate];
type Rows<T> = Readonly<Record<keyof T, Row>>;

const FUNCTION = {
  type: "function",
  name: "weather",
  inputSchema: { type: "object", properties: {} },
} as const;

const ID = { OpenAiCompatible: { min_p: 0.25 }, Parrot: { min_p: 0.25 } };

const CALL: Rows<LanguageModelV4CallOptions> = {
  prompt: [PROMPT, 'sent "content":"Hello"', "done"],
  maxOutputTokens: [77, 'sent "max_tokens":77', "told maxTokens"],
  temperature: [0.125, 'sent "temperature":0.125', "told temperature"],
  stopSequences: [["END"], 'sent "stop":["END"]', "told stop"],
  topP: [0.125, 'sent "top_p":0.125', "told topP"],
  topK: [3, "told topK", "told topK"],
  presencePenalty: [1, 'sent "presence_penalty":1', "told presencePenalty"],
  frequencyPenalty: [1, 'sent "frequency_penalty":1', "told frequencyPenalty"],
  responseFormat: [
    { type: "json", name: "city", schema: { type: "object" } },
    'sent "json_schema":{"name":"city"',
    "refused",
  ],
  seed: [7, 'sent "seed":7', "told seed"],
  tools: [[FUNCTION], 'sent "name":"weather"', "refused"],
  toolChoice: [{ type: "required" }, "refused", "refused"],
  includeRawChunks: [true, "told includeRawChunks", "told includeRawChunks"],
  abortSignal: [AbortSignal.abort("Enough"), "refused", "refused"],
  headers: [{ "x-own": "1" }, 'sent "x-own","1"', "done"],
  reasoning: ["low", 'sent "reasoning_effort":"low"', "told reasoningEffort"],
  providerOptions: [ID, 'sent "min_p":0.25', "refused"],
};

const TOOL: Rows<
  Extract<
    NonNullable<LanguageModelV4CallOptions["tools"]>[number],
    { type: "function" }
  >
> = {
  type: ["function", 'sent "type":"function"', "refused"],
  name: ["climate", 'sent "name":"climate"', "refused"],
  description: ["Tells", 'sent "description":"Tells"', "refused"],
  inputSchema: [
    { type: "object", properties: { a: { type: "number" } } },
    'sent "properties":{"a":{"type":"number"}}',
    "refused",
  ],
  inputExamples: [[{ input: {} }], "told inputExamples", "refused"],
  strict: [false, 'sent "strict":false', "refused"],
  providerOptions: [ID, "told providerOptions", "refused"],
};

const IMAGE: Rows<ImageModelV4CallOptions> = {
  prompt: ["A red cat", 'sent "prompt":"A red cat"', "done"],
  n: [2, 'sent "n":2', "told image.count"],
  size: ["512x512", 'sent "size":"512x512"', "told image.size"],
  aspectRatio: ["4:3", "told aspectRatio", "told aspectRatio"],
  seed: [7, "told seed", "told seed"],
  files: [
    [{ type: "url", url: "https://a.example" }],
    "told files",
    "told files",
  ],
  mask: [{ type: "url", url: "https://a.example" }, "told mask", "told mask"],
  providerOptions: [ID, 'sent "min_p":0.25', "refused"],
  abortSignal: [AbortSignal.abort("Enough"), "refused", "refused"],
  headers: [{ "x-own": "1" }, 'sent "x-own","1"', "done"],
};

const PICTURE = "R0lGODlhAQABAAAAACw=";

/** A server that takes all, and what it was asked. */
function createServer() {
  let sent = "";
  const provider = createOpenAiCompatible({
    baseUrl: "http://127.0.0.1:1/v1",
    models: ["large"],
    imageModels: ["painter"],
    fetch: async (input, init) => {
      const request = new Request(input, init);
      sent = JSON.stringify([...request.headers]) + await request.text();
      if (request.url.endsWith("generations")) {
        const picture = { b64_json: PICTURE };
        return Response.json({ data: [picture, picture] });
      }
      return new Response(
        'data: {"choices":[{"delta":{"content":"{}"},"finish_reason":"stop"}]}\n\n',
        { headers: { "content-type": "text/event-stream" } },
      );
    },
  });
  return { provider, painter: "painter", sent: () => sent };
}

/** A provider that takes nothing but text. */
function createPlain() {
  const { provider } = createParrot({
    async *respond() {
      yield toTextEvent("Hi");
      yield FINISH;
    },
  });
  return { provider, painter: "grey", sent: () => "" };
}

/** Tells whether a field has the fate that it should have. */
async function check(
  ask: () => PromiseLike<{ readonly warnings: readonly object[] }>,
  sent: () => string,
  fate: Fate,
): Promise<void> {
  const [kind, words = ""] = fate.split(/ (.*)/);
  const result = await Promise.resolve(ask()).catch((error) => error);
  const isRefused = result instanceof Error || result === "Enough";
  assertEquals(isRefused, kind === "refused", String(result));
  if (isRefused) return assertEquals(sent(), "");
  const told = JSON.stringify(result.warnings);
  // One that is told is told of itself, and of one that is not, nothing is.
  assertEquals(told.includes(words) && told !== "[]", kind === "told", told);
  if (kind === "sent") assertEquals(sent().includes(words), true, sent());
}

function test(
  name: string,
  [, ...fates]: Row,
  ask: (
    made: ReturnType<typeof createServer | typeof createPlain>,
  ) => PromiseLike<{ readonly warnings: readonly object[] }>,
): void {
  Deno.test(`${name} is ${fates.join(", or ")}`, async () => {
    for (const [index, create] of [createServer, createPlain].entries()) {
      const made = create();
      await check(() => ask(made), made.sent, fates[index] ?? "done");
    }
  });
}

for (const [name, row] of Object.entries(CALL)) {
  test(
    name,
    row,
    ({ provider }) =>
      toLanguageModel(provider).doGenerate({ prompt: PROMPT, [name]: row[0] }),
  );
}

for (const [name, row] of Object.entries(TOOL)) {
  const tools = [{ ...FUNCTION, [name]: row[0] }];
  test(
    `"${name}" of a tool`,
    row,
    ({ provider }) =>
      toLanguageModel(provider).doGenerate({ prompt: PROMPT, tools }),
  );
}

for (const [name, row] of Object.entries(IMAGE)) {
  test(
    `"${name}" of a picture`,
    row,
    ({ provider, painter }) =>
      toImageModel(provider, painter).doGenerate({
        prompt: "A cat",
        n: 1,
        size: undefined,
        aspectRatio: undefined,
        seed: undefined,
        files: undefined,
        mask: undefined,
        providerOptions: {},
        [name]: row[0],
      }),
  );
}

Deno.test("a choice of tools that are not there is nothing to tell", async () => {
  const model = toLanguageModel(createServer().provider);
  for (const type of ["auto", "none"] as const) {
    const call = { prompt: PROMPT, toolChoice: { type } };
    assertEquals((await model.doGenerate(call)).warnings, []);
  }
});

Deno.test("a tool of another provider is told", async () => {
  const { provider } = createServer();
  const { warnings } = await toLanguageModel(provider).doGenerate({
    prompt: PROMPT,
    tools: [{
      type: "provider",
      id: "openai.search",
      name: "search",
      args: {},
    }],
  });
  assertEquals(warnings, [{
    type: "unsupported",
    feature: 'tool "openai.search" of another provider',
  }]);
});

Deno.test("the SDK's own name is not sent, and the caller's headers are", () => {
  assertEquals(
    toHeaders({ "user-agent": "ai/7.0.0", "x-own": "1", "x-not": undefined }),
    { "x-own": "1" },
  );
  assertEquals(toHeaders({ "user-agent": "mine ai/7.0.0" }), {
    "user-agent": "mine ai/7.0.0",
  });
});
