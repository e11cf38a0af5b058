import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  createFaultyUpstream,
  createUpstream,
  type FaultPlan,
} from "../mod.ts";
import { within } from "../conformance/check.ts";

/** A server that repeats what it is sent. */
const echo = createUpstream(async (request, path) => {
  const headers = new Headers({ "content-type": "text/plain", "x-path": path });
  headers.append("set-cookie", "a=1");
  headers.append("set-cookie", "b=2");
  return new Response(`<${await request.text()}>`, { headers });
});

async function serve(plan: FaultPlan) {
  const upstream = createFaultyUpstream(echo, plan);
  const server = await upstream.serve();
  const url = `${server.url}/say`;
  return { server, url, requests: upstream.requests };
}

/** Reads from a socket until it closes. */
async function talk(url: string, request: string): Promise<string> {
  const { port } = new URL(url);
  using socket = await Deno.connect({ port: Number(port) });
  await socket.write(new TextEncoder().encode(request));
  let text = "";
  const buffer = new Uint8Array(65_536);
  for (;;) {
    const size = await socket.read(buffer);
    if (size === null) return text;
    text += new TextDecoder().decode(buffer.subarray(0, size));
  }
}

const GET = "GET /say HTTP/1.1\r\nhost: faulty.example\r\n\r\n";

async function waitForNoConnection(
  server: { readonly openConnections: number },
): Promise<void> {
  const closed = async () => {
    while (server.openConnections > 0) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  await within(1_000, closed());
}

Deno.test("serve() answers as the upstream does", async () => {
  const { server, url, requests } = await serve({});
  await using _ = server;
  for (const body of ["", "Grüße 👋🏽", "x".repeat(300_000)]) {
    const response = await fetch(url, { method: "POST", body });
    assertEquals(response.headers.get("x-path"), "/say");
    assertEquals(response.headers.getSetCookie(), ["a=1", "b=2"]);
    assertEquals(await response.text(), `<${body}>`);
    assertEquals(requests.at(-1)?.body, body);
  }
  await waitForNoConnection(server);
  assertEquals(server.sentBytes > 300_000, true);
});

Deno.test("serve() reads a body that comes in chunks, and a form", async () => {
  const { server, url } = await serve({});
  await using _ = server;
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode("one "));
      controller.enqueue(new TextEncoder().encode("two"));
      controller.close();
    },
  });
  const streamed = await fetch(url, { method: "POST", body });
  assertEquals(await streamed.text(), "<one two>");
  const form = new FormData();
  form.set("data", "Grüße");
  const sent = await fetch(url, { method: "POST", body: form });
  assert((await sent.text()).includes("\r\n\r\nGrüße\r\n"));
});

Deno.test("serve() breaks the connection before a response", async () => {
  const { server, url } = await serve({ faults: [{ type: "refuse" }] });
  await using _ = server;
  await assertRejects(() => talk(url, GET), Deno.errors.ConnectionReset);
  await assertRejects(() => fetch(url), TypeError);
});

Deno.test("serve() closes the connection within the headers", async () => {
  const { server, url } = await serve({ faults: [{ type: "half-header" }] });
  await using _ = server;
  assertEquals(await talk(url, GET), "HTTP/1.1 200 OK\r\nContent-Ty");
  await assertRejects(() => fetch(url), TypeError);
});

Deno.test("serve() says a length that the body does not have", async () => {
  const { server, url } = await serve({
    faults: [{ type: "short", missing: 5 }],
  });
  await using _ = server;
  const text = await talk(url, GET);
  assert(/content-length: 7\r\n/.test(text) && text.endsWith("\r\n\r\n<>"));
  const response = await fetch(url);
  await assertRejects(() => response.text());
});

Deno.test("serve() resets the connection within the body", async () => {
  const { server, url } = await serve({
    faults: [{ type: "reset", after: { bytes: 1 } }],
  });
  await using _ = server;
  await assertRejects(() => talk(url, GET), Deno.errors.ConnectionReset);
  const response = await fetch(url);
  await assertRejects(() => response.text());
});

Deno.test("serve() cuts a body as if it were whole", async () => {
  const { server, url } = await serve({
    faults: [{ type: "cut", after: { bytes: 1 } }],
  });
  await using _ = server;
  assertEquals(await (await fetch(url)).text(), "<");
});

Deno.test("serve() keeps silent until the client leaves", async () => {
  for (const fault of [{ type: "silence" }, { type: "stall" }] as const) {
    const { server, url } = await serve({ faults: [fault] });
    await using _ = server;
    const controller = new AbortController();
    const { signal } = controller;
    const text = fetch(url, { signal }).then((response) => response.text());
    setTimeout(() => controller.abort(), 50);
    await assertRejects(() => within(1_000, text), DOMException, "abort");
    await waitForNoConnection(server);
  }
});

Deno.test("serve() floods no faster than it is read", async () => {
  const { server, url } = await serve({
    faults: [{ type: "flood", text: "x".repeat(65_536) }],
  });
  await using _ = server;
  const response = await fetch(url);
  const reader = response.body?.getReader();
  await reader?.read();
  await new Promise((resolve) => setTimeout(resolve, 300));
  const taken = server.sentBytes;
  assert(taken < 16 * 1024 * 1024, String(taken));
  await reader?.cancel();
  await waitForNoConnection(server);
});
