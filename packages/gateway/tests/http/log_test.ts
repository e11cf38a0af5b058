import { assertEquals, assertFalse } from "@std/assert";
import { authenticate } from "../../http/authentication.ts";
import { readBody } from "../../http/body.ts";
import { setHeaders } from "../../http/headers.ts";
import { logRequests } from "../../http/log.ts";
import type { LogEntry } from "../../options/log_entry.ts";
import { FakeClock } from "@parley/testing";
import { createApp } from "../_server.ts";

const KEY = "sk-test-0123456789abcdef";
const FAILED = {
  status: 401,
  code: "authentication",
  message: "Status is 401: no such key",
} as const;
const EVENTS = { "content-type": "text/event-stream" };

/** An application that logs, and answers a chat with a stream. */
function createLogged(log?: (entry: LogEntry) => unknown) {
  const entries: LogEntry[] = [];
  const clock = new FakeClock();
  const app = createApp();
  app.use(logRequests(log ?? ((entry) => entries.push(entry)), clock));
  app.use(setHeaders(() => "id-1"));
  app.use(authenticate({ apiKeys: [KEY] }));
  app.post(
    "/chat",
    readBody({
      bodyBytes: 1_000,
      imageBodyBytes: 1_000,
      bodyTimeout: 1_000,
      clock,
    }),
    (context) => {
      const { details } = context.var.lifetime;
      details.model = "AiChats/gpt-4";
      const body = new ReadableStream({
        async pull(controller) {
          await clock.advance(250);
          details.provider = "AiChats";
          details.attempts = [
            { provider: "Down", model: "m", ...FAILED, startedAt: 1, endMs: 2 },
            { provider: "Left", model: "m", code: "aborted" },
            { provider: "AiChats", model: "gpt-4", status: 200 },
          ];
          details.usage = { inputTokens: 3, outputTokens: 5 };
          controller.enqueue(new TextEncoder().encode("data: hunter2\n\n"));
          controller.close();
        },
      }, { highWaterMark: 0 });
      return new Response(body, { headers: EVENTS });
    },
  );
  const chat = (key = KEY) =>
    app.request("/chat?key=hunter2", {
      method: "POST",
      headers: {
        "authorization": `Bearer ${key}`,
        "content-type": "application/json",
        "cookie": "session=hunter2",
        "user-agent": "hunter2",
      },
      body: JSON.stringify({ messages: [{ content: "hunter2" }] }),
    });
  return { app, chat, entries };
}

Deno.test("logRequests() tells of a request when its answer is over", async () => {
  const { chat, entries } = createLogged();
  const response = await chat();
  assertEquals(entries, []);
  await response.text();
  const [{ keyId, ...entry } = {} as LogEntry] = entries;
  assertEquals(entry, {
    time: "2026-01-01T00:00:00.000Z",
    requestId: "id-1",
    method: "POST",
    path: "/chat",
    status: 200,
    outcome: "complete",
    ms: 250,
    model: "AiChats/gpt-4",
    provider: "AiChats",
    attempts: 3,
    failures: [{ provider: "Down", model: "m", ...FAILED }],
    usage: { inputTokens: 3, outputTokens: 5 },
  });
  assertEquals(keyId?.length, 12);
  assertEquals(entries.length, 1);
});

Deno.test("logRequests() tells no prompt, key, cookie or query", async () => {
  const { chat, entries } = createLogged();
  await (await chat()).text();
  await (await chat(`${KEY}hunter2`)).text();
  assertEquals(entries.map(({ status }) => status), [200, 401]);
  const text = JSON.stringify(entries);
  assertFalse(text.includes("hunter2"));
  assertFalse(text.includes(KEY.slice(0, 8)));
});

Deno.test("logRequests() leaves out what is not known", async () => {
  const { app, entries } = createLogged();
  await app.request(`/${"x".repeat(500)}`);
  assertEquals(entries, [{
    time: "2026-01-01T00:00:00.000Z",
    requestId: "id-1",
    method: "GET",
    path: `/${"x".repeat(199)}`,
    status: 401,
    outcome: "failed",
    ms: 0,
  }]);
});

Deno.test("logRequests() tells that the client left", async () => {
  const { chat, entries } = createLogged();
  await (await chat()).body?.cancel();
  assertEquals(entries.map(({ outcome }) => outcome), ["aborted"]);
});

for (
  const [name, log] of [
    ["throws", () => {
      throw new Error("disk full");
    }],
    ["rejects", () => Promise.reject(new Error("disk full"))],
  ] as const
) {
  Deno.test(`logRequests() answers even so where the log ${name}`, async () => {
    const { chat } = createLogged(log);
    const response = await chat();
    assertEquals(response.status, 200);
    assertEquals(await response.text(), "data: hunter2\n\n");
  });
}
