import { assertEquals, assertStringIncludes } from "@std/assert";
import { createAiChats } from "../../providers/ai_chats.ts";
import { createAiChatsUpstream } from "@parley/testing";
import { TestBody } from "../_body.ts";
import { FakeClock } from "../../packages/testing/fake_clock.ts";
import {
  catchError,
  readAll,
} from "../../packages/testing/conformance/ending.ts";
import { always, IMPATIENT } from "./_requests.ts";

/** Bodies, and the texts of their events. */
const BODIES: Readonly<Record<string, readonly [string, readonly string[]]>> = {
  "one event after the other": [
    "data: Good\n\ndata:  day\n\n",
    ["Good", " day"],
  ],
  "no space after the colon": ["data:Good\n\ndata:day\n\n", ["Good", "day"]],
  "several lines of one event": [
    "data: one\ndata:two\ndata:  three\n\n",
    ["one\ntwo\n three"],
  ],
  "a line feed of its own": ["data: a\n\ndata:\ndata:\n\ndata: b\n\n", [
    "a",
    "\n",
    "b",
  ]],
  "CR": ["data: a\r\rdata: b\r\r", ["a", "b"]],
  "CRLF": ["data: a\r\ndata: b\r\n\r\n", ["a\nb"]],
  "white space": ["data:  \n\ndata: \t\n\ndata: a\n\n", [" ", "\t", "a"]],
  "comments and other fields": [
    ": wait\n\nid: 1\nevent: message\nretry: 5\ndata: a\n\n: wait\n\n",
    ["a"],
  ],
  "a byte order mark": ["\ufeffdata: a\n\ndata: \ufeffb\n\n", ["a", "\ufeffb"]],
  "JSON, which is text here": [
    'data: {"a":1}\n\ndata: {"error":"no"}\n\n',
    ['{"a":1}', '{"error":"no"}'],
  ],
  "the end marker, and more": [
    "data: a\n\ndata: [DONE]\n\ndata: b\n\n",
    ["a"],
  ],
  "a last event that no blank line closes": ["data: a\n\ndata: b\n", [
    "a",
    "b",
  ]],
  "such an event of several lines": ["data: a\r\ndata: b\r\n", ["a\nb"]],
  "such an end marker": ["data: a\n\ndata: [DONE]\r", ["a"]],
  "the end marker without a space": ["data: a\n\ndata:[DONE]\n\n", ["a"]],
  "what is not quite the end marker": [
    "data: [DONE] \n\ndata: a [DONE]\n\n",
    ["[DONE] ", "a [DONE]"],
  ],
};

/** Which faults of the catalogue a case is about. */
const FAULTS: Readonly<Record<string, string>> = {
  "no space after the colon": " [F07]",
  "several lines of one event": " [F06]",
  "a line feed of its own": " [F06] [F12]",
  "CR": " [F03]",
  "CRLF": " [F02]",
  "white space": " [F07]",
  "comments and other fields": " [F05] [F14]",
  "a byte order mark": " [F04]",
  "the end marker, and more": " [F24]",
  "what is not quite the end marker": " [F21]",
};

for (const [name, [body, texts]] of Object.entries(BODIES)) {
  Deno.test(`aiChats reads text: ${name}${FAULTS[name] ?? ""}`, async () => {
    const provider = createAiChats({ fetch: always(body) });
    const { events } = await readAll(provider.stream("Hi"));
    assertEquals(events, [
      ...texts.map((text) => ({ type: "text" as const, text })),
      { type: "finish", reason: "stop" },
    ]);
    const { text } = await provider.generate("Hi");
    assertEquals(text, texts.join(""));
  });
}

Deno.test("aiChats gives text as it arrives", async () => {
  const body = new TestBody([], "hang");
  const provider = createAiChats({
    clock: new FakeClock(),
    fetch: () => Promise.resolve(new Response(body.stream)),
  });
  await using stream = provider.stream("Hi");
  for (const text of ["a", " ", "b"]) {
    const next = stream.next();
    body.send(`data: ${text}\n\n`);
    assertEquals((await next).value, { type: "text", text });
  }
  const next = stream.next();
  body.close();
  assertEquals((await next).value, { type: "finish", reason: "stop" });
});

