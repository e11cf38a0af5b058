import { assertEquals } from "@std/assert";
import type { ChatEvent } from "../../core/chat/events.ts";
import { createCohereC4aiCommand } from "../../providers/cohere_c4ai_command.ts";
import {
  type ChatUiUpstreamOptions,
  createChatUiUpstream,
} from "@parley/testing";
import { TestBody } from "../_body.ts";
import { createScriptedChatUi } from "../_chat_ui.ts";
import { FakeClock, flush } from "../../packages/testing/fake_clock.ts";
import { createFetch } from "../_scope.ts";
import { readAll } from "../../packages/testing/conformance/ending.ts";

const TITLE: ChatEvent = { type: "title", title: "💬 Grüße" };

/** What comes of an answer, without the conversation. */
async function read(options: ChatUiUpstreamOptions): Promise<ChatEvent[]> {
  const { fetch } = createChatUiUpstream({
    answer: () => ["Good", " day, wanderer on the shore", "\0👋"],
    ...options,
  });
  const provider = createCohereC4aiCommand({ fetch });
  const { events, error } = await readAll(provider.stream("Grüße"));
  assertEquals(error, undefined);
  return events.filter(({ type }) => type !== "conversation");
}

/** What comes of an answer of these lines. */
async function readLines(...values: unknown[]) {
  const lines = values.map((value) => `${JSON.stringify(value)}\n`);
  const { provider } = createScriptedChatUi({
    answer: () => new Response(lines.join("")),
  });
  const ending = await readAll(provider.stream("Hi"));
  const events = ending.events.filter(({ type }) => type !== "conversation");
  return { ...ending, events };
}

Deno.test("cohereC4aiCommand gives the title, then the words without padding", async () => {
  assertEquals(await read({}), [
    TITLE,
    { type: "text", text: "Good" },
    { type: "text", text: " day, wanderer on the shore" },
    { type: "text", text: "👋" },
    { type: "finish", reason: "stop" },
  ]);
});

Deno.test("cohereC4aiCommand gives a title that comes after the answer [F19]", async () => {
  const events = await read({ lateTitle: true });
  assertEquals(events.slice(-2), [TITLE, { type: "finish", reason: "stop" }]);
  const { fetch } = createChatUiUpstream({
    lateTitle: true,
    title: () => "Named",
  });
  const { title } = await createCohereC4aiCommand({ fetch }).generate("Hi");
  assertEquals(title, "Named");
});

Deno.test("cohereC4aiCommand waits for a late title for half a minute [F19]", async () => {
  for (const ms of [29_999, 30_000]) {
    const body = new TestBody(
      ['{"type":"finalAnswer","text":"Hello"}\n' + " ".repeat(4096)],
      "hang",
    );
    const clock = new FakeClock();
    const { provider, requests } = createScriptedChatUi({
      answer: () => new Response(body.stream),
    }, { clock });
    const result = readAll(provider.stream("Hi"));
    await flush();
    await clock.advance(ms);
    if (!body.isCancelled) {
      body.send('{"type":"title","title":"Late"}\n');
      body.close();
    }
    const { events, text, error } = await result;
    assertEquals([text, error], ["Hello", undefined]);
    assertEquals(
      events.flatMap((event) => event.type === "title" ? event.title : []),
      ms === 29_999 ? ["Late"] : [],
    );
    assertEquals([body.isCancelled, clock.timers], [ms === 30_000, 0]);
    assertEquals(requests.length, 4);
  }
});

Deno.test("cohereC4aiCommand tells an interrupted answer from a whole one", async () => {
  const { events } = await readLines(
    { type: "stream", token: "So far\0\0" },
    { type: "finalAnswer", text: "So far", interrupted: true },
  );
  assertEquals(events, [
    { type: "text", text: "So far" },
    { type: "finish", reason: "interrupted" },
  ]);
  // Even where it was interrupted before its first word.
  const empty = { type: "finalAnswer", text: "", interrupted: true };
  assertEquals((await readLines(empty)).events, [
    { type: "finish", reason: "interrupted" },
  ]);
});

