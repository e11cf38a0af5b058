import { createAmigoChat } from "../../mod.ts";
import { readChunks } from "./_loops.ts";
import type { Work } from "./_measure.ts";
import type { ReadText } from "./_peers.ts";

const EVENTS = 50_000;
const REQUESTS = 1_000;

/** A server in a thread of its own. */
export interface BenchServer {
  readonly url: string;
  close(): void;
}

/** Starts the server. */
export async function startServer(): Promise<BenchServer> {
  const worker = new Worker(new URL("./_server.ts", import.meta.url), {
    type: "module",
  });
  const port = await new Promise((resolve) => {
    worker.onmessage = ({ data }) => resolve(data);
  });
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => worker.terminate(),
  };
}

/** Finds what ours sends, so that bare `fetch` asks for the same. */
async function toRequest(): Promise<RequestInit> {
  let request: RequestInit = {};
  const provider = createAmigoChat({
    fetch: (_url, { method, headers, body } = {}) => {
      request = { method, headers, body };
      return Promise.resolve(new Response("", { status: 400 }));
    },
  });
  await provider.generate("Hello").catch(() => {});
  return request;
}

async function openBare(
  url: string,
  request: RequestInit = { method: "POST", body: "{}" },
): Promise<ReadableStream<Uint8Array>> {
  const { body } = await fetch(url, request);
  return body ?? new ReadableStream();
}

async function readBytes(url: string): Promise<void> {
  for await (const _piece of await openBare(url));
}

/** Reads the bytes into one buffer, which spares to make one for each piece. */
async function readIntoBuffer(url: string): Promise<void> {
  const reader = (await openBare(url)).getReader({ mode: "byob" });
  let buffer: ArrayBufferLike = new ArrayBuffer(64 * 1024);
  for (;;) {
    const view: Uint8Array = new Uint8Array(buffer);
    const { done, value } = await reader.read(view);
    if (done) return;
    buffer = value.buffer;
  }
}

async function readBare(url: string): Promise<void> {
  for await (const texts of readChunks(await openBare(url))) {
    for (const _text of texts);
  }
}

async function readChat(baseUrl: string): Promise<void> {
  for await (const _event of createAmigoChat({ baseUrl }).stream("Hello"));
}

async function readBatches(baseUrl: string): Promise<void> {
  const stream = createAmigoChat({ baseUrl }).stream("Hello");
  for await (const events of stream.batches()) {
    for (const _event of events);
  }
}

async function readPeer(read: ReadText, url: string): Promise<void> {
  for await (const _text of read(await fetch(url, { method: "POST" })));
}

/** Takes the first of a body, and leaves. */
async function takeBare(url: string, request: RequestInit): Promise<void> {
  for await (const _piece of await openBare(url, request)) return;
}

async function takeChat(baseUrl: string): Promise<void> {
  for await (const _event of createAmigoChat({ baseUrl }).stream("Hello")) {
    return;
  }
}

async function repeat(run: () => Promise<void>): Promise<void> {
  for (let count = 0; count < REQUESTS; count++) await run();
}

/** Answers over real sockets, beside bare `fetch` that only reads bytes. */
export async function toSocketWorks(
  { url }: BenchServer,
  peers: Readonly<Record<string, ReadText>>,
): Promise<readonly Work[]> {
  const request = await toRequest();
  const path = "/v1/chat/completions";
  const toWork = (name: string, size: string, target: number): Work => ({
    title: "(f) An answer over a socket",
    size: `${EVENTS} chunks of 168 bytes, ${size}`,
    count: EVENTS,
    unit: "event",
    target,
    remark:
      "What the rows of bytes take is the network; from batches to events" +
      " it is one promise for each event; the rest is to decode and to parse.",
    contestants: [
      {
        name: "bare fetch and loop",
        run: () => readBare(`${url}/${name}${path}`),
      },
      { name: "@parley/chat", run: () => readChat(`${url}/${name}`) },
      {
        name: "@parley/chat, batches",
        run: () => readBatches(`${url}/${name}`),
      },
      {
        name: "bytes only",
        run: () => readBytes(`${url}/${name}${path}`),
      },
      {
        name: "bytes only, into one buffer",
        run: () => readIntoBuffer(`${url}/${name}${path}`),
      },
      ...Object.entries(peers).map(([peer, read]) => ({
        name: peer,
        run: () => readPeer(read, `${url}/${name}${path}`),
      })),
    ],
  });
  return [
    toWork("frames", "in frames of 64 KiB", 0.8),
    toWork("events", "one frame for each", 0.85),
    {
      title: "(h) The first token",
      size: `${REQUESTS} requests over a socket`,
      count: REQUESTS,
      unit: "request",
      contestants: [
        {
          name: "bare fetch of the same request",
          run: () => repeat(() => takeBare(`${url}/short${path}`, request)),
        },
        {
          name: "@parley/chat",
          run: () => repeat(() => takeChat(`${url}/short`)),
        },
      ],
    },
  ];
}
