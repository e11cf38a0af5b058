import {
  type LanguageModelV4CallOptions,
  type LanguageModelV4Message,
  UnsupportedFunctionalityError,
} from "@ai-sdk/provider";
import { assertEquals, assertRejects } from "@std/assert";
import type { Message } from "@parley/chat";
import { toLanguageModel } from "../mod.ts";
import { createAnswers, send } from "./_answers.ts";

const GIF = "R0lGODlhAQABAAAAACw=";
const METADATA = {
  Parrot: {
    provider: "Parrot",
    model: "green",
    opaque: { details: 1 },
    callOpaque: { sign: "s" },
  },
};
const ASKED: LanguageModelV4Message = {
  role: "user",
  content: [{ type: "text", text: "Hello" }],
};

for (
  const [what, prompt, messages] of [
    [
      "system, user and pictures",
      [
        { role: "system", content: "Be brief" },
        {
          role: "user",
          content: [
            { type: "text", text: "What is this?" },
            {
              type: "file",
              mediaType: "image",
              data: { type: "data", data: GIF },
            },
            {
              type: "file",
              mediaType: "image/png",
              data: { type: "url", url: new URL("https://a.example/b.png") },
            },
          ],
        },
      ],
      [
        { role: "system", content: "Be brief" },
        {
          role: "user",
          content: [
            { type: "text", text: "What is this?" },
            { type: "image", image: GIF },
            {
              type: "image",
              image: new URL("https://a.example/b.png"),
              mediaType: "image/png",
            },
          ],
        },
      ],
    ],
    [
      "calls with what their maker wants back, and results",
      [
        ASKED,
        {
          role: "assistant",
          content: [
            { type: "reasoning", text: "Hm" },
            { type: "text", text: "Wait" },
            {
              type: "tool-call",
              toolCallId: "1",
              toolName: "weather",
              input: { city: "Ulm" },
              providerOptions: METADATA,
            },
            {
              type: "tool-call",
              toolCallId: "2",
              toolName: "weather",
              input: "oh",
            },
          ],
        },
        {
          role: "tool",
          content: [
            {
              type: "tool-result",
              toolCallId: "1",
              toolName: "weather",
              output: { type: "json", value: { warm: true } },
            },
            {
              type: "tool-result",
              toolCallId: "2",
              toolName: "weather",
              output: { type: "error-text", value: "Bad" },
            },
          ],
        },
      ],
      [
        { role: "user", content: "Hello" },
        {
          role: "assistant",
          content: "Wait",
          toolCalls: [
            {
              id: "1",
              name: "weather",
              input: { city: "Ulm" },
              rawInput: '{"city":"Ulm"}',
              opaque: { sign: "s" },
            },
            { id: "2", name: "weather", input: "oh", rawInput: "oh" },
          ],
          reasoning: "Hm",
          provider: "Parrot",
          model: "green",
          opaque: { details: 1 },
        },
        { role: "tool", callId: "1", content: '{"warm":true}', isError: false },
        { role: "tool", callId: "2", content: "Bad", isError: true },
      ],
    ],
    [
      "no empty answer",
      [ASKED, { role: "assistant", content: [] }, ASKED],
      [
        { role: "user", content: "Hello" },
        { role: "user", content: "Hello" },
      ],
    ],
  ] satisfies readonly (readonly [
    string,
    LanguageModelV4CallOptions["prompt"],
    readonly Message[],
  ])[]
) {
  Deno.test(`a prompt has ${what}`, async () => {
    const { run } = await send({ prompt });
    assertEquals<unknown>(run.messages, messages);
  });
}

Deno.test("a result with files is told as its text, with a warning", async () => {
  for (
    const [output, content] of [
      [{ type: "execution-denied" }, "The user denied this call"],
      [{ type: "execution-denied", reason: "No" }, "No"],
      [{
        type: "content",
        value: [{ type: "text", text: "a" }, { type: "custom" }],
      }, "a"],
    ] as const
  ) {
    const { run, warnings } = await send({
      prompt: [ASKED, {
        role: "assistant",
        content: [
          { type: "tool-call", toolCallId: "1", toolName: "w", input: {} },
        ],
      }, {
        role: "tool",
        content: [{
          type: "tool-result",
          toolCallId: "1",
          toolName: "w",
          output: output.type === "content"
            ? { ...output, value: [...output.value] }
            : output,
        }],
      }],
    });
    assertEquals(run.messages.at(-1)?.content, content);
    assertEquals(
      warnings,
      output.type === "content"
        ? [{ type: "unsupported", feature: "files in the result of a tool" }]
        : [],
    );
  }
});

Deno.test("what cannot be sent is refused, and nothing is asked", async () => {
  const data = { type: "data", data: GIF } as const;
  const pdf = { type: "file", mediaType: "application/pdf", data } as const;
  for (
    const message of [
      { role: "user", content: [pdf] },
      {
        role: "user",
        content: [{
          type: "file",
          mediaType: "image/png",
          data: { type: "reference", reference: { openai: "file-1" } },
        }],
      },
      {
        role: "assistant",
        content: [{ type: "custom", kind: "a.b" }],
      },
    ] satisfies readonly LanguageModelV4Message[]
  ) {
    const { provider, runs } = createAnswers([]);
    const model = toLanguageModel(provider);
    for (const method of ["doGenerate", "doStream"] as const) {
      await assertRejects(
        async () => await model[method]({ prompt: [message] }),
        UnsupportedFunctionalityError,
      );
    }
    assertEquals(runs.length, 0);
  }
});
