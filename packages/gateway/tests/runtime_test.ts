/**
 * What the gateway leaves to the runtime: requests that never become one.
 */
import { assertEquals } from "@std/assert";
import { RawClient, TestServer, toRequestText } from "./_server.ts";

/** Sends text, and gives the status line that comes, and what came through. */
async function send(text: string): Promise<{
  readonly status: string;
  readonly bodies: readonly string[];
}> {
  const bodies: string[] = [];
  await using server = new TestServer(async (request) => {
    bodies.push(await request.text());
    return new Response("Good day");
  });
  using client = await RawClient.connect(server.port);
  await client.send(text).catch(() => {});
  await client.receive("\r\n\r\n");
  return { status: client.received.split("\r\n")[0] ?? "", bodies };
}

const REFUSED = { status: "HTTP/1.1 400 Bad Request", bodies: [] };

Deno.test("Deno.serve() refuses a request with a length and chunks [W22]", async () => {
  const headers = { "content-length": "5", "transfer-encoding": "chunked" };
  const body = "5\r\nhello\r\n0\r\n\r\n";
  assertEquals(await send(toRequestText("POST", "/", headers, body)), REFUSED);
});

Deno.test("Deno.serve() refuses a request with two lengths [W22]", async () => {
  const text =
    "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nhello!";
  assertEquals(await send(text), REFUSED);
});

Deno.test("Deno.serve() refuses a header of 200 KB [W22]", async () => {
  const headers = { "x-large": "a".repeat(200 * 1024) };
  assertEquals(await send(toRequestText("GET", "/", headers)), REFUSED);
});

Deno.test("Deno.serve() refuses a header that goes on in the next line [W22]", async () => {
  const text = "GET / HTTP/1.1\r\nhost: x\r\nx-a: a\r\n b\r\n\r\n";
  assertEquals(await send(text), REFUSED);
});

Deno.test("Deno.serve() gives no handler a request whose headers are not over [W07]", async () => {
  let count = 0;
  await using server = new TestServer(() => {
    count++;
    return new Response("Good day");
  });
  using slow = await RawClient.connect(server.port);
  await slow.send("POST / HTTP/1.1\r\nhost: x\r\nx-slow: ");
  // It takes a connection, which only a proxy in front can limit in time, but
  // no slot of the gateway: others are answered.
  const others = Array.from({ length: 20 }, () => fetch(server.origin));
  for (const other of others) await (await other).body?.cancel();
  assertEquals([count, slow.received], [20, ""]);
});
