import { toOpenAiBytes } from "./_bodies.ts";
import { findPort, waitFor } from "./_gateways.ts";

const ROOT = new URL("../../", import.meta.url);

const READERS = 1_000;

/** How many come and go before: what they leave is no reader's. */
const WARM_UP = 100;

/** How many chunks a reader is sent that takes none of them. */
const CHUNKS = 25;

/** How long a process may go on collecting its garbage, in milliseconds. */
const SETTLE_TIME = 15_000;

const REQUEST_BODY = JSON.stringify({
  model: "openai/held",
  messages: [{ role: "user", content: "Hello" }],
  stream: true,
});

const REQUEST = new TextEncoder().encode([
  "POST /v1/chat/completions HTTP/1.1",
  "host: 127.0.0.1",
  "content-type: application/json",
  `content-length: ${REQUEST_BODY.length}`,
  "",
  REQUEST_BODY,
].join("\r\n"));

/** Some chunks, and then nothing. */
function toHeldBody(): ReadableStream<Uint8Array> {
  const bytes = toOpenAiBytes(CHUNKS);
  return new ReadableStream({
    start: (controller) => controller.enqueue(bytes.slice(0, -20)),
  });
}

/** The process of `deno task serve`, without the shell around it. */
async function serve(
  port: number,
  upstream: string,
): Promise<Deno.ChildProcess> {
  const { tasks } = JSON.parse(
    await Deno.readTextFile(new URL("deno.json", ROOT)),
  );
  const command = tasks.serve.command.replace(" deno ", ' "$DENO" ');
  return new Deno.Command("sh", {
    args: ["-c", `exec env ${command}`],
    cwd: ROOT,
    env: {
      DENO: Deno.execPath(),
      PARLEY_PORT: `${port}`,
      PARLEY_LOG: "none",
      PARLEY_OPENAI_BASE_URL: upstream,
      PARLEY_LIMITS_CONCURRENCY: `${READERS}`,
      PARLEY_LIMITS_STALL_TIMEOUT: "10m",
    },
    stdin: "null",
    stdout: "null",
  }).spawn();
}

/** How many bytes of memory a process takes. */
async function readSize(pid: number): Promise<number> {
  const status = await Deno.readTextFile(`/proc/${pid}/status`);
  return 1_024 * Number(/^VmRSS:\s*(\d+)/m.exec(status)?.[1]);
}

function settle(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, SETTLE_TIME));
}

async function open(count: number, port: number): Promise<Deno.TcpConn[]> {
  const readers: Deno.TcpConn[] = [];
  while (readers.length < count) {
    const reader = await Deno.connect({ hostname: "127.0.0.1", port });
    await reader.write(REQUEST);
    readers.push(reader);
  }
  return readers;
}

/** Measures how much a process grows by readers that take nothing, in bytes. */
async function measureGrowth(pid: number, port: number): Promise<number> {
  await waitFor(`http://127.0.0.1:${port}/`);
  const early = await open(WARM_UP, port);
  await settle();
  for (const reader of early) reader.close();
  await settle();
  const idle = await readSize(pid);
  const readers = await open(READERS, port);
  await settle();
  const size = await readSize(pid);
  for (const reader of readers) reader.close();
  return size - idle;
}

/**
 * Measures what a reader costs the process of `deno task serve` that takes
 * nothing of its answer, on Linux.
 *
 * @returns What each of a thousand takes, in kB.
 */
export async function measureStalledReaders(): Promise<number> {
  await using upstream = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request) => {
      await request.body?.cancel();
      return new Response(toHeldBody(), {
        headers: { "content-type": "text/event-stream" },
      });
    },
  );
  const port = findPort();
  const process = await serve(
    port,
    `http://127.0.0.1:${upstream.addr.port}/v1`,
  );
  try {
    return await measureGrowth(process.pid, port) / READERS / 1_000;
  } finally {
    process.kill("SIGKILL");
    await process.status;
  }
}
