// Each field of a response that a client of OpenAI's can send is sent on, has an
// effect here, is refused, or is told to have none. The compiler knows of a field
// too many.
import { assertEquals } from "@std/assert";
import type OpenAI from "openai";
import { type Fate, findFate, type Row } from "../_field_fates.ts";
import { ANSWER, say } from "../_gateway.ts";
import { createServed, FORMAT, type Json } from "../_served.ts";

type Rows<T> = Readonly<Record<keyof T, Row>>;

const PATH = "/v1/responses";
const TOOL = { type: "function", name: "weather", parameters: {} };
const CALL = {
  type: "function_call",
  call_id: "c",
  name: "x",
  arguments: "{}",
};
const RESULT = { type: "function_call_output", call_id: "c", output: "Rain" };
const TEXT = { type: "input_text", text: "Hello" };
const PICTURE = {
  type: "input_image",
  image_url: "data:image/gif;base64,R0lGODlhAQABAAAAACw=",
};

const FIELDS: Rows<OpenAI.Responses.ResponseCreateParamsStreaming> = {
  access_programs: [["x"], "told", "told"],
  background: [true, "refused", "refused"],
  background_options: [{ x: 1 }, "told", "told"],
  context_management: [[{ type: "compaction" }], "told", "told"],
  conversation: ["conv", "refused", "refused"],
  image: [{ size: "512x512" }, "told", "told"],
  include: [["reasoning.encrypted_content"], "told", "told"],
  input: ["Is it true?", "sent", "done"],
  instructions: ["Be brief", "sent", "done"],
  max_output_tokens: [77, "sent", "told"],
  max_tool_calls: [2, "refused", "refused"],
  metadata: [{ a: "b" }, "told", "told"],
  model: ["Server/small", "done", "done"],
  moderation: [{ model: "omni" }, "told", "told"],
  parallel_tool_calls: [false, "sent", "told"],
  previous_response_id: ["resp", "refused", "refused"],
  prompt: [{ id: "prompt" }, "refused", "refused"],
  prompt_cache_key: ["key", "told", "told"],
  prompt_cache_options: [{ mode: "x" }, "told", "told"],
  prompt_cache_retention: ["24h", "told", "told"],
  reasoning: [{ mode: "pro" }, "told", "told"],
  safety_identifier: ["user", "told", "told"],
  service_tier: ["flex", "told", "told"],
  store: [false, "done", "done"],
  stream: [true, "sent", "done"],
  stream_options: [{ include_obfuscation: true }, "told", "told"],
  temperature: [0.125, "sent", "told"],
  text: [{ other: 1 }, "told", "told"],
  tool_choice: ["required", "sent", "refused"],
  tools: [[TOOL], "sent", "refused"],
  top_logprobs: [2, "refused", "refused"],
  top_p: [0.125, "sent", "told"],
  truncation: ["auto", "told", "told"],
  user: ["user", "told", "told"],
};

const REASONING: Rows<OpenAI.Reasoning> = {
  context: ["all_turns", "told", "told"],
  effort: ["low", "sent", "told"],
  generate_summary: ["concise", "told", "told"],
  mode: ["pro", "told", "told"],
  summary: ["detailed", "told", "told"],
};

const { json_schema: SCHEMA } = FORMAT;

const TEXT_CONFIG: Rows<OpenAI.Responses.ResponseTextConfig> = {
  format: [{ type: "json_schema", ...SCHEMA }, "sent", "refused"],
  verbosity: ["low", "told", "told"],
};

const FUNCTION: Rows<Omit<OpenAI.Responses.FunctionTool, "type" | "name">> = {
  allowed_callers: [["direct"], "told", "refused"],
  async: [true, "told", "refused"],
  defer_loading: [true, "told", "refused"],
  description: ["Tells the weather", "sent", "refused"],
  output_schema: [{ type: "object" }, "told", "refused"],
  parameters: [{ type: "object", properties: {} }, "sent", "refused"],
  strict: [false, "sent", "refused"],
};

const CUSTOM: Rows<Omit<OpenAI.Responses.CustomTool, "type" | "name">> = {
  allowed_callers: [["direct"], "told", "refused"],
  async: [true, "told", "refused"],
  defer_loading: [true, "told", "refused"],
  description: ["Edits files", "sent", "refused"],
  format: [
    { type: "grammar", definition: "start: x", syntax: "lark" },
    "done",
    "refused",
  ],
};

const CALLER = { caller: { type: "direct" } };
const CACHED = { prompt_cache_breakpoint: { mode: "x" } };

/** What of the items of an input nobody reads. */
const INPUTS: Readonly<Record<string, readonly object[]>> = {
  "phase": [{ role: "assistant", content: "Hm", phase: "commentary" }],
  "caller": [CALL, { ...RESULT, ...CALLER }],
  // What was thought is only wanted beside calls.
  "summary": [
    { type: "reasoning", summary: [{ type: "summary_text", text: "Hm" }] },
    { role: "assistant", content: "Hi" },
  ],
  "encrypted_content": [{ type: "reasoning", encrypted_content: "x" }],
  "content[].prompt_cache_breakpoint": [{ content: [{ ...TEXT, ...CACHED }] }],
  "content[].detail": [{ content: [{ ...PICTURE, detail: "low" }] }],
};

/** What is in no request of its own. */
const BESIDE: Readonly<Record<string, Json>> = {
  tool_choice: { tools: [TOOL] },
  parallel_tool_calls: { tools: [TOOL] },
};

/** The first plain value: in what goes on, all around it has another form. */
function findLeaf(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const leaves = Object.entries(value).filter(([name]) => name !== "type");
  return leaves.length > 0 ? findLeaf(leaves[0]?.[1]) : "object";
}

/** Tells what becomes of a field before a server that takes all. */
async function findFirst(
  name: string,
  fields: Json,
  value?: unknown,
): Promise<Fate> {
  const { gateway, bodies } = createServed([{ content: "{}" }]);
  const body = { model: "Server/small", input: "Hello", ...fields };
  const sent = () => JSON.stringify(bodies);
  return await findFate(gateway, PATH, body, name, sent, findLeaf(value));
}

function test(name: string, [value, all, none]: Row, fields: Json): void {
  Deno.test(`"${name}" of a response is ${all}, or ${none}`, async () => {
    const whole = { ...BESIDE[name], ...fields };
    assertEquals(await findFirst(name, whole, value), all);
    const other = { input: "Hello", ...fields, model: "Parrot/grey" };
    assertEquals(
      await findFate(say(ANSWER), PATH, other, name, () => ""),
      none,
    );
  });
}

for (const [name, row] of Object.entries(FIELDS)) {
  test(name, row, { [name]: row[0] });
}
for (const [name, row] of Object.entries(REASONING)) {
  test(`reasoning.${name}`, row, { reasoning: { [name]: row[0] } });
}
for (const [name, row] of Object.entries(TEXT_CONFIG)) {
  test(`text.${name}`, row, { text: { [name]: row[0] } });
}
for (const [name, row] of Object.entries(FUNCTION)) {
  test(`tools[].${name}`, row, { tools: [{ ...TOOL, [name]: row[0] }] });
}
for (const [name, row] of Object.entries(CUSTOM)) {
  const tool = { type: "custom", name: "edit", [name]: row[0] };
  test(`tools[].${name}`, row, { tools: [tool] });
}
Deno.test("what nobody reads of the items of an input is told", async () => {
  for (const [name, items] of Object.entries(INPUTS)) {
    const input = [{ role: "user", content: "Hello" }, ...items];
    assertEquals(await findFirst(`input[].${name}`, { input }), "told");
  }
});
