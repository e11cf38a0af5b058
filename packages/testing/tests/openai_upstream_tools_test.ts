import { assert, assertEquals } from "@std/assert";
import { jsonSchema } from "@parley/chat";
import {
  createOpenAiUpstream,
  type ToolAnswer,
  type ToolQuirk,
} from "@parley/testing";
import { createOpenAi } from "../../../tests/_openai_compatible.ts";

const tools = ["lake", "river"].map((name) => ({
  name,
  inputSchema: jsonSchema({ type: "object" }),
}));

const LAKE = { name: "lake", input: { at: "Thun 👋" } };
const RIVER = { name: "river", input: {} };

/** Asks over a server, and collects what the provider makes of its answer. */
async function ask(
  answer: ToolAnswer,
  quirks: readonly ToolQuirk[],
  stream: boolean,
) {
  const upstream = createOpenAiUpstream({ answer: () => answer, quirks });
  const result = await createOpenAi({ fetch: upstream.fetch })
    .generate("Where?", { tools, stream });
  return {
    text: result.text,
    calls: result.toolCalls.map(({ name, input }) => ({ name, input })),
    errors: result.toolCallErrors.map(({ reason }) => reason),
    reason: result.finishReason,
    ids: new Set(result.toolCalls.map(({ id }) => id)).size,
  };
}

const TWO = { text: "", calls: [LAKE, RIVER], errors: [], ids: 2 };

/** What is odd about a server, and what comes of two calls all the same. */
const QUIRKS: readonly (readonly ToolQuirk[])[] = [
  [],
  ["no-index"],
  ["index-0"],
  ["no-id"],
  ["late-id"],
  ["one-id"],
  ["name-each"],
  ["late-name"],
  ["whole"],
  ["whole", "no-id", "index-0"],
  ["args-object"],
  ["interleaved"],
  ["interleaved", "late-name"],
  ["no-args"],
  ["stop-reason"],
  ["double-finish"],
];

for (const stream of [true, false]) {
  const form = stream ? "in pieces" : "whole";
  for (const quirks of QUIRKS) {
    const name = quirks.join(", ") || "no quirk";
    Deno.test(`createOpenAiUpstream() calls tools ${form}: ${name}`, async () => {
      const answer = { toolCalls: [LAKE, RIVER] };
      assertEquals(await ask(answer, quirks, stream), {
        ...TWO,
        reason: "tool-calls",
      });
    });
  }

  Deno.test(`createOpenAiUpstream() calls a tool in the form before tools, ${form}`, async () => {
    const answer = { text: "So", toolCalls: [LAKE] };
    assertEquals(await ask(answer, ["function-call"], stream), {
      ...TWO,
      text: "So",
      calls: [LAKE],
      ids: 1,
      reason: "tool-calls",
    });
  });

  Deno.test(`createOpenAiUpstream() cuts a call though it says another reason, ${form}`, async () => {
    const answer = { toolCalls: [RIVER, LAKE] };
    assertEquals(await ask(answer, ["cut-as-tool-calls"], stream), {
      ...TWO,
      calls: [RIVER],
      errors: ["invalid-json"],
      ids: 1,
      reason: "tool-calls",
    });
  });

  Deno.test(`createOpenAiUpstream() says an object, and refuses, ${form}`, async () => {
    const provider = createOpenAi({
      fetch: createOpenAiUpstream({
        answer: (prompt) =>
          prompt === "Refuse"
            ? { refusal: "I will not say" }
            : { object: { lake: "Thunersee" } },
      }).fetch,
    });
    const output = jsonSchema({ type: "object" });
    const { object } = await provider.generate("Lake?", { output, stream });
    assertEquals(object, { lake: "Thunersee" });
    const refused = await provider.generate("Refuse", { stream });
    assertEquals(
      [refused.text, refused.finishReason],
      ["I will not say", "content-filter"],
    );
  });
}

Deno.test("createOpenAiUpstream() takes calls and their results", async () => {
  const upstream = createOpenAiUpstream({
    answer: (prompt, { messages }) =>
      messages.length === 1 ? { toolCalls: [LAKE] } : `It is ${prompt}`,
  });
  const provider = createOpenAi({ fetch: upstream.fetch });
  const user = { role: "user", content: "Where?" } as const;
  const { toolCalls } = await provider.generate([user], { tools });
  const [call] = toolCalls;
  assert(call !== undefined);
  const { text } = await provider.generate([
    user,
    { role: "assistant", content: "", toolCalls },
    { role: "tool", callId: call.id, content: "here" },
  ], { tools });
  assertEquals(text, "It is here");
});

Deno.test("createOpenAiUpstream() refuses choices without tools", async () => {
  const { fetch } = createOpenAiUpstream();
  for (const field of ["tool_choice", "parallel_tool_calls"]) {
    const response = await fetch("https://a.example/v1/chat/completions", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        model: "gpt-4o",
        messages: [{ role: "user", content: "Hi" }],
        [field]: "auto",
      }),
    });
    const { error } = await response.json();
    assertEquals([response.status, error.param], [400, field]);
  }
});
