import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import type {
  UpstreamBody,
  UpstreamRequest,
} from "../../../core/chat/exchange.ts";
import { ProviderError } from "../../../core/chat/errors.ts";
import { joinUrl, sendRequest } from "../../../core/http/send_request.ts";
import type { ProviderOptions } from "../../../core/chat/provider_options.ts";
import { TestBody } from "../../_body.ts";
import { type Answer, createScope, toHiddenRedirect } from "../../_scope.ts";
import { cleanText } from "../../../core/http/redactor.ts";

const ok: Answer = () => new Response("x");

/** Sends one request and tells what was asked. */
async function send(
  request: UpstreamRequest & UpstreamBody = {},
  options: ProviderOptions = {},
  headers: readonly (readonly [string, string])[] = [],
  answer = ok,
): Promise<Request[]> {
  const { scope, clock, requests } = createScope(answer, options, { headers });
  await sendRequest("POST", "/a", request, scope);
  assertEquals(clock.timers, 0);
  return requests;
}

/** Sends one request that fails. */
async function fail(
  answer: Answer,
  request: UpstreamRequest & UpstreamBody = {},
  method: "GET" | "POST" = "POST",
) {
  const { scope, clock, requests } = createScope(answer);
  const error = await assertRejects(
    () => sendRequest(method, "/a", request, scope),
    ProviderError,
  );
  assertEquals(clock.timers, 0);
  return { error, requests };
}

Deno.test("joinUrl() keeps the path and the query of the base URL", () => {
  const version = ["v", "1"] as const;
  const cases = [
    ["https://a.b/hub", [], "/c?d=1", "https://a.b/hub/c?d=1"],
    ["https://a.b", [], "/c", "https://a.b/c"],
    ["https://a.b", [version], "/c?d=1", "https://a.b/c?d=1&v=1"],
    ["https://a.b", [version, version], "/c", "https://a.b/c?v=1&v=1"],
    ["https://a.b", [version], "/c?v=2", "https://a.b/c?v=2"],
  ] as const;
  for (const [baseUrl, query, path, expected] of cases) {
    assertEquals(joinUrl({ baseUrl, query }, path).href, expected);
  }
});

Deno.test("joinUrl() never leaves the base URL", () => {
  for (
    const path of ["@b.c/x", ".b.c/x", ":80/x", "x", "/../up", "/.."]
  ) {
    assertThrows(
      () => joinUrl({ baseUrl: "https://a.b/hub", query: [] }, path),
      ProviderError,
      "below the base URL",
      path,
    );
  }
});

Deno.test("sendRequest() sends JSON as JSON and a form as a form", async () => {
  const [json] = await send({ json: { a: "é" } });
  assertEquals(json?.headers.get("content-type"), "application/json");
  assertEquals(await json?.json(), { a: "é" });
  const form = new FormData();
  form.set("data", "x");
  const [sent] = await send({ form });
  assert(sent?.headers.get("content-type")?.startsWith("multipart/form-data"));
  assertEquals((await sent?.formData())?.get("data"), "x");
});

Deno.test("sendRequest() puts the key and the caller's headers over its own", async () => {
  const [request] = await send(
    {
      headers: {
        "authorization": "Bearer",
        "x-a": "1",
        "x-b": "1",
        "x-c": "1",
      },
    },
    { apiKey: "sk-key", headers: { "x-b": "2", "x-c": "2" } },
    [["X-C", "3"]],
  );
  const { headers } = request ?? new Request("https://a.b");
  assertEquals(headers.get("authorization"), "Bearer sk-key");
  assertEquals(headers.get("accept"), "*/*");
  assertEquals(["x-a", "x-b", "x-c"].map((name) => headers.get(name)), [
    "1",
    "2",
    "3",
  ]);
});

Deno.test("sendRequest() adds a caller's cookie to that of the conversation", async () => {
  const [request] = await send(
    { headers: { cookie: "own=1" } },
    { headers: { Cookie: "mine=2" } },
  );
  assertEquals(request?.headers.get("cookie"), "own=1; mine=2");
});

Deno.test("sendRequest() makes secrets of the headers it sends", async () => {
  const { scope } = createScope(ok, { headers: { "x-own": "very private" } });
  await sendRequest("GET", "/", {
    headers: { authorization: "Bearer abcd" },
  }, scope);
  assertEquals(
    cleanText(scope.redactor, "very private, abcd"),
    "[redacted], [redacted]",
  );
});

