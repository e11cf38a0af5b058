import { assertEquals } from "@std/assert";
import { toOpenAiMessages } from "../../../core/openai/messages.ts";
import type { OpenAiMessageOptions } from "../../../core/openai/call_messages.ts";
import type { AssistantMessage, Message } from "../../../core/chat/types.ts";

function call(id: string, rawInput = "{}") {
  return { id, name: "f", input: {}, rawInput };
}

/** A turn that calls, and the results. */
function toTurn(
  ids: readonly string[],
  fields: Partial<AssistantMessage> = {},
): Message[] {
  return [
    {
      role: "assistant",
      content: "",
      toolCalls: ids.map((id) => call(id)),
      ...fields,
    },
    ...ids.map((callId): Message => ({ role: "tool", callId, content: "ok" })),
  ];
}

/** Writes the ids of calls and results as they are sent. */
function toIds(
  messages: readonly Message[],
  options: OpenAiMessageOptions = {},
): unknown[] {
  return toOpenAiMessages(messages, options).flatMap((message) =>
    message.role === "tool"
      ? message.tool_call_id
      : (message.tool_calls as { id: string }[]).map(({ id }) => id)
  );
}

const LONG = "x".repeat(65);

Deno.test("toOpenAiMessages() keeps ids for their maker, and renames others", () => {
  const own = { provider: "P" };
  for (
    const [messages, options, ids] of [
      [toTurn(["functions.f:0"]), own, ["functions.f:0", "functions.f:0"]],
      [toTurn(["a"], { provider: "P" }), own, ["a", "a"]],
      [toTurn(["a"], { provider: "Q" }), own, ["call00001", "call00001"]],
      [toTurn([LONG]), own, ["call00001", "call00001"]],
      [toTurn([""]), own, ["call00001", "call00001"]],
      [
        [...toTurn(["a"]), ...toTurn(["a", "b"])],
        own,
        ["a", "a", "call00001", "b", "call00001", "b"],
      ],
      [
        toTurn(["a", "b"]),
        { toolCallIds: "short" },
        ["call00001", "call00002", "call00001", "call00002"],
      ],
    ] as const
  ) {
    assertEquals<unknown>(toIds(messages, options), ids);
  }
});

Deno.test("toOpenAiMessages() writes null only beside calls", () => {
  const contents = toOpenAiMessages([
    ...toTurn(["a"]),
    ...toTurn(["b"], { content: "Wait" }),
    { role: "assistant", content: "Done" },
  ]).map(({ content }) => content);
  assertEquals(contents, [null, "ok", "Wait", "ok", "Done"]);
});

Deno.test("toOpenAiMessages() sends inputs as they came, and objects only", () => {
  for (
    const [rawInput, sent] of [
      ['{ "x": 1 }', '{ "x": 1 }'],
      ['"{\\"x\\":1}"', '{"x":1}'],
      ["", "{}"],
      ["{", "{}"],
      ["[]", "{}"],
    ] as const
  ) {
    const [message] = toOpenAiMessages([
      { role: "assistant", content: "", toolCalls: [call("a", rawInput)] },
    ]);
    assertEquals(message?.tool_calls, [
      { id: "a", type: "function", function: { name: "f", arguments: sent } },
    ]);
  }
});

const extra_content = { google: { thought_signature: "s" } };

/** What is sent of a turn that has something for its maker. */
function echo(options: OpenAiMessageOptions, fields = {}): unknown[] {
  const [message] = toOpenAiMessages([{
    role: "assistant",
    content: "",
    reasoning: "why",
    opaque: { reasoning_details: [1] },
    toolCalls: [{ ...call("a"), opaque: { extra_content } }],
    provider: "P",
    model: "m",
    ...fields,
  }], options);
  const [sent] = (message?.tool_calls ?? []) as { extra_content?: unknown }[];
  return [
    message?.reasoning_content,
    message?.reasoning_details,
    sent?.extra_content,
  ];
}

Deno.test("toOpenAiMessages() gives what a model wants back to that one only", () => {
  const nothing = [undefined, undefined, undefined];
  const maker = { provider: "P", model: "m" };
  assertEquals(echo(maker), ["why", [1], extra_content]);
  assertEquals(echo({ provider: "P", model: "n" }), nothing);
  assertEquals(echo({ provider: "Q", model: "m" }), nothing);
  assertEquals(echo(maker, { provider: undefined }), nothing);
  assertEquals(echo(maker, { toolCalls: undefined, content: "x" }), nothing);
  assertEquals(echo({ ...maker, echoReasoning: false }), [
    undefined,
    undefined,
    extra_content,
  ]);
});
