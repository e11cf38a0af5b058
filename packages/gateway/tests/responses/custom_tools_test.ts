// Tools that are no functions: an agent has some that take text, gets more of them
// within a chat, and offers what a model here goes without.
import { assertEquals } from "@std/assert";
import { createServed, type Json } from "../_served.ts";
import { ask, readStream } from "./_ask.ts";

const MODEL = "Server/small";
const PATCH = '*** Add File: "ü"\n+a';
const FORMAT = { type: "grammar", syntax: "lark", definition: "start: /.+/" };
const TOOL = { type: "custom", name: "patch", description: "Edits" };
const CALLED = { type: "custom_tool_call", call_id: "c", name: "patch" };
const HELLO = { role: "user", content: "Hello" };

function createCalling(
  written: readonly string[],
  name = "patch",
  reason?: string,
): ReturnType<typeof createServed> {
  const toCall = (fields: Json) => ({ tool_calls: [{ index: 0, ...fields }] });
  return createServed(
    [
      toCall({ id: "c", function: { name } }),
      ...written.map((piece) => toCall({ function: { arguments: piece } })),
    ],
    {},
    {},
    reason,
  );
}

Deno.test("text goes to a tool as the one parameter of a function", async () => {
  const { gateway, bodies } = createCalling(['{"input":"*** Add ', 'File"}']);
  const response = await ask(gateway, {
    model: MODEL,
    tools: [{ ...TOOL, format: FORMAT }],
    tool_choice: { type: "custom", name: "patch" },
    input: [
      HELLO,
      { ...CALLED, input: PATCH },
      { type: "custom_tool_call_output", call_id: "c", output: "Done" },
    ],
  });
  const { output, warnings } = await response.json();
  const { id: _, ...call } = output[0];
  assertEquals(call, { ...CALLED, status: "completed", input: "*** Add File" });
  assertEquals(warnings, undefined);
  const { tools, messages, tool_choice } = Object(bodies[0]);
  assertEquals(tools, [{
    type: "function",
    function: {
      name: "patch",
      description: "Edits\n\nThe input has this form (lark):\nstart: /.+/",
      parameters: {
        type: "object",
        properties: { input: { type: "string" } },
        required: ["input"],
        additionalProperties: false,
      },
    },
  }]);
  assertEquals(tool_choice.function.name, "patch");
  const { function: called } = messages[1].tool_calls[0];
  assertEquals(JSON.parse(called.arguments), { input: PATCH });
  assertEquals(messages[2].content, "Done");
});

Deno.test("text for a tool is streamed as such, however it was cut", async () => {
  const written = JSON.stringify({ input: PATCH });
  const { gateway } = createCalling([...written]);
  const asked = { model: MODEL, tools: [TOOL], stream: true };
  const events = await readStream(await ask(gateway, asked));
  const of = (type: string) =>
    events.filter((event) => event.type === `response.${type}`);
  const delta = of("custom_tool_call_input.delta").map(({ delta }) => delta);
  assertEquals(delta.join(""), PATCH);
  const [done] = of("custom_tool_call_input.done");
  assertEquals([done?.input, done?.output_index], [PATCH, 0]);
  const items = ["added", "done"].flatMap((step) => of(`output_item.${step}`))
    .map(({ item }) => Object(item));
  assertEquals(
    items.map(({ type, input, status }) => [type, input, status]),
    [
      ["custom_tool_call", "", "in_progress"],
      ["custom_tool_call", PATCH, "completed"],
    ],
  );
});

Deno.test("text for a tool that is cut must not be run", async () => {
  const { gateway } = createCalling(['{"input":"a"}'], "patch", "length");
  const asked = { model: MODEL, tools: [TOOL], stream: true };
  const events = await readStream(await ask(gateway, asked));
  const { output: [{ status }] } = Object(events.at(-1)?.response);
  assertEquals(status, "incomplete");
});

Deno.test("tools that come within a chat are there, the latest of a name", async () => {
  const { gateway, bodies } = createCalling(['{"input":"1"}'], "code__exec");
  const toTools = (description: string) => ({
    type: "additional_tools",
    role: "developer",
    tools: [
      {
        type: "namespace",
        name: "code",
        tools: [{ ...TOOL, name: "exec", description }],
      },
      { type: "function", name: "wait", description },
    ],
  });
  const response = await ask(gateway, {
    model: MODEL,
    tools: [{ type: "function", name: "wait", description: "Now" }],
    input: [toTools("Before"), HELLO, toTools("Later"), HELLO],
  });
  const { output: [{ namespace, name, input }] } = await response.json();
  assertEquals([namespace, name, input], ["code", "exec", "1"]);
  const { tools } = Object(bodies[0]);
  assertEquals(
    tools.map(({ function: { name, description } }: {
      readonly function: Json;
    }) => [name, description]),
    [["wait", "Now"], ["code__exec", "Later"]],
  );
});

