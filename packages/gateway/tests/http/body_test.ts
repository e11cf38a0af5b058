import { assert, assertEquals, assertFalse } from "@std/assert";
import { flush } from "@parley/testing";
import { TestBody } from "../../../../tests/_body.ts";
import { createReader, JSON_TYPE, toCode } from "../_body_reader.ts";
import {
  NodeServer,
  RawClient,
  TestServer,
  toRequestText,
} from "../_server.ts";

/** JSON of exactly so many bytes. */
function toJson(bytes: number): string {
  return JSON.stringify({ a: "x".repeat(bytes - 8) });
}

Deno.test("readBody() refuses a declared length over the limit before it reads [W05]", async () => {
  const { bodies, clock, post } = createReader();
  const body = new TestBody([toJson(100)]);
  const response = await post(body.stream, {
    ...JSON_TYPE,
    "content-length": "10000000",
  });
  assertEquals(response.headers.get("connection"), "close");
  assertEquals(
    await toCode(response),
    "413 invalid_request_error request_too_large",
  );
  assertEquals(body.pulls, 0);
  assertEquals(clock.timers, 0);
  assertEquals(bodies, []);
});

for (const length of ["1", undefined]) {
  Deno.test(`readBody() stops one byte after the limit, though ${length ?? "no"} length was declared [W06]`, async () => {
    const { bodies, clock, post } = createReader();
    const body = new TestBody(
      Array.from({ length: 1_000 }, () => " "),
    );
    const response = await post(body.stream, {
      ...JSON_TYPE,
      ...(length && { "content-length": length }),
    });
    assertEquals(
      await toCode(response),
      "413 invalid_request_error request_too_large",
    );
    assertEquals(body.pulls, 101);
    assert(body.isCancelled);
    assertEquals(clock.timers, 0);
    assertEquals(bodies, []);
  });
}

Deno.test("readBody() refuses a body that is cut into crumbs, and takes one in small pieces", async () => {
  const { bodies, post } = createReader({ bodyBytes: 100_000 });
  const text = toJson(80_000);
  const cut = (size: number) =>
    new TestBody(
      Array.from(
        { length: Math.ceil(text.length / size) },
        (_, index) => text.slice(index * size, (index + 1) * size),
      ),
    );
  const crumbs = cut(15);
  const response = await post(crumbs.stream);
  assertEquals(response.headers.get("connection"), "close");
  assertEquals(
    await toCode(response),
    "400 invalid_request_error invalid_request",
  );
  assert(crumbs.isCancelled);
  assertEquals((await post(cut(17).stream)).status, 200);
  assertEquals(bodies, [JSON.parse(text)]);
});

Deno.test("readBody() takes as many bytes as the limit, and not one more [W06]", async () => {
  const { bodies, post } = createReader();
  assertEquals((await post(toJson(100))).status, 200);
  assertEquals((await post(toJson(101))).status, 413);
  assertEquals(bodies, [JSON.parse(toJson(100))]);
});

Deno.test("readBody() counts bytes, not characters [W06]", async () => {
  const { post } = createReader();
  const text = JSON.stringify({ a: "€".repeat(40) });
  assert(text.length < 100);
  assertEquals((await post(text)).status, 413);
});

Deno.test("readBody() takes more bytes where messages hold pictures", async () => {
  const { bodies, post } = createReader({ imageBodyBytes: 200 });
  const picture = JSON.stringify({
    messages: [
      { role: "system", content: "Look" },
      {
        content: [
          { type: "text", text: "x" },
          { type: "image_url", image_url: { url: "data:," } },
        ],
      },
    ],
  });
  assert(picture.length > 100);
  assertEquals((await post(picture)).status, 200);
  assertEquals((await post(picture + " ".repeat(200))).status, 413);
  assertEquals((await post(toJson(150))).status, 413);
  const noPicture = JSON.stringify({ messages: ["image_url".repeat(20)] });
  assertEquals((await post(noPicture)).status, 413);
  assertEquals(bodies.length, 1);
});

