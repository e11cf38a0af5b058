import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { ProviderError } from "../../../core/chat/errors.ts";
import { toStatusError } from "../../../core/http/status.ts";
import { TestBody } from "../../_body.ts";
import { createScope } from "../../_scope.ts";

/** Reads a response whose status is not good. */
async function read(
  body: BodyInit | null,
  init: ResponseInit = {},
  url = "https://chat.example/say",
): Promise<ProviderError> {
  const { scope, clock } = createScope(() => new Response(), {
    apiKey: "sk-secret",
    limits: { errorBytes: 1000 },
  });
  const response = new Response(body, { status: 400, ...init });
  const error = await toStatusError(response, {
    url: new URL(url),
    scope,
    retryable: true,
  });
  assertEquals(clock.timers, 0);
  assert(!Deno.inspect(error).includes("sk-secret"));
  return error;
}

Deno.test("toStatusError() gives each status its code [S01] [S02] [S03] [S04] [S05] [S07] [S08] [S09] [S13]", async () => {
  const codes: Readonly<Record<number, string>> = {
    300: "bad-response",
    400: "invalid-request",
    401: "authentication",
    402: "rate-limit",
    403: "authentication",
    404: "not-found",
    408: "upstream",
    409: "conflict",
    410: "not-found",
    413: "too-large",
    418: "invalid-request",
    422: "invalid-request",
    429: "rate-limit",
    500: "upstream",
    503: "upstream",
    599: "upstream",
  };
  for (const [status, code] of Object.entries(codes)) {
    const error = await read(null, { status: Number(status) });
    assertEquals(error.code, code, status);
    assertEquals(error.status, Number(status));
    assertStringIncludes(error.message, `Status is ${status}`);
    const mayPass = status === "408" || status === "429" || status >= "500";
    assertEquals(error.retryable, mayPass, status);
  }
});

Deno.test("toStatusError() repeats words for people, without secrets", async () => {
  for (
    const body of [
      '{"error":{"message":"Bad key sk-secret"}}',
      '{"message":"Bad key sk-secret"}',
      '{"detail":"Bad key sk-secret"}',
      "Bad key sk-secret\n",
    ]
  ) {
    const error = await read(body);
    assertEquals(error.message, "Status is 400: Bad key [redacted]");
    assertEquals(error.body, "Bad key [redacted]");
  }
});

Deno.test("toStatusError() repeats nothing of a page or of other JSON [S03] [S14]", async () => {
  const html = { "content-type": "text/html; charset=utf-8" };
  for (
    const [body, headers] of [
      ["private words", html],
      ["<html>private words", {}],
      [' <?xml version="1.0"?><a>private words', {}],
      ['{"private":"words"}', {}],
      ['{"private":', {}],
      ['["private words"]', {}],
      ["\x1f\b\0private words", {}],
    ] as const
  ) {
    const error = await read(body, { headers });
    assert(!error.message.includes("private"), body);
    assertEquals(error.body, undefined);
  }
});

Deno.test("toStatusError() tells how long the upstream asks to wait", async () => {
  const wait = async (value: string) =>
    (await read(null, { headers: { "retry-after": value } })).retryAfter;
  assertEquals(await wait("7"), 7000);
  assertEquals(await wait("0.5"), 500);
  assertEquals(await wait("3600"), 3_600_000);
  assertEquals(await wait("soon"), undefined);
  assertEquals(await wait("Thu, 01 Jan 2026 00:00:09 GMT"), 9000);
});

Deno.test("toStatusError() compares a date with the clock of the server, not with its own", async () => {
  for (const hour of ["00", "01", "23"]) {
    const { retryAfter } = await read(null, {
      headers: {
        "date": `Thu, 01 Jan 2026 ${hour}:00:00 GMT`,
        "retry-after": `Thu, 01 Jan 2026 ${hour}:00:09 GMT`,
      },
    });
    assertEquals(retryAfter, 9000);
  }
});

Deno.test("toStatusError() takes the most precise wait that it is told", async () => {
  const details = [{ retryDelay: "3s" }];
  const time = `${Date.UTC(2026, 0, 1, 0, 0, 9)}`;
  // OpenRouter tells it so.
  const metadata = { headers: { "X-RateLimit-Reset": time } };
  for (
    const [headers, ms, more] of [
      [{ "retry-after-ms": "900", "retry-after": "1" }, 900, { details }],
      [{ "retry-after-ms": "soon", "retry-after": "1" }, 1000, { details }],
      [{}, 3000, { details }],
      [{}, 9000, { metadata }],
    ] as const
  ) {
    const body = JSON.stringify({ error: { message: "x", ...more } });
    const error = await read(body, { headers, status: 429 });
    assertEquals(error.retryAfter, ms);
  }
});

Deno.test("toStatusError() reads only the beginning of a body [S23]", async () => {
  const body = new TestBody(Array(100).fill("x".repeat(400)));
  const error = await read(body.stream);
  assertEquals(error.body?.length, 200);
  assertEquals(body.pulls, 3);
  assert(body.isCancelled);
});

Deno.test("toStatusError() does not wait for a body that hangs [S23]", async () => {
  const body = new TestBody(["Slow down"], "hang");
  const { scope, clock } = createScope(() => new Response());
  const response = new Response(body.stream, { status: 429 });
  const reading = toStatusError(response, {
    url: new URL("https://chat.example/say"),
    scope,
    retryable: true,
  });
  await clock.advance(4999);
  assert(!body.isCancelled);
  await clock.advance(1);
  const { message } = await reading;
  assertEquals(message, "Status is 429: Slow down");
  assert(body.isCancelled);
  assertEquals(clock.timers, 0);
});

Deno.test("toStatusError() takes what came of a body that breaks off", async () => {
  const body = new TestBody(["Overloaded"], new TypeError("reset"));
  const { message } = await read(body.stream, { status: 503 });
  assertEquals(message, "Status is 503: Overloaded");
});

Deno.test("toStatusError() names what was not found, and what the base URL lacks", async () => {
  const message = async (url: string) =>
    (await read("Not Found", { status: 404 }, url)).message;
  assertEquals(
    await message("https://chat.example/v1/chat/completions?key=secret"),
    "Status is 404 for https://chat.example/v1/chat/completions: Not Found",
  );
  assertEquals(
    await message("http://127.0.0.1:8080/chat/completions"),
    "Status is 404 for http://127.0.0.1:8080/chat/completions, " +
      'where "/v1" may be missing in the base URL: Not Found',
  );
});

Deno.test("toStatusError() tells which parameter is wrong", async () => {
  const body = '{"error":{"message":"No","param":"top_p"}}';
  assertEquals((await read(body)).param, "top_p");
  assertEquals((await read("No")).param, undefined);
});

Deno.test("toStatusError() asks again as the upstream advises", async () => {
  for (
    const [status, advice, retryable] of [
      [503, "false", false],
      [503, "true", true],
      [429, "false", false],
      [409, "true", true],
      [400, "true", false],
    ] as const
  ) {
    const headers = { "x-should-retry": advice };
    assertEquals((await read(null, { status, headers })).retryable, retryable);
  }
});
