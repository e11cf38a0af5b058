import { assert, assertEquals, assertRejects } from "@std/assert";
import type { ProviderDefinition } from "../../../core/chat/definition.ts";
import { ProviderError } from "../../../core/chat/errors.ts";
import type {
  ChatEvent,
  FinishReason,
  ToolCallDeltaEvent,
} from "../../../core/chat/events.ts";
import type { ChatOptions } from "../../../core/chat/types.ts";
import { createParrot, toTextEvent } from "../../_parrot.ts";
import * as z from "zod";

const city = z.object({ city: z.string() });
const weather = { name: "weather", inputSchema: city };
const NATIVE: Partial<ProviderDefinition> = {
  toolSupport: "native",
  outputSupport: "schema",
  settings: ["parallelToolCalls"],
};

function piece(text: string, index = 0, name = "weather"): ToolCallDeltaEvent {
  return { type: "tool-call-delta", index, id: `call-${index}`, name, text };
}

/** Asks a provider that answers with these events. */
function ask(
  events: readonly ChatEvent[],
  options: ChatOptions = { tools: [weather] },
  reason: FinishReason = "stop",
) {
  const { provider } = createParrot({
    async *respond() {
      yield* events;
      yield { type: "finish", reason };
    },
    definition: NATIVE,
  });
  return provider.stream("Hi", options);
}

/** Tells what comes of a call with this input. */
async function judge(rawInput: string, tool = weather): Promise<unknown> {
  const { toolCalls, toolCallErrors } = await ask([piece(rawInput)], {
    tools: [tool],
  }).result();
  return toolCalls[0]?.input ?? toolCallErrors[0]?.reason;
}

Deno.test("a run hands out calls when the answer is whole, in order", async () => {
  const events: ChatEvent[] = [];
  const stream = ask([
    piece('{"city":', 0),
    piece('{"city":"Bonn"}', 1),
    piece('"Ulm"}', 0),
    { type: "usage", usage: { totalTokens: 3 } },
  ]);
  for await (const event of stream) events.push(event);
  assertEquals(
    events.map((event) => [
      event.type,
      event.type === "tool-call" ? event.input : undefined,
    ]),
    [
      ["tool-call-delta", undefined],
      ["tool-call-delta", undefined],
      ["tool-call-delta", undefined],
      ["tool-call", { city: "Ulm" }],
      ["tool-call", { city: "Bonn" }],
      ["usage", undefined],
      ["finish", undefined],
    ],
  );
  assertEquals(events.at(-1), { type: "finish", reason: "tool-calls" });
});

const INPUTS: readonly (readonly [string, unknown])[] = [
  ['{"city":"Ulm"}', { city: "Ulm" }],
  ['"{\\"city\\":\\"Ulm\\"}"', { city: "Ulm" }],
  ["{", "invalid-json"],
  ['{"city":"Ulm"}{"city":"Bonn"}', "invalid-json"],
  ["[]", "invalid-json"],
  ["1", "invalid-json"],
  ['{"city":"Ulm","__proto__":{"admin":true}}', "invalid-json"],
  ['{"city":"Ulm","\\u005f_proto__":{"admin":true}}', "invalid-json"],
  [`${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`, "invalid-json"],
  ['{"city":1}', "invalid-input"],
];

Deno.test("a run tells inputs that must not be run from others", async () => {
  for (const [rawInput, expected] of INPUTS) {
    assertEquals(await judge(rawInput), expected, rawInput.slice(0, 50));
  }
  const none = { name: "weather", inputSchema: z.object({}) };
  for (const rawInput of ["", " ", "null"]) {
    const { toolCalls } = await ask([piece(rawInput)], { tools: [none] })
      .result();
    assertEquals(toolCalls[0]?.input, {});
  }
});

Deno.test("a run tells of a call of an unknown tool", async () => {
  const { toolCalls, toolCallErrors } = await ask([piece("{}", 0, "other")])
    .result();
  assertEquals(toolCalls, []);
  assertEquals(toolCallErrors[0]?.reason, "unknown-tool");
});

Deno.test("the issues of an input do not repeat its values", async () => {
  const secret = z.object({
    pin: z.string().refine(() => false, "1234 is bad"),
  });
  const { toolCallErrors } = await ask([piece('{"pin":"1234"}')], {
    tools: [{ name: "weather", inputSchema: secret }],
  }).result();
  assertEquals(toolCallErrors[0]?.issues, [{
    path: "pin",
    message: "… is bad",
  }]);
});

Deno.test("a run hands out no call of an answer that was cut or refused", async () => {
  for (const reason of ["length", "content-filter", "other"] as const) {
    const { toolCalls, toolCallErrors, finishReason, warnings } = await ask(
      [piece('{"city":"Ulm"}')],
      undefined,
      reason,
    ).result();
    assertEquals([toolCalls, toolCallErrors, finishReason], [[], [], reason]);
    assertEquals(warnings[0]?.code, "tool-calls-withheld");
  }
});

Deno.test("a run does not believe in calls that are not there", async () => {
  const { finishReason, warnings } = await ask(
    [toTextEvent("Hi")],
    undefined,
    "tool-calls",
  ).result();
  assertEquals([finishReason, warnings[0]?.code], [
    "stop",
    "tool-calls-missing",
  ]);
  const error = await assertRejects(
    () => ask([], undefined, "tool-calls").result(),
    ProviderError,
  );
  assertEquals(error.code, "bad-response");
});

Deno.test("a run warns where the model does not call what it was to", async () => {
  for (const toolChoice of ["required", { tool: "weather" }] as const) {
    const { warnings } = await ask([toTextEvent("Hi")], {
      tools: [weather],
      toolChoice,
    }).result();
    assertEquals(warnings.map(({ code }) => code), ["tool-choice-ignored"]);
  }
});

Deno.test("a run bounds the calls of an answer", async () => {
  const many = Array.from({ length: 129 }, (_, index) => piece("{}", index));
  const long = Array.from({ length: 9 }, () => piece("x".repeat(2 ** 20)));
  for (const events of [many, long]) {
    const error = await assertRejects(
      () => ask(events).result(),
      ProviderError,
    );
    assertEquals(error.code, "too-large");
  }
});

Deno.test("a run keeps the halves of an emoji together in each call", async () => {
  const stream = ask([
    piece('{"city":"\ud83d', 0),
    piece('{"city":"\ud83d', 1),
    piece('\ude00"}', 0),
    piece('"}', 1),
  ]);
  const texts: string[] = [];
  const inputs: unknown[] = [];
  for await (const event of stream) {
    if (event.type === "tool-call-delta") texts.push(event.text);
    if (event.type === "tool-call") inputs.push(event.input);
  }
  assert(texts.every((text) => text.isWellFormed()));
  assertEquals(inputs, [{ city: "\ud83d\ude00" }, { city: "\ufffd" }]);
});

Deno.test("a run keeps calls that have come when it fails", async () => {
  const { provider } = createParrot({
    async *respond() {
      yield piece('{"city":');
      throw new Error("cut");
    },
    definition: NATIVE,
  });
  const stream = provider.stream("Hi", { tools: [weather] });
  const error = await assertRejects(() => stream.result(), ProviderError);
  assertEquals(error.partial?.toolCalls, [
    { id: "call-0", name: "weather", rawInput: '{"city":' },
  ]);
  // It was content: no attempt follows.
  assertEquals(error.attempts?.length, 1);
});
