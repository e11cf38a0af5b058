import { assertEquals, assertRejects } from "@std/assert";
import { createUpstream } from "../mod.ts";

const URL_OF_IT = "https://example.com/hub/models?page=1";

/** A body that gives one piece, waits for ever, and tells when it is left. */
function createEndlessBody() {
  const { promise: left, resolve } = Promise.withResolvers<void>();
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(new TextEncoder().encode("a"));
    },
    cancel: () => resolve(),
  });
  return { body, left };
}

Deno.test("createUpstream() records requests, cookie and origin included", async () => {
  const upstream = createUpstream(async (request) =>
    new Response(await request.text())
  );
  await using server = upstream.serve();
  const init = {
    method: "POST",
    headers: { cookie: "a=b", origin: "https://example.com" },
    body: "grüß",
  };
  for (
    const [fetch, url] of [
      [upstream.fetch, URL_OF_IT],
      [globalThis.fetch, `${server.url}/hub/models?page=1`],
    ] as const
  ) {
    const response = await fetch(url, init);
    assertEquals(await response.text(), "grüß");
    const request = upstream.requests.at(-1);
    assertEquals(request?.method, "POST");
    assertEquals(request?.url, url);
    assertEquals(request?.path, "/hub/models");
    assertEquals(request?.headers.get("cookie"), "a=b");
    assertEquals(request?.headers.get("origin"), "https://example.com");
    assertEquals(request?.body, "grüß");
  }
  assertEquals(upstream.requests.length, 2);
});

Deno.test("createUpstream() records the raw text of a form", async () => {
  const upstream = createUpstream(async (request) => {
    return new Response(String((await request.formData()).get("data")));
  });
  const body = new FormData();
  body.set("data", "{}");
  const response = await upstream.fetch(URL_OF_IT, { method: "POST", body });

  assertEquals(await response.text(), "{}");
  assertEquals(
    upstream.requests[0]?.body.includes('name="data"\r\n\r\n{}\r\n'),
    true,
  );
});

Deno.test("createUpstream() answers only below its prefix", async () => {
  const upstream = createUpstream((_, path) => new Response(path), {
    prefix: "/hub",
  });
  const inside = await upstream.fetch(URL_OF_IT);
  const outside = await upstream.fetch("https://example.com/hubs/models");

  assertEquals(await inside.text(), "/models");
  assertEquals([outside.status, await outside.text()], [404, "Not Found"]);
});

Deno.test("createUpstream() sends a thrown response", async () => {
  const upstream = createUpstream(() => {
    throw new Response("no", { status: 403 });
  });
  const response = await upstream.fetch(URL_OF_IT);

  assertEquals([response.status, await response.text()], [403, "no"]);
});

Deno.test("createUpstream() rejects with what the handler throws", async () => {
  const upstream = createUpstream(() => {
    throw new RangeError("a fault");
  });

  await assertRejects(() => upstream.fetch(URL_OF_IT), RangeError, "a fault");
});

Deno.test("fetch() tells the URL of the response", async () => {
  const upstream = createUpstream(() => new Response(null, { status: 204 }));
  const response = await upstream.fetch(new Request(URL_OF_IT));

  assertEquals([response.status, response.url, response.body], [
    204,
    URL_OF_IT,
    null,
  ]);
});

Deno.test("fetch() rejects with the reason of an aborted signal", async () => {
  const upstream = createUpstream(() => new Promise(() => {}));
  const early = AbortSignal.abort(new Error("early"));
  await assertRejects(
    () => upstream.fetch(URL_OF_IT, { signal: early }),
    Error,
    "early",
  );
  assertEquals(upstream.requests.length, 0);

  const controller = new AbortController();
  const response = upstream.fetch(URL_OF_IT, { signal: controller.signal });
  controller.abort(new Error("late"));
  await assertRejects(() => response, Error, "late");
});

Deno.test("fetch() ends the body with the signal", async () => {
  const { body, left } = createEndlessBody();
  const upstream = createUpstream(() => new Response(body));
  const controller = new AbortController();
  const response = await upstream.fetch(URL_OF_IT, {
    signal: controller.signal,
  });
  const reader = response.body?.getReader();
  await reader?.read();
  controller.abort(new Error("enough"));

  await assertRejects(async () => await reader?.read(), Error, "enough");
  await left;
});

Deno.test("fetch() lets a cancelled body go", async () => {
  const { body, left } = createEndlessBody();
  const upstream = createUpstream(() => new Response(body));
  const response = await upstream.fetch(URL_OF_IT);
  await response.body?.cancel();

  await left;
});

Deno.test("serve() lets go of the body of a client that leaves", async () => {
  const { body, left } = createEndlessBody();
  const upstream = createUpstream(() => new Response(body));
  await using server = upstream.serve();
  const response = await fetch(server.url);
  await response.body?.cancel();

  await left;
});

Deno.test("close() does not wait for an open stream", async () => {
  const { body, left } = createEndlessBody();
  const upstream = createUpstream(() => new Response(body));
  const server = upstream.serve();
  const response = await fetch(server.url);
  const reader = response.body?.getReader();
  await reader?.read();
  const rest = assertRejects(async () => await reader?.read(), TypeError);
  await server.close();

  await left;
  await rest;
});

Deno.test("close() may be called twice, and frees the port", async () => {
  const upstream = createUpstream(() => new Response());
  const { port, close } = upstream.serve();
  await close();
  await close();
  const server = upstream.serve({ port });
  assertEquals(server.url, `http://127.0.0.1:${port}`);
  await server.close();
});
