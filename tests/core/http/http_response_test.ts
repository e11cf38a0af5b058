import { assert, assertEquals, assertRejects } from "@std/assert";
import { ProviderError } from "../../../core/chat/errors.ts";
import { HttpResponse, toMediaType } from "../../../core/http/http_response.ts";
import { createSseDecoder } from "../../../core/streams/sse.ts";
import { TestBody, toBytes, toSingleBytes } from "../../_body.ts";
import { createScope } from "../../_scope.ts";

function create(body: TestBody, retryable = true) {
  const { scope, clock } = createScope(() => new Response(), {
    limits: { eventLength: 100 },
  });
  const response = new HttpResponse(
    new Response(null, { status: 201, headers: { "x-a": "1" } }),
    body.stream,
    { scope, retryable },
  );
  return { response, scope, clock };
}

async function toCode(run: () => Promise<unknown>): Promise<string> {
  return (await assertRejects(run, ProviderError)).code;
}

Deno.test("HttpResponse has the status and headers of its response", () => {
  const { response } = create(new TestBody([]));
  assertEquals(response.status, 201);
  assertEquals(response.headers.get("x-a"), "1");
  assertEquals(response.mediaType, "");
});

Deno.test("HttpResponse.text() reads UTF-8 and drops one byte order mark", async () => {
  const bytes = toBytes("\ufeffa\ufeffé😀");
  const { response } = create(new TestBody(toSingleBytes(bytes)));
  assertEquals(await response.text(), "a\ufeffé😀");
});

Deno.test("HttpResponse.text() refuses a body over the limit", async () => {
  const body = new TestBody(Array(10).fill("x".repeat(40)));
  const { response } = create(body);
  assertEquals(await toCode(() => response.text()), "too-large");
  assertEquals(body.pulls, 3);
  assert(body.isCancelled);
});

Deno.test("HttpResponse.json() tells a cut body from one that is no JSON", async () => {
  const read = (text: string) => create(new TestBody([text])).response.json();
  assertEquals(await read('{"a":1}'), { a: 1 });
  assertEquals(await toCode(() => read('{"a":')), "incomplete");
  assertEquals(await toCode(() => read("")), "incomplete");
  assertEquals(await toCode(() => read("no")), "bad-response");
});

Deno.test("HttpResponse tells that the connection broke off", async () => {
  for (const retryable of [true, false]) {
    const { response } = create(
      new TestBody(["a"], new TypeError("connection reset")),
      retryable,
    );
    const error = await assertRejects(
      () => response.text(),
      ProviderError,
      "Connection broke off: the connection was closed by the server",
    );
    assertEquals(error.code, "incomplete");
    assertEquals(error.retryable, retryable);
    assertEquals(String(error.cause), "TypeError: connection reset");
  }
});

Deno.test("HttpResponse.decode() gives batches", async () => {
  const body = new TestBody(["data: 1\n\ndata: 2\n\n", ":\n\n", "data: 3\n\n"]);
  const { response } = create(body);
  const batches = await Array.fromAsync(response.decode(createSseDecoder()));
  assertEquals(batches.map((batch) => batch.map(({ data }) => data)), [
    ["1", "2"],
    ["3"],
  ]);
});

Deno.test("HttpResponse.settle() reads on for a quarter of a second", async () => {
  const body = new TestBody([], "hang");
  const { response, clock } = create(body);
  response.settle();
  const reading = response.text();
  await clock.advance(249);
  assert(!body.isCancelled);
  await clock.advance(1);
  assertEquals(await reading, "");
  assert(body.isCancelled);
});

Deno.test("HttpResponse.cancel() cancels the body", () => {
  const body = new TestBody([], "hang");
  create(body).response.cancel();
  assert(body.isCancelled);
});

Deno.test("HttpResponse ends with its scope", async () => {
  const body = new TestBody([], "hang");
  const { response, scope } = create(body);
  const reading = response.text();
  scope.abort("stop");
  assertEquals(await reading.catch((error) => error), "stop");
  assert(body.isCancelled);
});

Deno.test("toMediaType() leaves out parameters and letter case", () => {
  const read = (type: string) =>
    toMediaType(new Headers({ "content-type": type }));
  assertEquals(read("Text/HTML; charset=utf-8"), "text/html");
  assertEquals(read(" application/json ;x"), "application/json");
  assertEquals(toMediaType(new Headers()), "");
});
