import { assertEquals } from "@std/assert";
import { ProviderError, toSseEvents } from "@parley/chat";
import { runTools, tool, ToolError } from "@parley/chat/tools";
import * as z from "zod";
import { toUiMessageResponse } from "../mod.ts";
import { FINISH, toTextEvent } from "../../../tests/_parrot.ts";
import { type Answer, createAnswers, stop, toDelta } from "./_answers.ts";

const CUT = new ProviderError("Cut by https://secret.example", {
  code: "incomplete",
  body: "secret",
});
const RESTART = {
  type: "restart",
  discard: 2,
  reason: "incomplete",
  provider: "Other",
  model: "red",
} as const;

/** The chunks of a response, in short. */
async function tellChunks({ body }: Response): Promise<string> {
  const events = body === null ? [] : await Array.fromAsync(toSseEvents(body));
  return events.map(({ data }) => {
    if (data === "[DONE]") return data;
    const { type, toolCallId: _, toolName: _name, ...rest } = JSON.parse(data);
    return [type, ...Object.values(rest).map((v) => JSON.stringify(v))]
      .join(" ");
  }).join("\n");
}

const START = "start\nstart-step\n";
const END = '\nfinish-step\nfinish "stop"\n[DONE]';

for (
  const [what, answer, chunks] of [
    [
      "text, reasoning and pages",
      [
        { type: "reasoning", text: "Hm" },
        { type: "source", source: { url: "https://ulm.example/" } },
        toTextEvent("Hi"),
        FINISH,
      ],
      `${START}reasoning-start "reasoning-0"\n` +
      'reasoning-delta "reasoning-0" "Hm"\n' +
      'source-url "source-0" "https://ulm.example/"\n' +
      'reasoning-end "reasoning-0"\ntext-start "text-1"\n' +
      `text-delta "text-1" "Hi"\ntext-end "text-1"${END}`,
    ],
    [
      "an answer that begins anew, and takes back the first",
      [toTextEvent("Oh"), RESTART, toTextEvent("Hi"), FINISH],
      `${START}text-start "text-0"\ntext-delta "text-0" "Oh"\nreset-step\n` +
      'text-start "text-1"\ntext-delta "text-1" "Hi"\n' +
      `text-end "text-1"${END}`,
    ],
    [
      "another text at the end, and keeps what was beside it",
      [
        { type: "source", source: { url: "https://ulm.example/" } },
        toTextEvent("Oh"),
        stop({ text: "Hi" }),
      ],
      `${START}source-url "source-0" "https://ulm.example/"\n` +
      'text-start "text-0"\ntext-delta "text-0" "Oh"\nreset-step\n' +
      'source-url "source-0" "https://ulm.example/"\n' +
      'text-start "text-1"\ntext-delta "text-1" "Hi"\n' +
      `text-end "text-1"${END}`,
    ],
    [
      "a failure, without what the upstream said",
      [toTextEvent("Oh"), CUT],
      `${START}text-start "text-0"\ntext-delta "text-0" "Oh"\n` +
      'error "Answer failed: incomplete"\n[DONE]',
    ],
  ] satisfies readonly (readonly [string, Answer, string])[]
) {
  Deno.test(`toUiMessageResponse() sends ${what}`, async () => {
    const { provider } = createAnswers([answer]);
    const response = toUiMessageResponse(provider.stream("Hello"));
    assertEquals(await tellChunks(response), chunks);
  });
}

Deno.test("toUiMessageResponse() sends the steps of a run with tools", async () => {
  const { provider } = createAnswers([
    [
      toDelta('{"city":"Ulm"}', { id: "1" }),
      toDelta('{"city":"Rome"}', { id: "2", index: 1 }),
      toDelta("oh", { id: "3", index: 2 }),
      FINISH,
    ],
    [toTextEvent("Hi"), FINISH],
  ]);
  const weather = tool({
    name: "weather",
    inputSchema: z.object({ city: z.string() }),
    execute({ city }) {
      if (city === "Rome") throw new ToolError("secret");
      return { warm: true };
    },
  });
  const run = runTools(provider, "Hello", { tools: [weather], concurrency: 1 });
  assertEquals(
    await tellChunks(toUiMessageResponse(run)),
    `${START}tool-input-start\ntool-input-delta "{\\"city\\":\\"Ulm\\"}"\n` +
      'tool-input-start\ntool-input-delta "{\\"city\\":\\"Rome\\"}"\n' +
      'tool-input-start\ntool-input-delta "oh"\n' +
      'tool-input-available {"city":"Ulm"}\n' +
      'tool-input-available {"city":"Rome"}\n' +
      'tool-input-error "oh" "Call is not valid: invalid-json"\n' +
      'tool-output-available {"warm":true}\ntool-output-error "Tool failed"\n' +
      'finish-step\nstart-step\ntext-start "text-0"\n' +
      `text-delta "text-0" "Hi"\ntext-end "text-0"${END}`,
  );
});