const SEARCH = {
  type: "tool_search",
  execution: "client",
  description: "Finds tools",
  parameters: { type: "object", properties: {} },
};

Deno.test("a client searches tools, and what it finds may be called", async () => {
  const { gateway, bodies } = createCalling(["{}"], "rain__forecast");
  const search = {
    type: "tool_search_call",
    call_id: "s",
    arguments: { q: 1 },
  };
  const tools = [
    {
      type: "namespace",
      name: "rain",
      tools: [{ type: "function", name: "forecast" }],
    },
    { type: "function", name: "wait" },
  ];
  const response = await ask(gateway, {
    model: MODEL,
    tools: [SEARCH],
    input: [
      HELLO,
      { ...search, execution: "client" },
      { type: "tool_search_output", call_id: "s", tools, execution: "client" },
    ],
  });
  const { output: [{ namespace, name }], warnings } = await response.json();
  assertEquals([namespace, name, warnings], ["rain", "forecast", undefined]);
  const { tools: [first, ...found], messages } = Object(bodies[0]);
  const { type: _, execution: _execution, ...described } = SEARCH;
  assertEquals(first.function, { name: "tool_search", ...described });
  const names = ["rain__forecast", "wait"];
  assertEquals(found.map((tool: Json) => Object(tool.function).name), names);
  const [{ function: called }] = messages[1].tool_calls;
  assertEquals(called, { name: "tool_search", arguments: '{"q":1}' });
  assertEquals(messages[2].content, JSON.stringify(names));
});

Deno.test("a tool that waits to be found is not called before", async () => {
  const waiting = { type: "function", name: "forecast", defer_loading: true };
  for (const isFound of [false, true]) {
    const { gateway, bodies } = createServed([{ content: "Hi" }]);
    const found = [
      { type: "tool_search_call", call_id: "s", arguments: {} },
      { type: "tool_search_output", call_id: "s", tools: [waiting] },
    ];
    const response = await ask(gateway, {
      model: MODEL,
      tools: [SEARCH, waiting],
      input: [HELLO, ...isFound ? found : []],
    });
    assertEquals((await response.json()).warnings, undefined);
    const { tools } = Object(bodies[0]);
    assertEquals(
      tools.map((tool: Json) => Object(tool.function).name),
      ["tool_search", ...isFound ? ["forecast"] : []],
    );
  }
});

Deno.test("what tools are searched for is an item without pieces", async () => {
  const { gateway } = createCalling(['{"q"', ":1}"], "tool_search");
  const asked = { model: MODEL, tools: [SEARCH], stream: true };
  const events = await readStream(await ask(gateway, asked));
  const { id: _, ...item } = Object(events.at(-1)?.response).output[0];
  assertEquals(item, {
    type: "tool_search_call",
    call_id: "c",
    execution: "client",
    status: "completed",
    arguments: { q: 1 },
  });
  assertEquals(events.slice(2).map(({ type }) => type), [
    "response.output_item.added",
    "response.output_item.done",
    "response.completed",
  ]);
});

Deno.test("an agent is told which tools it goes without, once each", async () => {
  const { gateway, bodies } = createServed([{ content: "Hi" }]);
  const response = await ask(gateway, {
    model: MODEL,
    tools: [
      { type: "web_search_preview" },
      { type: "image_generation", size: "auto" },
      { type: "tool_search", execution: "server" },
      { type: "namespace", name: "n", tools: [TOOL, { type: "web_search" }] },
    ],
  });
  const { warnings } = await response.json();
  assertEquals(
    warnings.map(({ message }: Json) => /"(\w+)"/.exec(String(message))?.[1]),
    ["web_search", "image_generation", "tool_search"],
  );
  const { tools } = Object(bodies[0]);
  assertEquals(tools.length, 1);
});

Deno.test("what an agent writes to another is said to it", async () => {
  const { gateway, bodies } = createServed([{ content: "Hi" }]);
  const message = {
    type: "agent_message",
    author: "/root",
    recipient: "/root/helper",
    content: [
      { type: "input_text", text: "Payload:" },
      { type: "encrypted_content", encrypted_content: "Say hello" },
    ],
  };
  const response = await ask(gateway, { model: MODEL, input: [message] });
  assertEquals(response.status, 200);
  await response.body?.cancel();
  const { messages: [{ role, content }] } = Object(bodies[0]);
  const texts = content.map(({ text }: Json) => text);
  assertEquals([role, texts], ["user", ["Payload:", "Say hello"]]);
});
