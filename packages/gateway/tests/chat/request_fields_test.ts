// Each field that a client sends has an effect, or a word.
import { assert, assertEquals, assertRejects } from "@std/assert";
import OpenAI from "openai";
import { ANSWER, ask, readChunks, readError, say } from "../_gateway.ts";
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
  "settings": [
    {
      stop: ["END"],
      seed: 7,
      reasoning_effort: "low",
      parallel_tool_calls: false,
    },
    {
      stop: ["END"],
      seed: 7,
      reasoning_effort: "low",
      parallel_tool_calls: false,
    },
  ],
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
  "a schema": [{ tools: [], response_format: FORMAT }, {
    response_format: FORMAT,
  }],
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

/** What changes the shape of an answer and cannot be had. */
const REFUSED: Readonly<Record<string, Json>> = {
  "tools": { tools: TOOLS },
  "tools[0].type": { tools: [{ type: "custom", custom: { name: "x" } }] },
  "response_format": { response_format: FORMAT },
  "n": { n: 2 },
  "logprobs": { logprobs: true },
  "top_logprobs": { top_logprobs: 2 },
  "audio": { audio: { voice: "ash" } },
  "modalities": { modalities: ["text", "audio"] },
  "functions": { functions: [{ name: "x" }] },
  "function_call": { function_call: { name: "x" } },
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

for (const stream of [false, true]) {
  Deno.test(`every field without effect is told, streamed ${stream}`, async () => {
    const fields = {
      user: "u",
      metadata: { a: "b" },
      store: true,
      service_tier: "flex",
      prompt_cache_key: "k",
      top_k: 5,
      stream_options: { include_obfuscation: false },
      messages: [{ ...USER, name: "me" }],
    };
    const gateway = say(ANSWER, { passFields: ["top_k"] });
    const settings = { stop: "x", seed: 1, reasoning_effort: "low" };
    const response = await ask(gateway, {
      ...fields,
      ...settings,
      logit_bias: {},
      verbosity: null,
      stream,
    });
    const told = JSON.stringify(
      stream
        ? (await readChunks(response)).at(-1)
        : (await response.json()).warnings,
    );
    const names = [
      ...Object.keys(fields).filter((name) => name !== "messages"),
      "messages[].name",
      ...["stop", "seed", "reasoningEffort"],
    ].map((name) =>
      name === "stream_options" ? "stream_options.include_obfuscation" : name
    );
    for (const name of names) assert(told.includes(`\\"${name}\\" is`), name);
    assertEquals(/logit_bias|verbosity/.exec(told), null);
  });
}
