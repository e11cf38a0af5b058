import { assertEquals } from "@std/assert";
import { ANSWER, readError, say } from "../_gateway.ts";
import { createServed } from "../_served.ts";
import { ask } from "./_ask.ts";

Deno.test("the input is a chat: text, pictures, calls and their results", async () => {
  const { gateway, bodies } = createServed([{ content: "Hi" }]);
  const picture = "data:image/gif;base64,R0lGODlhAQABAAAAACw=";
  const response = await ask(gateway, {
    model: "Server/small",
    instructions: "Be brief",
    input: [
      { role: "developer", content: "In German" },
      {
        type: "message",
        role: "user",
        content: [
          { type: "input_text", text: "What is this?" },
          { type: "input_image", image_url: picture, detail: "auto" },
        ],
      },
      { type: "reasoning", id: "rs_1", summary: [{ text: "Hm" }] },
      {
        role: "assistant",
        content: [{ type: "output_text", text: "Wait", annotations: [] }],
      },
      { type: "function_call", call_id: "1", name: "a", arguments: "{}" },
      { type: "function_call", call_id: "2", name: "a", arguments: "{}" },
      { type: "function_call_output", call_id: "2", output: "two" },
      {
        type: "function_call_output",
        call_id: "1",
        output: [{ type: "input_text", text: "one" }],
      },
    ],
    tools: [{ type: "function", name: "a", parameters: {} }],
    tool_choice: { type: "function", name: "a" },
    max_output_tokens: 9,
    reasoning: { effort: "low" },
    store: false,
  });
  assertEquals([response.status, (await response.json()).warnings], [
    200,
    [{
      code: "tool-choice-ignored",
      message: "The model did not call a tool, though it was to",
    }],
  ]);
  const [{ messages, max_tokens, reasoning_effort } = {}] = bodies;
  const called = { name: "a", arguments: "{}" };
  assertEquals([max_tokens, reasoning_effort], [9, "low"]);
  assertEquals<unknown>(messages, [
    { role: "system", content: "Be brief" },
    { role: "system", content: "In German" },
    {
      role: "user",
      content: [
        { type: "text", text: "What is this?" },
        { type: "image_url", image_url: { url: picture } },
      ],
    },
    {
      role: "assistant",
      content: [{ type: "text", text: "Wait" }],
      reasoning_content: "Hm",
      tool_calls: [
        { id: "1", type: "function", function: called },
        { id: "2", type: "function", function: called },
      ],
    },
    {
      role: "tool",
      tool_call_id: "1",
      content: [{ type: "text", text: "one" }],
    },
    { role: "tool", tool_call_id: "2", content: "two" },
  ]);
});

for (
  const [fields, param] of [
    [{ previous_response_id: "resp_1" }, "previous_response_id"],
    [{ conversation: "conv_1" }, "conversation"],
    [{ background: true }, "background"],
    [{ prompt: { id: "p" } }, "prompt"],
    [{ tools: [{ type: "web_search" }] }, "tools[0].type"],
    [{ tools: [{ type: "function", name: "a b" }] }, "tools[0].name"],
    [
      { tools: [{ type: "function", name: "a" }, { type: "mcp" }] },
      "tools[1].type",
    ],
    [
      {
        tools: [
          { type: "web_search" },
          { type: "function", name: "a" },
          {
            type: "namespace",
            name: "n",
            tools: [{ type: "function", name: "a b" }],
          },
        ],
      },
      "tools[2].tools[0].name",
    ],
    [{ tools: [{ type: "namespace", tools: [] }] }, "tools[0].name"],
    [
      {
        tools: [{ type: "namespace", name: "n", tools: [{ type: "custom" }] }],
      },
      "tools[0].tools[0].name",
    ],
    [
      { tools: [{ type: "custom", name: "a", format: 1 }] },
      "tools[0].format",
    ],
    [
      { input: [{ type: "reasoning", summary: [1] }] },
      "input[0].summary[0]",
    ],
    [{ tool_choice: { type: "function", name: "b" } }, "tool_choice"],
    [{ text: { format: { type: "xml" } } }, "text.format.type"],
    [{ max_output_tokens: 0 }, "max_output_tokens"],
    [{ reasoning: { effort: 1 } }, "reasoning.effort"],
    [{ input: [] }, "input"],
    [{ input: [{ type: "computer_call" }] }, "input[0].type"],
    [
      { input: [{ content: [{ type: "input_file" }] }] },
      "input[0].content[0]",
    ],
    [{ input: [{ role: "robot", content: "Hi" }] }, "input"],
    [{ input: [{ type: "item_reference", id: "msg_1" }] }, "input[0]"],
    [{ input: undefined }, "input"],
    [
      {
        input: [
          { role: "user", content: "Hi" },
          { type: "function_call", call_id: "1", name: "a", arguments: "{}" },
          { role: "user", content: "Wait" },
        ],
      },
      "input",
    ],
  ] as const
) {
  Deno.test(`a request with ${JSON.stringify(fields)} names ${param}`, async () => {
    const response = await ask(say(ANSWER), fields);
    assertEquals(response.status, 400);
    const error = await readError(response);
    assertEquals(error.param, param);
    const foreign = /messages|completion|function\.|Invalid input/;
    assertEquals(foreign.test(error.message), false);
  });
}

Deno.test("what was thought is told with what it led to", async () => {
  const { gateway, bodies } = createServed([{ content: "Hi" }]);
  const thought = { type: "reasoning", summary: [{ text: "Hm" }] };
  const answer = { role: "assistant", content: "Wait" };
  const called = { name: "a", arguments: "{}" };
  const call = { id: "1", type: "function", function: called };
  await ask(gateway, {
    model: "Server/small",
    input: [
      thought,
      { role: "user", content: "Now" },
      { type: "function_call", call_id: "1", ...called },
      // A model may say something after its call.
      answer,
      { type: "function_call_output", call_id: "1", output: "one" },
      { role: "assistant", content: [{ type: "output_text", text: "So" }] },
      { type: "function_call", call_id: "2", ...called },
      answer,
      { type: "function_call_output", call_id: "2", output: "one" },
    ],
  });
  const parts = ["So", "Wait"].map((text) => ({ type: "text", text }));
  assertEquals(bodies[0]?.messages, [
    { role: "user", content: "Now" },
    { ...answer, tool_calls: [call] },
    { role: "tool", tool_call_id: "1", content: "one" },
    { role: "assistant", content: parts, tool_calls: [{ ...call, id: "2" }] },
    { role: "tool", tool_call_id: "2", content: "one" },
  ]);
});
