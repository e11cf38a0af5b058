// The page of the AI SDK reads what a run sends.
import { assertEquals } from "@std/assert";
import { DefaultChatTransport, readUIMessageStream, type UIMessage } from "ai";
import { runTools, tool } from "@parley/chat/tools";
import * as z from "zod";
import { type ReadableRun, toUiMessageResponse } from "../mod.ts";
import { FINISH, toTextEvent } from "../../../tests/_parrot.ts";
import { createAnswers, toDelta } from "./_answers.ts";

/** Sends a run through the transport of `useChat`, and gives what is shown. */
async function show(run: ReadableRun): Promise<readonly UIMessage[]> {
  const transport = new DefaultChatTransport({
    fetch: () => Promise.resolve(toUiMessageResponse(run)),
  });
  const stream = await transport.sendMessages({
    trigger: "submit-message",
    chatId: "chat",
    messageId: undefined,
    messages: [],
    abortSignal: undefined,
  });
  const shown: UIMessage[] = [];
  for await (const message of readUIMessageStream({ stream })) {
    shown.push(structuredClone(message));
  }
  return shown;
}

/** What a page stores: without what is undefined. */
function toJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

Deno.test("useChat shows an answer that begins anew", async () => {
  const { provider } = createAnswers([[
    toTextEvent("Oh no"),
    {
      type: "restart",
      discard: 5,
      reason: "incomplete",
      provider: "Other",
      model: "red",
    },
    toTextEvent("Good"),
    toTextEvent(" day"),
    FINISH,
  ]]);
  const shown = await show(provider.stream("Hello"));
  assertEquals(
    shown.map(({ parts }) =>
      parts.map((part) => part.type === "text" ? part.text : "").join("")
    ).filter((text, index, all) => text !== all[index - 1]),
    ["", "Oh no", "", "Good", "Good day"],
  );
});

Deno.test("useChat shows each step of a run with tools", async () => {
  const { provider } = createAnswers([
    [toDelta('{"city":"Ulm"}'), FINISH],
    [toTextEvent("Warm"), FINISH],
  ]);
  const weather = tool({
    name: "weather",
    inputSchema: z.object({ city: z.string() }),
    execute: () => ({ warm: true }),
  });
  const shown = await show(runTools(provider, "Hello", { tools: [weather] }));
  assertEquals(toJson(shown.at(-1)?.parts), [
    { type: "step-start" },
    {
      type: "tool-weather",
      toolCallId: "call-1",
      state: "output-available",
      input: { city: "Ulm" },
      output: { warm: true },
    },
    { type: "step-start" },
    { type: "text", text: "Warm", state: "done" },
  ]);
});
