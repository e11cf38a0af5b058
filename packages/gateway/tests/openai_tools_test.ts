// OpenAI's own client calls tools and asks for objects.
import { assertEquals, assertObjectMatch } from "@std/assert";
import type OpenAI from "openai";
import { ask, readChunks } from "./_gateway.ts";
import { createOpenAi } from "./_openai.ts";
import {
  CHAT,
  complete,
  createServed,
  FORMS,
  type Json,
  USER,
} from "./_served.ts";

const CALLS = [
  { id: "call_1", name: "weather", arguments: '{"city": "Ulm"}' },
  { id: "call_2", name: "time", arguments: '{"city": ' },
];
const TOLD_CALLS = CALLS.map(({ id, ...called }) => ({
  id,
  type: "function",
  function: called,
}));

/** The pieces of an answer, as servers write them. */
const CALLING: readonly Json[] = [
  ...CALLS.flatMap(({ id, name, arguments: input }, index) => [
    { tool_calls: [{ index, id, function: { name, arguments: "" } }] },
    { tool_calls: [{ index, function: { arguments: input.slice(0, 4) } }] },
    { tool_calls: [{ index, function: { arguments: input.slice(4) } }] },
  ]),
];

Deno.test("openai gets the calls of an answer in one piece, raw", async () => {
  const { gateway } = createServed(CALLING);
  await using client = createOpenAi(gateway);
  const { choices } = await client.openai.chat.completions.create(CHAT);
  assertEquals(choices[0]?.finish_reason, "tool_calls");
  assertEquals<unknown>(choices[0]?.message, {
    role: "assistant",
    content: null,
    refusal: null,
    tool_calls: TOLD_CALLS,
  });
});

for (const model of ["Server/small", "routed"]) {
  Deno.test(`openai puts the streamed calls of ${model} together`, async () => {
    const { gateway } = createServed(CALLING);
    await using client = createOpenAi(gateway);
    const completion = await client.openai.chat.completions
      .stream({ ...CHAT, model }).finalChatCompletion();
    const [choice] = completion.choices;
    assertEquals(choice?.finish_reason, "tool_calls");
    assertObjectMatch({ ...choice?.message }, { tool_calls: TOLD_CALLS });
  });
}

Deno.test("calls are streamed exactly as OpenAI's", async () => {
  const { gateway } = createServed(CALLING);
  const chunks = await readChunks(
    await ask(gateway, { ...CHAT, stream: true }),
  );
  const toDelta = (fields: Json) => ({ tool_calls: [fields] });
  assertEquals(chunks.map(({ choices }) => choices[0]?.delta), [
    { role: "assistant", content: null },
    ...CALLS.flatMap(({ id, name, arguments: input }, index) => [
      toDelta({
        index,
        id,
        type: "function",
        function: { name, arguments: "" },
      }),
      toDelta({ index, function: { arguments: input } }),
    ]),
    {},
  ]);
  assertEquals(chunks.at(-1)?.choices[0]?.finish_reason, "tool_calls");
});

Deno.test("openai sends results back with what their maker wants", async () => {
  const { gateway, bodies } = createServed([{ content: "Fine" }]);
  await using client = createOpenAi(gateway);
  const extra_content = { google: { thought_signature: "abc" } };
  const [call] = TOLD_CALLS;
  const messages = [
    USER,
    {
      role: "assistant",
      content: null,
      reasoning_content: "Hm",
      tool_calls: [{ ...call, extra_content }],
    },
    { role: "tool", tool_call_id: "call_1", content: "Rain" },
  ] as OpenAI.ChatCompletionMessageParam[];
  await client.openai.chat.completions.create({ ...CHAT, messages });
  assertEquals(bodies[0]?.messages, messages);
});

