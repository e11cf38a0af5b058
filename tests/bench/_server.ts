/// <reference lib="deno.worker" />
// Answers on a thread of its own, so that it takes no time from who reads.
import { cut, toBody, toOpenAiBytes } from "./_bodies.ts";

const EVENTS = 50_000;

/** How long the long answer is, in bytes. */
const LONG = 300_000_000;

const bytes = toOpenAiBytes(EVENTS);
const eventLength = bytes.indexOf(0x0a) + 2;

// A thousand events again and again, so that the answer itself takes no memory.
const thousand = cut(bytes.slice(0, 1_000 * eventLength), 100 * eventLength);
const repeats = Math.ceil(LONG / (1_000 * eventLength));

const BODIES: Readonly<Record<string, readonly Uint8Array[]>> = {
  "/frames": cut(bytes, 64 * 1024),
  "/events": cut(bytes, eventLength),
  "/short": cut(toOpenAiBytes(1)),
  "/long": Array.from({ length: repeats }, () => thousand).flat(),
};

const server = Deno.serve(
  { hostname: "127.0.0.1", port: 0, onListen: () => {} },
  async (request) => {
    const { pathname } = new URL(request.url);
    await request.body?.cancel();
    const [path = ""] = /^\/\w+/.exec(pathname) ?? [];
    return new Response(toBody(BODIES[path] ?? []), {
      headers: { "content-type": "text/event-stream" },
    });
  },
);
self.postMessage(server.addr.port);
