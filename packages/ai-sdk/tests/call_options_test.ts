import { assertEquals, assertObjectMatch } from "@std/assert";
import type { ChatOptions } from "@parley/chat";
import { toHeaders } from "../call_options.ts";
import { send } from "./_answers.ts";

Deno.test("settings are sent, or told as a warning", async () => {
  const { run, warnings } = await send({
    temperature: 0.5,
    stopSequences: ["END"],
    seed: 7,
    reasoning: "low",
    topK: 3,
    presencePenalty: 1,
    tools: [
      {
        type: "function",
        name: "weather",
        description: "Tells the weather",
        inputSchema: { type: "object", properties: {} },
        strict: false,
        inputExamples: [{ input: {} }],
      },
      { type: "provider", id: "openai.search", name: "search", args: {} },
    ],
    toolChoice: { type: "tool", toolName: "weather" },
    providerOptions: { Parrot: { min_p: 0.1 }, other: { a: 1 } },
    headers: { "user-agent": "ai/7.0.0", "x-own": "1", "x-not": undefined },
  });
  assertObjectMatch(
    { ...run.options },
    {
      temperature: 0.5,
      stop: ["END"],
      seed: 7,
      reasoningEffort: "low",
      extraBody: { min_p: 0.1 },
    } satisfies ChatOptions,
  );
  assertEquals(run.toolChoice, { tool: "weather" });
  assertEquals(run.tools?.map(({ name, strict }) => [name, strict]), [
    ["weather", false],
  ]);
  assertEquals(warnings, [
    { type: "unsupported", feature: "topK" },
    { type: "unsupported", feature: 'inputExamples of tool "weather"' },
    {
      type: "unsupported",
      feature: 'tool "openai.search" of another provider',
    },
    {
      type: "other",
      message: 'Setting "presencePenalty" is ignored: "green" does not take it',
    },
    {
      type: "other",
      message: "The model did not call a tool, though it was to",
    },
  ]);
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