for (const { model, stream } of FORMS) {
  const form = `${model}, streamed ${stream}`;

  Deno.test(`a signature comes back to its maker only, from ${form}`, async () => {
    const extra_content = { google: { thought_signature: "abc" } };
    const [call] = CALLS;
    const { gateway, bodies } = createServed([{
      tool_calls: [{ index: 0, id: "call_1", function: call, extra_content }],
    }]);
    const { choices } = await complete(gateway, { model }, stream);
    const { tool_calls: [made] = [] } = choices[0]?.message ?? {};
    const messages = [
      USER,
      { role: "assistant", content: null, tool_calls: [made] },
      { role: "tool", tool_call_id: made?.id, content: "Rain" },
    ];
    await complete(gateway, { model, messages }, stream);
    const stranger = { ...made, id: "call_1-m0" };
    await complete(gateway, {
      model: "routed",
      messages: [
        USER,
        { role: "assistant", content: null, tool_calls: [stranger] },
        { role: "tool", tool_call_id: stranger.id, content: "Rain" },
      ],
    }, stream);
    assertObjectMatch({ bodies }, {
      bodies: [{}, {
        messages: [
          {},
          { tool_calls: [{ id: "call_1", extra_content }] },
          { tool_call_id: "call_1" },
        ],
      }, { messages: [{}, { tool_calls: [{ id: "call_1-m0" }] }, {}] }],
    });
    assertEquals(JSON.stringify(bodies[2]).includes("abc"), false);
  });

  Deno.test(`a signature that comes after its call is told, from ${form}`, async () => {
    const extra_content = { google: { thought_signature: "abc" } };
    const [call] = CALLS;
    const { gateway } = createServed([
      { tool_calls: [{ index: 0, id: "call_1", function: call }] },
      { tool_calls: [{ index: 0, extra_content }] },
    ]);
    const { choices } = await complete(gateway, { model }, stream);
    assertObjectMatch(choices[0]?.message.tool_calls?.[0] ?? {}, {
      extra_content,
    });
  });

  Deno.test(`encrypted reasoning comes back to its maker, from ${form}`, async () => {
    const reasoning_details = [{ type: "reasoning.encrypted", data: "abc" }];
    const [call] = CALLS;
    const { gateway, bodies } = createServed([
      { reasoning_details },
      { tool_calls: [{ index: 0, id: "call_1", function: call }] },
    ]);
    const { choices } = await complete(gateway, { model }, stream);
    const { message } = choices[0] ?? {};
    const result = {
      role: "tool",
      tool_call_id: message?.tool_calls?.[0]?.id,
      content: "Rain",
    };
    const messages = [USER, { ...message, reasoning_details }, result];
    await complete(gateway, { model, messages }, stream);
    assertObjectMatch({ body: bodies[1] }, {
      body: {
        messages: [{}, { reasoning_details }, { tool_call_id: "call_1" }],
      },
    });
  });

  Deno.test(`the model that answered is told, by ${form}`, async () => {
    const { gateway } = createServed(
      [{ content: "Hi" }],
      {},
      { model: "small-2026" },
    );
    const completion = await complete(gateway, { model, tools: [] }, stream);
    assertEquals(completion.model, "Server/small-2026");
  });
}

for (
  const [model, order] of [
    ["Server/small", [0, 1, 0, 1]],
    ["routed", [0, 0, 1, 1]],
  ] as const
) {
  Deno.test(`calls of ${model} are shown ${order}`, async () => {
    const calls = CALLS.map(({ id, name }, index) => ({
      tool_calls: [{ index, id, function: { name, arguments: "" } }],
    }));
    const inputs = CALLS.map(({ arguments: input }, index) => ({
      tool_calls: [{ index, function: { arguments: input } }],
    }));
    const { gateway } = createServed([...calls, ...inputs], {
      failover: { onPartial: "error" },
    });
    const response = await ask(gateway, { ...CHAT, model, stream: true });
    const chunks = JSON.stringify(await readChunks(response));
    const shown = [...chunks.matchAll(/"tool_calls":\[\{"index":(\d)/g)];
    assertEquals(shown.map(([, index]) => Number(index)), [...order]);
  });
}