Deno.test("readBody() gives up on a body that takes too long [W08]", async () => {
  const { bodies, clock, post } = createReader();
  const body = new TestBody(["{"], "hang");
  const posted = post(body.stream);
  await clock.advance(9_999);
  // A byte now and then buys no time.
  body.send(" ");
  await flush();
  assertFalse(body.isCancelled);
  await clock.advance(1);
  const response = await posted;
  assertEquals(response.headers.get("connection"), "close");
  assertEquals(
    await toCode(response),
    "408 invalid_request_error request_timeout",
  );
  assert(body.isCancelled);
  assertEquals(clock.timers, 0);
  assertEquals(bodies, []);
});

type Handler = (request: Request, server?: object) => Promise<Response>;

const SERVERS = {
  "Deno.serve": (handler: Handler) =>
    Promise.resolve(new TestServer((request) => handler(request))),
  "@hono/node-server": (handler: Handler) => NodeServer.start(handler),
};

for (const [name, start] of Object.entries(SERVERS)) {
  Deno.test(`readBody() refuses 10 MB in chunks over a socket of ${name} [W06]`, async () => {
    const { app, bodies } = createReader();
    await using server = await start(async (...args) =>
      await app.fetch(...args)
    );
    using client = await RawClient.connect(server.port);
    const chunk = `10000\r\n${" ".repeat(0x10000)}\r\n`;
    const sent = client.send(
      toRequestText("POST", "/", {
        ...JSON_TYPE,
        "transfer-encoding": "chunked",
      }, chunk.repeat(160)),
    ).catch(() => "left");
    await client.receive("413 Payload Too Large");
    client[Symbol.dispose]();
    await sent;
    assertEquals(bodies, []);
  });

  Deno.test(`readBody() answers a slow client over a socket of ${name} [W08]`, async () => {
    const { app, bodies, clock } = createReader();
    await using server = await start(async (...args) =>
      await app.fetch(...args)
    );
    using client = await RawClient.connect(server.port);
    await client.send(
      toRequestText("POST", "/", { ...JSON_TYPE, "content-length": "10" }, "{"),
    );
    while (clock.timers === 0) await flush();
    await clock.advance(10_000);
    await client.receive("\r\n\r\n");
    assert(client.received.startsWith("HTTP/1.1 408 "));
    assert(client.received.toLowerCase().includes("\r\nconnection: close\r\n"));
    if (name !== "Deno.serve") await client.closed;
    assertEquals([bodies.length, clock.timers], [0, 0]);
  });

  Deno.test(`readBody() lets go of a client of ${name} that leaves in its body`, async () => {
    const { app, bodies, clock } = createReader();
    const ended = Promise.withResolvers<void>();
    await using server = await start(async (...args) => {
      const response = await app.fetch(...args);
      ended.resolve();
      return response;
    });
    const client = await RawClient.connect(server.port);
    await client.send(
      toRequestText("POST", "/", { ...JSON_TYPE, "content-length": "10" }, "{"),
    );
    while (clock.timers === 0) await flush();
    client[Symbol.dispose]();
    await ended.promise;
    assertEquals([bodies.length, clock.timers], [0, 0]);
  });

  Deno.test(`readBody() takes what comes in two pieces over a socket of ${name}`, async () => {
    const { app, bodies, clock } = createReader();
    await using server = await start(async (...args) =>
      await app.fetch(...args)
    );
    using client = await RawClient.connect(server.port);
    await client.send(
      toRequestText("POST", "/", { ...JSON_TYPE, "content-length": "7" }, "{"),
    );
    while (clock.timers === 0) await flush();
    await client.send('"a":1}');
    await client.receive("Good day");
    assertEquals([bodies, clock.timers], [[{ a: 1 }], 0]);
  });
}

Deno.test("readBody() takes a body that its host has read before", async () => {
  const { app, bodies } = createReader();
  const request = new Request("http://localhost/", {
    method: "POST",
    headers: JSON_TYPE,
    body: '{"a":1}',
  });
  await app.fetch(request, { incoming: { readableDidRead: true } });
  assertEquals(bodies, [{ a: 1 }]);
});
