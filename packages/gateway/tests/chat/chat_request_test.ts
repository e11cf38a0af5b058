import { assertEquals, assertObjectMatch } from "@std/assert";
import type { RunContext } from "@parley/chat/provider";
import { CHAT_SETTINGS } from "../../../../core/chat/types.ts";
import { FINISH, toTextEvent } from "../../../../tests/_parrot.ts";
import { ask, createParrotGateway } from "../_gateway.ts";

/** Asks a gateway, and gives what its provider was asked. */
async function hear(
  body: Readonly<Record<string, unknown>>,
): Promise<RunContext | undefined> {
  let heard: RunContext | undefined;
  const gateway = createParrotGateway(async function* (run) {
    heard = run;
    yield [toTextEvent("Good"), FINISH];
  }, { definition: { acceptsImages: true, settings: CHAT_SETTINGS } });
  const response = await ask(gateway, body);
  assertEquals(response.status, 200, await response.text());
  return heard;
}

Deno.test("a request says its settings in the words of OpenAI", async () => {
  const run = await hear({
    temperature: 0.5,
    top_p: 0.9,
    max_tokens: 10,
    frequency_penalty: -1,
    presence_penalty: 1,
  });
  assertObjectMatch({ ...run?.settings }, {
    temperature: 0.5,
    topP: 0.9,
    maxTokens: 10,
    frequencyPenalty: -1,
    presencePenalty: 1,
  });
});

Deno.test("a request may leave out or null every setting", async () => {
  const run = await hear({
    temperature: null,
    top_p: null,
    max_tokens: null,
    max_completion_tokens: 20,
    n: 1,
    stream: null,
    stream_options: null,
    tools: [],
  });
  assertEquals(run?.settings.maxTokens, 20);
  assertEquals(run?.settings.temperature, undefined);
});

Deno.test("fields that mean nothing here are ignored", async () => {
  const run = await hear({
    seed: 1,
    user: "u",
    logit_bias: {},
    response_format: { type: "text" },
    baseUrl: "https://evil.example",
    whatever: [1],
  });
  assertEquals(run?.messages, [{ role: "user", content: "Hello" }]);
});

Deno.test("tools that are not to be chosen are ignored", async () => {
  const run = await hear({
    tools: [{ type: "function", function: { name: "x" } }],
    tool_choice: "none",
  });
  assertEquals(run?.messages.length, 1);
});

Deno.test("messages keep their roles, text and pictures", async () => {
  const run = await hear({
    messages: [
      { role: "developer", content: "Be brief", name: "me" },
      { role: "system", content: [{ type: "text", text: "Be nice" }] },
      { role: "assistant", content: "" },
      { role: "assistant", content: null },
      { role: "assistant", content: "Yes?" },
      {
        role: "user",
        content: [
          { type: "text", text: "What is it?", image_url: null },
          {
            type: "image_url",
            text: null,
            image_url: {
              url: "https://pictures.example/cat.png",
              detail: "low",
            },
          },
          {
            type: "image_url",
            image_url: { url: "data:image/png;base64,AA==" },
          },
        ],
      },
    ],
  });
  assertEquals(run?.messages, [
    { role: "system", content: "Be brief" },
    { role: "system", content: [{ type: "text", text: "Be nice" }] },
    { role: "assistant", content: "Yes?" },
    {
      role: "user",
      content: [
        { type: "text", text: "What is it?" },
        { type: "image", image: "https://pictures.example/cat.png" },
        { type: "image", image: "data:image/png;base64,AA==" },
      ],
    },
  ]);
});
