// Calls in bodies that are whole, in one piece, or end too early.
import { assertEquals, assertRejects } from "@std/assert";
import {
  createOpenAiCompatible,
  jsonSchema,
  type OpenAiCompatibleProvider,
  ProviderError,
  type Tool,
} from "../../../mod.ts";

const tools: readonly Tool[] = ["f", "g"].map((name) => ({
  name,
  inputSchema: jsonSchema({ type: "object" }),
}));

function answerWith(body: string | (() => Response)): OpenAiCompatibleProvider {
  return createOpenAiCompatible({
    baseUrl: "http://127.0.0.1:1/v1",
    models: ["m"],
    maxRetries: 0,
    fetch: () =>
      Promise.resolve(typeof body === "string" ? new Response(body) : body()),
  });
}

Deno.test("readOpenAiAnswer() understands the calls of a whole answer", async () => {
  const called = { name: "f", arguments: "{}" };
  const meta = { name: "f", parameters: { x: 1 } };
  const old = { name: "g", arguments: '{"x":1}' };
  for (
    const [message, id, input] of [
      [{ tool_calls: [{ id: "a", function: called }] }, "a", {}],
      [{ tool_calls: [{ function: { ...called, id: "b" } }] }, "b", {}],
      [{ content: null, function_call: old }, undefined, { x: 1 }],
      [{ tool_calls: [], function_call: old }, undefined, { x: 1 }],
      [{ tool_calls: { id: "a", function: called } }, "a", {}],
      [{ tool_calls: { "1": { id: "a", function: called } } }, "a", {}],
      [{ tool_calls: [{ id: "a", function: meta }] }, "a", { x: 1 }],
      [{ tool_calls: [{ id: "a", name: "f", input: { x: 1 } }] }, "a", {
        x: 1,
      }],
    ] as const
  ) {
    const choices = [{ index: 0, message, finish_reason: "tool_calls" }];
    const { toolCalls } = await answerWith(() => Response.json({ choices }))
      .generate("Hi", { tools });
    assertEquals(toolCalls.map(({ input }) => input), [input]);
    if (id !== undefined) assertEquals(toolCalls[0]?.id, id);
  }
});

Deno.test("readOpenAiAnswer() hands out no call of a body that ends too early", async () => {
  const pieces = [
    { index: 0, id: "a", function: { name: "f", arguments: '{"x":' } },
    { index: 1, id: "b", function: { name: "g", arguments: "{}" } },
    { index: 0, function: { arguments: "1}" } },
  ];
  const whole = pieces.map((piece) => {
    const choices = [{ index: 0, delta: { tool_calls: [piece] } }];
    return `data: ${JSON.stringify({ choices })}\n\n`;
  }).join("");
  for (let size = 0; size <= whole.length; size += 7) {
    const seen: string[] = [];
    const error = await assertRejects(async () => {
      const stream = answerWith(whole.slice(0, size)).stream("Hi", { tools });
      for await (const { type } of stream) seen.push(type);
    }, ProviderError);
    assertEquals(seen.filter((type) => type !== "tool-call-delta"), []);
    if (seen.length > 0) assertEquals(error.code, "incomplete");
  }
});

Deno.test("readOpenAiAnswer() names the model that the last chunk names", async () => {
  const chunks = ["auto", "small-2", ""].map((model) =>
    `data: ${
      JSON.stringify({ model, choices: [{ delta: { content: "Hi" } }] })
    }`
  );
  const { responseModel } = await answerWith(
    [...chunks, "data: [DONE]\n\n"].join("\n\n"),
  ).generate("Hi");
  assertEquals(responseModel, "small-2");
});