Deno.test("cohereC4aiCommand refuses a whole answer without any text", async () => {
  const { events, error } = await readLines(
    { type: "finalAnswer", text: "", interrupted: false },
  );
  assertEquals([error?.code, events], ["bad-response", []]);
});

Deno.test("cohereC4aiCommand keeps to the final text", async () => {
  const token = (text: string) => ({ type: "stream", token: text });
  const final = (text: string) => ({ type: "finalAnswer", text });
  const rest = await readLines(token("Go"), final("Good day"));
  assertEquals(rest.events, [
    { type: "text", text: "Go" },
    { type: "text", text: "od day" },
    { type: "finish", reason: "stop" },
  ]);
  const other = await readLines(token("Good<stop>"), final("Good"));
  assertEquals(other.events, [
    { type: "text", text: "Good<stop>" },
    { type: "finish", reason: "stop", text: "Good" },
  ]);
  const none = await readLines(token("Good"), final(""));
  assertEquals(none.events.at(-1), {
    type: "finish",
    reason: "stop",
    text: "",
  });
});

Deno.test("cohereC4aiCommand keeps to a final text after more than a line may hold", async () => {
  const text = "word ".repeat(20);
  const lines = [
    ...Array(100).fill({ type: "stream", token: text }),
    { type: "finalAnswer", text },
  ];
  const { provider } = createScriptedChatUi({
    answer: () =>
      new Response(lines.map((line) => JSON.stringify(line)).join("\n")),
  }, { limits: { eventLength: 1_000 } });
  const { events, error } = await readAll(provider.stream("Hi"));
  assertEquals(error, undefined);
  assertEquals(events.at(-1), { type: "finish", reason: "stop", text });
});

Deno.test("cohereC4aiCommand tells thoughts from words, and warns once of what it ignores", async () => {
  const { events } = await readLines(
    { type: "reasoning", subtype: "status", status: "Thinking" },
    { type: "reasoning", subtype: "stream", token: "Hm\0" },
    { type: "webSearch", subtype: "update" },
    { type: "webSearch", subtype: "update" },
    { type: "file", name: "a.png" },
    { type: "stream", token: "Yes" },
    { type: "finalAnswer", text: "Yes" },
  );
  assertEquals(events, [
    { type: "reasoning", text: "Hm" },
    ...["webSearch", "file"].map((type): ChatEvent => ({
      type: "warning",
      code: "ignored-event",
      message: `Events of type "${type}" are ignored`,
    })),
    { type: "text", text: "Yes" },
    { type: "finish", reason: "stop" },
  ]);
});

Deno.test("cohereC4aiCommand keeps what the server says where generation fails [S20]", async () => {
  const { fetch } = createChatUiUpstream({
    *answer() {
      yield "So far";
      throw new Error("The model has crashed");
    },
  });
  const { events, text, error } = await readAll(
    createCohereC4aiCommand({ fetch }).stream("Hi"),
  );
  assertEquals([text, error?.partial?.text], ["So far", "So far"]);
  assertEquals([error?.code, error?.body], [
    "upstream",
    "The model has crashed",
  ]);
  assertEquals(error?.attempts?.length, 1);
  assertEquals(events.some(({ type }) => type === "conversation"), false);
});

Deno.test("cohereC4aiCommand refuses what is no new conversation [C08] [C09]", async () => {
  for (
    const answer of [
      {},
      null,
      { conversationId: 7 },
      { conversationId: "" },
      { conversationId: "../../admin" },
      { conversationId: "65F0A1B2C3D4E5F601234567" },
      { conversationId: "65f0a1b2c3d4e5f601234567 " },
    ]
  ) {
    const { fetch, requests } = createFetch(() => Response.json(answer));
    const provider = createCohereC4aiCommand({ fetch });
    const { error, events } = await readAll(provider.stream("Hi"));
    assertEquals([error?.code, events], ["bad-response", []]);
    // Nothing is asked below what is no id.
    assertEquals([error?.attempts?.length, requests.length], [1, 1]);
  }
});