Deno.test("toUiMessageResponse() shows an object that came as a call as text", async () => {
  const { provider } = createAnswers([[
    { type: "reasoning", text: "Hm" },
    toDelta('{"city":"Ulm"}', { name: "answer" }),
    stop({ reason: "tool-calls" }),
  ]], { outputWithTools: false });
  const stream = provider.stream("Hello", {
    tools: [{ name: "weather", inputSchema: z.object({}) }],
    output: { schema: z.object({ city: z.string() }) },
  });
  assertEquals(
    await tellChunks(toUiMessageResponse(stream)),
    `${START}reasoning-start "reasoning-0"\n` +
      'reasoning-delta "reasoning-0" "Hm"\nreasoning-end "reasoning-0"\n' +
      'tool-input-start\ntool-input-delta "{\\"city\\":\\"Ulm\\"}"\nreset-step\n' +
      'reasoning-start "reasoning-0"\nreasoning-delta "reasoning-0" "Hm"\n' +
      'reasoning-end "reasoning-0"\ntext-start "text-1"\n' +
      `text-delta "text-1" "{\\"city\\":\\"Ulm\\"}"\ntext-end "text-1"${END}`,
  );
});

Deno.test("toUiMessageResponse() takes back what is begun and not handed out", async () => {
  const answer = { name: "answer" };
  const city = '{"city":"Ulm"}';
  const calling = stop({ reason: "tool-calls" });
  const { provider } = createAnswers([
    [toDelta(city), toDelta(city, { id: "2", index: 1, ...answer }), calling],
    [toDelta(city, { id: "3", ...answer }), calling],
  ], { outputWithTools: false });
  const schema = z.object({ city: z.string() });
  const run = runTools(provider, "Hello", {
    tools: [tool({
      name: "weather",
      inputSchema: schema,
      execute: () => "warm",
    })],
    output: { schema },
  });
  const input = '"{\\"city\\":\\"Ulm\\"}"';
  const call = `tool-input-start\ntool-input-delta ${input}\n`;
  const called = `tool-input-available ${city}\n` +
    'tool-output-available "warm"\n';
  assertEquals(
    await tellChunks(toUiMessageResponse(run)),
    `${START}${call}${call}${called}reset-step\n${call}${called}` +
      `finish-step\nstart-step\n${call}reset-step\n` +
      `text-start "text-0"\ntext-delta "text-0" ${input}\n` +
      `text-end "text-0"${END}`,
  );

  const cut = createAnswers([[
    toTextEvent("Hm"),
    toDelta('{"c'),
    stop({ reason: "length" }),
  ]]);
  const stream = cut.provider.stream("Hello", {
    tools: [{ name: "weather", inputSchema: schema }],
  });
  const chunks = await tellChunks(toUiMessageResponse(stream));
  assertEquals(
    chunks.slice(chunks.indexOf("reset-step")),
    'reset-step\ntext-start "text-1"\ntext-delta "text-1" "Hm"\n' +
      'text-end "text-1"\nfinish-step\nfinish "length"\n[DONE]',
  );
});

Deno.test("toUiMessageResponse() tells an abort, and its headers", async () => {
  const { provider } = createAnswers([[toTextEvent("Hi"), FINISH]]);
  const stream = provider.stream("Hello", { signal: AbortSignal.abort() });
  const response = toUiMessageResponse(stream, {
    status: 201,
    headers: { "x-own": "1" },
  });
  assertEquals(response.status, 201);
  assertEquals(response.headers.get("x-vercel-ai-ui-message-stream"), "v1");
  assertEquals(response.headers.get("x-own"), "1");
  assertEquals(await tellChunks(response), "start\nabort\n[DONE]");
});

Deno.test("toUiMessageResponse() lets go of the run when its reader leaves", async () => {
  const { provider, runs } = createAnswers([[toTextEvent("Hi"), FINISH]]);
  const { body } = toUiMessageResponse(provider.stream("Hello"));
  const reader = body?.getReader();
  await reader?.read();
  await reader?.read();
  await reader?.cancel();
  assertEquals(runs[0]?.signal.aborted, true);
});
