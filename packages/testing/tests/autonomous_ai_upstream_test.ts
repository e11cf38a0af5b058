import { assertEquals, assertMatch } from "@std/assert";
import { createAutonomousAiUpstream } from "../mod.ts";
import { toEvents } from "./_events.ts";

const SITE = "https://chatgpt.autonomous.ai";
const HEADERS = {
  "content-type": "application/json",
  "country-code": "US",
  "time-zone": "America/New_York",
  origin: "https://www.autonomous.ai",
};
const MESSAGES = [
  { role: "system", content: "Sé breve" },
  { role: "user", content: [{ type: "text", text: "日本 👋" }] },
];

function encode(value: unknown): string {
  return new TextEncoder().encode(JSON.stringify(value)).toBase64();
}

function toInit(
  fields: Record<string, unknown> = {},
  headers = {},
): RequestInit {
  const body = {
    messages: encode(MESSAGES),
    threadId: "llama",
    stream: true,
    aiAgent: "llama",
    ...fields,
  };
  return {
    method: "POST",
    headers: { ...HEADERS, ...headers },
    body: JSON.stringify(body),
  };
}

Deno.test("createAutonomousAiUpstream() streams chunks", async () => {
  const upstream = createAutonomousAiUpstream({
    answer: (prompt) => [prompt, " ok"],
    prefix: "/hub",
  });
  await using server = upstream.serve();
  for (
    const [fetch, base] of [
      [upstream.fetch, `${SITE}/hub`],
      [globalThis.fetch, `${server.url}/hub`],
    ] as const
  ) {
    const response = await fetch(`${base}/api/v1/ai/chat`, toInit());
    assertEquals(response.headers.get("content-type"), "text/event-stream");
    const [first, ...chunks] = toEvents(await response.text());
    assertMatch(String(first?.id), /^chatcmpl-/);
    assertEquals(first?.object, "chat.completion.chunk");
    assertEquals(first?.model, "llama");
    assertEquals(first?.choices[0]?.delta, { role: "assistant", content: "" });
    assertEquals(chunks.map(({ choices }) => choices[0]), [
      { index: 0, delta: { content: "日本 👋" }, finish_reason: null },
      { index: 0, delta: { content: " ok" }, finish_reason: null },
      { index: 0, delta: {}, finish_reason: "stop" },
    ]);
    assertEquals(chunks.at(-1)?.usage, {
      prompt_tokens: 4,
      completion_tokens: 2,
      total_tokens: 6,
    });
  }
});

Deno.test("createAutonomousAiUpstream() serves other models", async () => {
  const upstream = createAutonomousAiUpstream({ models: { mine: "/ask" } });
  const init = toInit({ aiAgent: "mine", threadId: "mine", stream: false });
  const response = await upstream.fetch(`${SITE}/ask`, init);

  assertEquals((await response.json()).model, "mine");
});

Deno.test("createAutonomousAiUpstream() refuses what the server does", async () => {
  const upstream = createAutonomousAiUpstream();
  const without = (name: keyof typeof HEADERS): RequestInit => {
    const { [name]: _, ...headers } = HEADERS;
    return { ...toInit(), headers };
  };
  const refusals: readonly [number, string, RequestInit][] = [
    [403, "chat", without("country-code")],
    [403, "chat", without("time-zone")],
    [403, "chat", without("origin")],
    [400, "chat", without("content-type")],
    [400, "chat", toInit({ messages: "not base64!" })],
    [400, "chat", toInit({ messages: btoa("\xff") })],
    [400, "chat", toInit({ messages: btoa("not JSON") })],
    [400, "chat", toInit({ messages: encode({ role: "user", content: "a" }) })],
    [400, "chat", toInit({ messages: encode([]) })],
    [
      400,
      "chat",
      toInit({ messages: encode([{ role: "robot", content: "a" }]) }),
    ],
    [400, "chat", toInit({ messages: MESSAGES })],
    [400, "chat", toInit({ aiAgent: "gpt-4", threadId: "gpt-4" })],
    [400, "chat", toInit({ threadId: "hermes" })],
    [400, "chat", toInit({ aiAgent: "hermes", threadId: "hermes" })],
    [400, "chat-hermes", toInit()],
    [400, "chat", toInit({ stream: "true" })],
    [405, "chat", { headers: HEADERS }],
    [404, "chats", toInit()],
  ];
  for (const [status, path, init] of refusals) {
    const response = await upstream.fetch(`${SITE}/api/v1/ai/${path}`, init);
    assertEquals(response.status, status, `${path} ${init.body}`);
    assertEquals((await response.json()).error.type, "invalid_request_error");
  }
});