Deno.test("aiChats refuses an answer without any text [T11]", async () => {
  for (
    const body of [
      "",
      "\n\n",
      ": wait\n\n",
      "data\n\n",
      "data:\n\n",
      "data: [DONE]\n\n",
      "event: message\n\n",
    ]
  ) {
    const provider = createAiChats({ fetch: always(body) });
    const { events, error } = await readAll(provider.stream("Hi"));
    assertEquals([error?.code, events], ["bad-response", []], body);
  }
});

Deno.test("aiChats refuses an answer that is cut inside of an event [F08]", async () => {
  const cases = [
    ["data: a\n\ndata: b", "ab"],
    ["data: a\n\ndata: b\ndata: c", "ab\nc"],
    ["data: a\n\ndata: [DO", "a"],
    ["data: a\n\ndata: [DONE", "a"],
  ];
  for (const [body, text] of cases) {
    const provider = createAiChats({ fetch: always(body ?? "") });
    const { events, error } = await readAll(provider.stream("Hi"));
    assertEquals([error?.code, error?.partial?.text], ["incomplete", text]);
    assertEquals(events.some(({ type }) => type === "finish"), false);
  }
});

Deno.test("aiChats refuses JSON in place of text [S16]", async () => {
  const headers = { "content-type": "application/json; charset=utf-8" };
  for (
    const [body, code, words] of [
      ['{"error":{"message":"No more today"}}', "upstream", "No more today"],
      ['{"message":"No more today"}', "upstream", "No more today"],
      ['{"text":"Good day"}', "bad-response", undefined],
    ] as const
  ) {
    const fetch = always(body, { headers });
    const provider = createAiChats({ fetch, maxRetries: 0 });
    const error = await catchError(provider.generate("Hi"));
    assertEquals([error.code, error.body], [code, words]);
    assertEquals(error.partial?.text, "");
  }
});

Deno.test("aiChats takes an error in place of the first text for an error", async () => {
  const fetch = always('data: {"error":{"message":"No more"}}\n\n', {});
  const provider = createAiChats({ fetch, maxRetries: 0 });
  const error = await catchError(provider.generate("Hi"));
  assertEquals([error.code, error.body], ["upstream", "No more"]);
});

Deno.test("aiChats refuses a page in place of text [S15]", async () => {
  const headers = { "content-type": "text/html" };
  const fetch = always("<p>data: Hello</p>", { headers });
  const error = await catchError(createAiChats({ fetch }).generate("Hi"));
  assertEquals([error.code, error.partial?.text], ["bad-response", ""]);
});

Deno.test("aiChats tells an error event from text [S19]", async () => {
  const body = "data: a\n\nevent: error\ndata: Out of words\n\n";
  const provider = createAiChats({ fetch: always(body) });
  const { text, error } = await readAll(provider.stream("Hi"));
  assertEquals([text, error?.partial?.text], ["a", "a"]);
  assertEquals([error?.code, error?.body], ["upstream", "Out of words"]);
});

Deno.test("aiChats keeps what the server says where it refuses", async () => {
  const { fetch } = createAiChatsUpstream();
  for (const [path, status] of [["/no", 404], ["/chat/send2", 404]] as const) {
    const baseUrl = `https://ai-chats.org${path}`;
    const error = await catchError(
      createAiChats({ fetch, baseUrl }).generate("Hi"),
    );
    assertEquals([error.code, error.status], ["not-found", status]);
    assertStringIncludes(error.message, "Not Found");
  }
});

Deno.test("aiChats does not give half an answer for a whole one", async () => {
  const { fetch } = createAiChatsUpstream({
    *answer() {
      yield "So far";
      throw new Error("The model has crashed");
    },
  });
  const { text, error } = await readAll(
    createAiChats({ ...IMPATIENT, fetch }).stream("Hi"),
  );
  assertEquals([text, error?.code], ["So far", "incomplete"]);
  assertEquals(error?.attempts?.length, 1);
});
