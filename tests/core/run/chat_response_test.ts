import { assert, assertEquals, assertRejects } from "@std/assert";
import { ProviderError } from "../../../core/chat/errors.ts";
import type { ChatResponseInit } from "../../../core/chat/chat_stream.ts";
import { flush } from "../../../packages/testing/fake_clock.ts";
import { createParrot, FINISH, hang, toTextEvent } from "../../_parrot.ts";

function respond(init?: ChatResponseInit, isWhole = true): Response {
  return createParrot({
    async *respond() {
      yield { type: "title", title: "T" };
      yield [toTextEvent("a\n"), toTextEvent("b")];
      if (isWhole) yield FINISH;
    },
  }).provider.stream("Hi").toResponse(init);
}

Deno.test("toResponse() streams text and says what it is", async () => {
  const response = respond();
  assertEquals(response.status, 200);
  assertEquals(Object.fromEntries(response.headers), {
    "cache-control": "no-store",
    "content-type": "text/plain; charset=utf-8",
    "x-content-type-options": "nosniff",
  });
  assertEquals(await response.text(), "a\nb");
});

Deno.test("toResponse() streams events as Server-Sent Events", async () => {
  const response = respond({ format: "sse" });
  assertEquals(
    response.headers.get("content-type"),
    "text/event-stream; charset=utf-8",
  );
  assertEquals(
    await response.text(),
    'data: {"type":"title","title":"T"}\n\n' +
      'data: {"type":"text","text":"a\\n"}\n\n' +
      'data: {"type":"text","text":"b"}\n\n' +
      'data: {"type":"finish","reason":"stop"}\n\n',
  );
});

Deno.test("toResponse() streams events as lines", async () => {
  const response = respond({ format: "jsonl" });
  assertEquals(
    response.headers.get("content-type"),
    "application/jsonl; charset=utf-8",
  );
  const lines = (await response.text()).trimEnd().split("\n");
  assertEquals(lines.map((line) => JSON.parse(line).type), [
    "title",
    "text",
    "text",
    "finish",
  ]);
});

Deno.test("toResponse() breaks text off where the run fails", async () => {
  await assertRejects(() => respond({}, false).text());
});

Deno.test("toResponse() tells as an event that the run fails", async () => {
  const lines = (await respond({ format: "jsonl" }, false).text()).trimEnd()
    .split("\n");
  const { type, error } = JSON.parse(lines.at(-1) ?? "");
  assertEquals([type, error.code], ["error", "incomplete"]);
  const text = await respond({ format: "sse" }, false).text();
  assert(text.includes('\n\nevent: error\ndata: {"type":"error"'));
});

Deno.test("toResponse() tells of an abort without the caller's reason", async () => {
  const controller = new AbortController();
  const { provider } = createParrot({
    async *respond(run) {
      yield toTextEvent("a");
      await hang(run);
    },
  });
  const text = provider.stream("Hi", { signal: controller.signal })
    .toResponse({ format: "jsonl" }).text();
  await flush();
  controller.abort(new Error("secret"));
  const last = (await text).trimEnd().split("\n").at(-1) ?? "";
  assertEquals(JSON.parse(last), {
    type: "error",
    error: { code: "aborted", message: "The run was aborted" },
  });
});

Deno.test("toResponse() takes a status and headers over its own", () => {
  const { status, headers } = respond({
    status: 201,
    headers: { "Cache-Control": "private", "x-a": "1" },
  });
  assertEquals(status, 201);
  assertEquals(headers.get("cache-control"), "private");
  assertEquals(headers.get("x-a"), "1");
});

Deno.test("toResponse() takes several cookies", () => {
  const cookies = ["a=1", "b=2"];
  const response = respond({
    headers: cookies.map((cookie) => ["set-cookie", cookie]),
  });
  assertEquals(response.headers.getSetCookie(), cookies);
});

