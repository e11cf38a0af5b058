import { cut, toOpenAiBytes, toToken } from "./_bodies.ts";
import { HEADERS, startOwn } from "./_gateways.ts";

const STREAMS = 1_000;

/** How many come and go before: what they leave is no stream's. */
const WARM_UP = 100;

/** How many chunks of each stream have come when the memory is looked at. */
const LOOKS = [50, 200] as const;

const AT_ONCE = 20;

/** How many chunks come at a time. */
const PIECE = 25;

/** Stands in each token, and nowhere else. */
const MARK = "*";

/** What each of many streams takes that are open at once, in kB. */
export interface OpenStreams {
  /** How many chunks of each have come. */
  readonly chunks: number;
  /** Of the heap. */
  readonly heap: number;
  /** Of the process. */
  readonly process: number;
}

const bytes = toOpenAiBytes(LOOKS[1], {
  toText: (index) => `${toToken(index)}${MARK}`,
});
const pieces = cut(bytes, PIECE * (bytes.indexOf(0x0a) + 2));

/** Gives a piece after the other, and waits at each gate. */
async function* toPieces(
  gates: readonly Promise<unknown>[],
): AsyncGenerator<Uint8Array> {
  for (const [index, piece] of pieces.entries()) {
    await gates[LOOKS.findIndex((chunks) => chunks === index * PIECE)];
    // The platform takes what it sends.
    yield new Uint8Array(piece);
  }
}

/** Reads until so many tokens have come, or the answer is over. */
async function take(
  body: ReadableStreamDefaultReader<Uint8Array>,
  chunks: number,
): Promise<void> {
  for (let taken = 0; taken < chunks;) {
    const { done, value } = await body.read();
    if (done) return;
    taken += value.filter((byte) => byte === MARK.charCodeAt(0)).length;
  }
}

async function open(
  url: string,
): Promise<ReadableStreamDefaultReader<Uint8Array>> {
  const { body } = await fetch(`${url}/chat/completions`, {
    method: "POST",
    headers: HEADERS,
    body: JSON.stringify({
      model: "held",
      messages: [{ role: "user", content: "Hello" }],
      stream: true,
    }),
  });
  return (body ?? new ReadableStream()).getReader();
}

/** Opens so many streams, some at a time: servers drop who comes in a crowd. */
async function openAll(
  url: string,
  count: number,
): Promise<readonly ReadableStreamDefaultReader<Uint8Array>[]> {
  const bodies: ReadableStreamDefaultReader<Uint8Array>[] = [];
  while (bodies.length < count) {
    const opened = Array.from({ length: AT_ONCE }, () => open(url));
    bodies.push(...await Promise.all(opened));
  }
  return bodies;
}

function takeAll(
  streams: readonly ReadableStreamDefaultReader<Uint8Array>[],
  chunks: number,
): Promise<unknown> {
  return Promise.all(streams.map((body) => take(body, chunks)));
}

/**
 * Measures a thousand streams that are open at once, through a proxy or a gateway
 * of ours in a process of its own.
 *
 * @param kind Which one.
 * @returns What each takes, early and late.
 */
export async function measureOpenStreams(
  kind: string,
): Promise<readonly [OpenStreams, OpenStreams]> {
  const gates = LOOKS.map(() => Promise.withResolvers<void>());
  let held: readonly Promise<void>[] = [];
  await using upstream = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request) => {
      await request.body?.cancel();
      return new Response(ReadableStream.from(toPieces(held)), {
        headers: { "content-type": "text/event-stream" },
      });
    },
  );
  const service = await startOwn(
    kind,
    `http://127.0.0.1:${upstream.addr.port}/v1`,
  );
  try {
    await takeAll(await openAll(service.url, WARM_UP), Infinity);
    const idle = await service.measure();
    held = gates.map(({ promise }) => promise);
    const streams = await openAll(service.url, STREAMS);
    const look = async (index: 0 | 1): Promise<OpenStreams> => {
      const chunks = LOOKS[index];
      await takeAll(streams, chunks - (LOOKS[index - 1] ?? 0));
      const { heapUsed, rss } = await service.measure();
      gates[index]?.resolve();
      return {
        chunks,
        heap: (heapUsed - idle.heapUsed) / STREAMS / 1_000,
        process: (rss - idle.rss) / STREAMS / 1_000,
      };
    };
    const looks = [await look(0), await look(1)] as const;
    await takeAll(streams, Infinity);
    return looks;
  } finally {
    await service.close();
  }
}