Deno.test("sendRequest() follows redirects on its own origin", async () => {
  const requests = await send(
    { json: { a: 1 } },
    {},
    [],
    ({ url }) =>
      url.endsWith("/b")
        ? new Response("x")
        : new Response(null, { status: 307, headers: { location: "/b" } }),
  );
  assertEquals(requests.map(({ url, method }) => `${method} ${url}`), [
    "POST https://chat.example/a",
    "POST https://chat.example/b",
  ]);
  assertEquals(await requests[1]?.json(), { a: 1 });
});

Deno.test("sendRequest() follows no redirect to another origin or a login [S22]", async () => {
  for (
    const [location, code] of [
      ["https://other.example/a", "bad-response"],
      ["http://chat.example/a", "bad-response"],
      ["//other.example", "bad-response"],
      ["/login", "authentication"],
      ["/hub/sign-in/", "authentication"],
    ] as const
  ) {
    const { error, requests } = await fail(() =>
      new Response(null, { status: 307, headers: { location } })
    );
    assertEquals(error.code, code, location);
    assertEquals(error.status, 307);
    assertEquals(requests.length, 1);
  }
});

Deno.test("sendRequest() says so where a browser hides a redirect", async () => {
  const { error, requests } = await fail(toHiddenRedirect);
  assertEquals([error.code, error.retryable], ["bad-response", false]);
  assertStringIncludes(
    error.message,
    "edirect cannot be followed in a browser",
  );
  assertEquals(requests.length, 1);
});

Deno.test("sendRequest() never turns a POST into a GET", async () => {
  for (const status of [301, 302, 303]) {
    const { error, requests } = await fail(() =>
      new Response(null, { status, headers: { location: "/b" } })
    );
    assertEquals(error.code, "bad-response");
    assertEquals(requests.length, 1);
  }
});

Deno.test("sendRequest() gives up on redirects that do not end", async () => {
  const { error, requests } = await fail(
    () => new Response(null, { status: 302, headers: { location: "/a" } }),
    {},
    "GET",
  );
  assertEquals(error.code, "bad-response");
  assertEquals(requests.length, 6);
});

Deno.test("sendRequest() says which failures may be sent again", async () => {
  const isRetryable = async (status: number, retryStatuses?: number[]) =>
    (await fail(() => new Response(null, { status }), { retryStatuses }))
      .error.retryable;
  for (const status of [408, 429, 500, 502, 599]) {
    assertEquals(await isRetryable(status), true, `${status}`);
    assertEquals(await isRetryable(status, [503]), false, `${status}`);
  }
  for (const status of [400, 401, 404, 409, 413]) {
    assertEquals(await isRetryable(status), false, `${status}`);
  }
  assertEquals(await isRetryable(503, [503]), true);
  const broken = () => {
    throw new TypeError("reset");
  };
  assertEquals((await fail(broken)).error.retryable, true);
  const { error } = await fail(broken, { retryStatuses: [503] });
  assertEquals(error.retryable, false);
});

Deno.test("sendRequest() refuses pages and empty answers [S15] [S21]", async () => {
  const send = (body: TestBody) =>
    sendRequest(
      "POST",
      "/a",
      {},
      createScope(() =>
        new Response(body.stream, { headers: { "content-type": "Text/HTML" } })
      ).scope,
    );
  const page = new TestBody(["\n ", "<html>"], "hang");
  const response = await send(page);
  await assertRejects(() => response.text(), ProviderError, "is a page");
  assert(page.isCancelled);
  // Much is called a page that is none.
  const json = await send(new TestBody([" ", '{"a":', '"<b>"}']));
  assertEquals(await json.json(), { a: "<b>" });
  for (const status of [200, 204, 205]) {
    const { error } = await fail(() => new Response(null, { status }));
    assertEquals(error.code, "bad-response", `${status}`);
  }
});

Deno.test("sendRequest() waits for headers as long as the clock allows", async () => {
  for (const collected of [false, true]) {
    const { scope, clock } = createScope(() => new Promise(() => {}), {
      timeouts: { headers: 100, total: 500 },
    });
    scope.start();
    const sent = sendRequest("POST", "/a", { collected }, scope);
    const failed = assertRejects(() => sent, ProviderError);
    await clock.advance(500);
    assertEquals((await failed).phase, collected ? "total" : "headers");
    scope.close();
  }
});
