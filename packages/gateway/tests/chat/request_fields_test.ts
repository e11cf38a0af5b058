// What fields of a chat are made of, and how they go together.
import { assertEquals, assertRejects } from "@std/assert";
import OpenAI from "openai";
import {
  ANSWER,
  ask,
  joinChunks,
  readChunks,
  readError,
  say,
} from "../_gateway.ts";
import { createOpenAi } from "../_openai.ts";
import {
  CHAT,
  createServed,
  FORMAT,
  type Json,
  TOOLS,
  USER,
} from "../_served.ts";

/** What a client sends, and what the server gets of it. */
const SENT: Readonly<Record<string, readonly [sent: Json, got: Json]>> = {
  "a tool that must be called": [
    { tool_choice: { type: "function", function: { name: "time" } } },
    { tool_choice: { type: "function", function: { name: "time" } } },
  ],
  "allowed tools": [
    {
      tool_choice: {
        type: "allowed_tools",
        allowed_tools: {
          mode: "required",
          tools: [{ type: "function", function: { name: "time" } }],
        },
      },
    },
    {
      tool_choice: "required",
      tools: [{
        type: "function",
        function: {
          name: "time",
          description: "",
          parameters: { ...TOOLS[0]?.function.parameters, type: "object" },
        },
      }],
    },
  ],
  "any JSON": [{ tools: [], response_format: { type: "json_object" } }, {
    response_format: { type: "json_object" },
  }],
  "a field that is passed": [{ top_k: 5 }, { top_k: 5 }],
};

for (const [name, [sent, got]] of Object.entries(SENT)) {
  Deno.test(`a request with ${name} says so to the server`, async () => {
    const options = { passFields: ["top_k"] };
    const { gateway, bodies } = createServed([{ content: "{}" }], options);
    const response = await ask(gateway, { ...CHAT, ...sent });
    const { choices } = await response.json();
    assertEquals(choices[0].message.content, "{}");
    for (const [field, value] of Object.entries(got)) {
      assertEquals(bodies[0]?.[field], value);
    }
  });
}

/** Tools that cannot be had. */
const REFUSED: Readonly<Record<string, Json>> = {
  "tools": { tools: TOOLS },
  "tools[0].type": { tools: [{ type: "custom", custom: { name: "x" } }] },
};

for (const [param, body] of Object.entries(REFUSED)) {
  Deno.test(`openai hears that ${param} cannot be had`, async () => {
    await using client = createOpenAi(say(ANSWER));
    const request = { model: "Parrot/grey", messages: [USER], ...body };
    const error = await assertRejects(
      async () => await client.openai.chat.completions.create(request),
      OpenAI.BadRequestError,
    );
    assertEquals([error.code, error.param], ["unsupported_parameter", param]);
  });
}

for (
  const [name, body, param] of [
    ["a tool that is none", { tools: [{}] }, "tools[0].type"],
    ["a bad name", {
      tools: [{ type: "function", function: { name: "a b" } }],
    }, "tools[0].function.name"],
    ["a name twice", {
      tools: [...TOOLS, ...TOOLS],
    }, "tools[2].function.name"],
    ["129 tools", { tools: Array(129).fill(TOOLS[0]) }, "tools"],
    ["a stop word that is too long", { stop: "x".repeat(1_025) }, "stop"],
    ["a list as input", {
      tools: [{
        type: "function",
        function: { name: "x", parameters: { type: "array" } },
      }],
    }, "tools[0].function.parameters.type"],
    [
      "a choice without tools",
      { tools: [], tool_choice: "required" },
      "tool_choice",
    ],
    ["an unknown choice", {
      tool_choice: { type: "function", function: { name: "x" } },
    }, "tool_choice.function.name"],
    ["an unknown form", {
      response_format: { type: "xml" },
    }, "response_format.type"],
    ["a result of nothing", {
      messages: [{ role: "tool", content: "x" }],
    }, "messages[0].tool_call_id"],
  ] as const
) {
  Deno.test(`a request with ${name} is refused before it is sent`, async () => {
    const { gateway, bodies } = createServed([]);
    const response = await ask(gateway, { ...CHAT, ...body });
    const error = await readError(response);
    assertEquals([response.status, error.param, bodies.length], [
      400,
      param,
      0,
    ]);
  });
}

const CALL = { id: "1", type: "function", function: { name: "x" } };

/** What has no effect inside of other fields, or beside them. */
const TOLD: Readonly<Record<string, Json>> = {
  "messages[].name": { messages: [{ ...USER, name: "me" }] },
  "messages[].tool_calls": { messages: [{ ...USER, tool_calls: [CALL] }] },
  "messages[].tool_call_id": { messages: [{ ...USER, tool_call_id: "1" }] },
  "messages[].refusal": {
    messages: [USER, { role: "assistant", content: "No", refusal: "No" }],
  },
  "messages[].reasoning_content": {
    messages: [USER, {
      role: "assistant",
      content: "No",
      reasoning_content: "Hm",
    }],
  },
  "messages[].content[].cache_control": {
    messages: [{
      role: "user",
      content: [{ type: "text", text: "Hi", cache_control: { type: "x" } }],
    }],
  },
  "tools[].function.extra": {
    tools: [{ type: "function", function: { name: "x", extra: 1 } }],
  },
  "response_format.extra": { response_format: { type: "text", extra: 1 } },
  "response_format.json_schema.extra": {
    response_format: {
      type: "json_schema",
      json_schema: { ...FORMAT.json_schema, extra: 1 },
    },
  },
  "max_tokens": { max_tokens: 1, max_completion_tokens: 2 },
  "top_k": { top_k: 5 },
};

for (const [name, body] of Object.entries(TOLD)) {
  for (const stream of [false, true]) {
    Deno.test(`"${name}" is told to have no effect, streamed ${stream}`, async () => {
      const { gateway } = createServed([{ content: "{}" }]);
      const request = { model: "small", ...body, stream };
      const response = await ask(gateway, request);
      const warnings = stream
        ? (await readChunks(response)).at(-1)?.warnings
        : (await response.json()).warnings;
      assertEquals(warnings, [{
        code: "ignored-field",
        message: `Field "${name}" is ignored`,
      }]);
    });
  }
}

Deno.test("fields that ask for nothing are not told", async () => {
  const response = await ask(say(ANSWER), {
    logit_bias: {},
    verbosity: null,
    n: 1,
    tool_choice: "none",
    modalities: ["text"],
    functions: [],
    logprobs: false,
    response_format: { type: "text" },
  });
  assertEquals((await response.json()).warnings, undefined);
});

Deno.test("a field that cannot be passed is told to have no effect", async () => {
  const gateway = say(ANSWER, { passFields: ["top_k"] });
  const { warnings } = await (await ask(gateway, { top_k: 5 })).json();
  assertEquals(warnings[0].message, 'Field "top_k" is ignored');
});

for (const stream of [false, true]) {
  Deno.test(`nothing after a stop word comes at any split, streamed ${stream}`, async () => {
    const whole = "one END two";
    for (let at = 0; at <= whole.length; at++) {
      const pieces = [whole.slice(0, at), whole.slice(at)];
      const { gateway } = createServed(pieces.map((content) => ({ content })));
      for (const model of ["small", "routed"]) {
        const response = await ask(gateway, { model, stop: "END", stream });
        const content = stream
          ? joinChunks(await readChunks(response))
          : (await response.json()).choices[0].message.content;
        assertEquals(content, "one ", pieces.join("|"));
      }
    }
  });
}