Deno.test("toResponse() ends the run when its reader leaves", async () => {
  const { provider, clock } = createParrot({
    async *respond(run) {
      yield toTextEvent("a");
      await hang(run);
    },
  });
  const reader = provider.stream("Hi").toResponse().body?.getReader();
  assertEquals(clock.timers, 0);
  await reader?.read();
  assert(clock.timers > 0);
  await reader?.cancel();
  assertEquals(clock.timers, 0);
});

/** A run that fails when it is told to, after what is no content yet. */
function createFailing() {
  const { promise: failure, reject } = Promise.withResolvers<never>();
  const { provider, clock } = createParrot({
    async *respond() {
      yield { type: "title", title: "T" };
      await failure;
    },
  });
  const fail = () =>
    reject(new ProviderError("No", { code: "rate-limit", retryAfter: 2_500 }));
  return { provider, clock, fail };
}

Deno.test("toResponse() that holds its head answers a failure with its status", async () => {
  const { provider, clock, fail } = createFailing();
  const head = provider.stream("Hi", { maxRetries: 0 }).toResponse({
    holdHead: null,
    clock,
    status: 201,
    headers: { "content-type": "text/x", "x-a": "1" },
  });
  await clock.advance(40_000);
  fail();
  const response = await head;
  const { status, headers } = response;
  assertEquals([status, headers.get("retry-after")], [429, "3"]);
  assertEquals(headers.get("content-type"), "application/json");
  assertEquals(headers.get("x-a"), "1");
  const { type, error } = await response.json();
  assertEquals([type, error.code], ["error", "rate-limit"]);
});

Deno.test("toResponse() holds its head no longer than it may", async () => {
  const { provider, clock, fail } = createFailing();
  const head = provider.stream("Hi", { maxRetries: 0 })
    .toResponse({ holdHead: 5_000, clock, format: "jsonl" });
  await clock.advance(5_000);
  const response = await head;
  assertEquals(response.status, 200);
  fail();
  const lines = (await response.text()).trimEnd().split("\n");
  const last = JSON.parse(lines.at(-1) ?? "");
  assertEquals([last.type, last.error.code], ["error", "rate-limit"]);
});

for (const format of ["text", "sse", "jsonl"] as const) {
  Deno.test(`toResponse() that holds its head sends the same ${format}`, async () => {
    const { provider, clock } = createParrot({
      async *respond() {
        yield { type: "title", title: "T" };
        yield [toTextEvent("a\n"), toTextEvent("b")];
        yield FINISH;
      },
    });
    const init = { format, status: 201 };
    const held = await provider.stream("Hi")
      .toResponse({ ...init, holdHead: 1_000, clock });
    const other = provider.stream("Hi").toResponse(init);
    assertEquals(held.status, 201);
    assertEquals([...held.headers], [...other.headers]);
    assertEquals(await held.text(), await other.text());
    assertEquals(clock.timers, 0);
  });
}

Deno.test("toResponse() that holds its head is 499 where the client leaves", async () => {
  const controller = new AbortController();
  const { provider, clock } = createParrot({
    async *respond(run) {
      yield* [];
      await hang(run);
    },
  });
  const head = provider.stream("Hi", { signal: controller.signal })
    .toResponse({ holdHead: null });
  await flush();
  controller.abort(new Error("secret"));
  const response = await head;
  assertEquals(response.status, 499);
  assertEquals((await response.json()).error.code, "aborted");
  assertEquals(clock.timers, 0);
});

Deno.test("toResponse() ends a run whose reader leaves before its content", async () => {
  const { provider, clock } = createParrot({
    async *respond(run) {
      yield { type: "title", title: "T" };
      await hang(run);
    },
  });
  const head = provider.stream("Hi").toResponse({ holdHead: 1_000, clock });
  await clock.advance(1_000);
  await (await head).body?.cancel();
  assertEquals(clock.timers, 0);
});

Deno.test("toResponse() refuses a time that is none", async () => {
  const { provider, requests } = createParrot({ async *respond() {} });
  await assertRejects(
    () => provider.stream("Hi").toResponse({ holdHead: -1 }),
    ProviderError,
    '"holdHead" is not valid: expected milliseconds above 0',
  );
  assertEquals(requests, []);
});
