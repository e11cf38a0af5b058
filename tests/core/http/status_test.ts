import { assert, assertEquals } from "@std/assert";
import type { ProviderError } from "../../../core/chat/errors.ts";
import { toStatusError } from "../../../core/http/status.ts";
import { TestBody } from "../../_body.ts";
import { createScope } from "../../_scope.ts";

/** Reads a response whose status is not good. */
async function read(
  body: BodyInit | null,
  init: ResponseInit = {},
): Promise<ProviderError> {
  const { scope, clock } = createScope(() => new Response(), {
    apiKey: "sk-secret",
    limits: { errorBytes: 1000 },
  });
  const response = new Response(body, { status: 400, ...init });
  const error = await toStatusError(response, true, scope);
  assertEquals(clock.timers, 0);
  assert(!Deno.inspect(error).includes("sk-secret"));
  return error;
}

Deno.test("toStatusError() gives each status its code [S01] [S02] [S03] [S04] [S05] [S07] [S08] [S09] [S13]", async () => {
  const codes: Readonly<Record<number, string>> = {
    300: "bad-response",
    400: "invalid-request",
    401: "authentication",
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
    assertEquals(error.message, `Status is ${status}`);
    assertEquals(error.retryable, true);
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
  assertEquals(await wait("3600"), 3_600_000);
  assertEquals(await wait("soon"), undefined);
  assertEquals(await wait("Thu, 01 Jan 2026 00:00:09 GMT"), 9000);
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
  const reading = toStatusError(response, true, scope);
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

Deno.test("toStatusError() tells a prompt that is too long from one that is refused", async () => {
  const cases: readonly (readonly [string, string, number?])[] = [
    ['{"error":{"code":"context_length_exceeded"}}', "context-length"],
    [
      '{"error":{"message":"maximum context length is 8192"}}',
      "context-length",
    ],
    ["prompt is too long: 9 > 8", "context-length", 413],
    ['{"error":{"code":"content_policy_violation"}}', "content-filter"],
    ['{"error":{"innererror":{"code":"content_filter"}}}', "content-filter"],
    ["rejected by our safety system", "content-filter", 403],
    ['{"error":{"message":"model is required"}}', "invalid-request"],
    ['{"error":{"code":"context_length_exceeded"}}', "upstream", 500],
  ];
  for (const [body, code, status = 400] of cases) {
    assertEquals((await read(body, { status })).code, code, body);
  }
});
