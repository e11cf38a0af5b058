// Prints by how many bytes the process grows while somebody reads 300 MB from a
// server of another process: `_memory.ts <reader> <url>`.
import { createAmigoChat } from "../../mod.ts";
import { readChunks } from "./_loops.ts";

/** How many events come between two looks at the memory. */
const INTERVAL = 10_000;

const PATH = "/v1/chat/completions";

/** How many characters ours keeps, to give them where an answer breaks off. */
const KEPT = 1024 * 1024;

async function* readBare(baseUrl: string): AsyncGenerator<unknown> {
  const { body } = await fetch(baseUrl + PATH, { method: "POST" });
  for await (const texts of readChunks(body ?? new ReadableStream())) {
    yield* texts;
  }
}

/** Does not hang, and has an answer that breaks off. */
async function* readKept(baseUrl: string): AsyncGenerator<unknown> {
  const controller = new AbortController();
  const { signal } = controller;
  const timer = setTimeout(() => controller.abort(), 600_000);
  const { body } = await fetch(baseUrl + PATH, { method: "POST", signal });
  let kept = "";
  try {
    for await (const texts of readChunks(body ?? new ReadableStream())) {
      if (kept.length < KEPT) kept += texts.join("");
      yield* texts;
    }
  } catch {
    throw new Error(`Answer breaks off after ${kept.length} characters`);
  } finally {
    clearTimeout(timer);
  }
}

function readChat(baseUrl: string): AsyncIterable<unknown> {
  return createAmigoChat({ baseUrl }).stream("Hello");
}

async function toReader(
  name: string,
): Promise<(baseUrl: string) => AsyncIterable<unknown>> {
  if (name === "bare loop") return readBare;
  if (name === "bare loop, keeping 1 Mi characters") return readKept;
  if (name === "@parley/chat") return readChat;
  const { PEERS } = await import("./_peers.ts");
  const read = PEERS[name];
  if (read === undefined) throw new Error(`Nobody is called "${name}"`);
  return async function* (baseUrl) {
    yield* read(await fetch(baseUrl + PATH, { method: "POST" }));
  };
}

const [name = "@parley/chat", baseUrl = ""] = Deno.args;
const read = await toReader(name);
const idle = Deno.memoryUsage().rss;
let [events, peak] = [0, idle];
try {
  for await (const _event of read(baseUrl)) {
    if (++events % INTERVAL > 0) continue;
    peak = Math.max(peak, Deno.memoryUsage().rss);
  }
} catch {
  // It ends without its end marker.
}
console.log(JSON.stringify({ events, grown: peak - idle }));
