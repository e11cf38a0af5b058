// Prints by how many bytes the process grows while somebody reads 300 MB.
import { createAmigoChat } from "../../mod.ts";
import { cut, toOpenAiBytes } from "./_bodies.ts";
import { readChunks } from "./_loops.ts";

const MB = 1_000_000;
const SIZE = 300 * MB;

/** How many pieces come between two looks at the memory. */
const INTERVAL = 100;

// One event after another out of a few, so that the answer itself takes none.
const bytes = toOpenAiBytes(1_000);
const pieces = cut(bytes, 100 * (bytes.indexOf("\n".charCodeAt(0)) + 2));
pieces.pop();

let peak = 0;

function toLongResponse(): Response {
  let [sent, index] = [0, 0];
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      if (sent > SIZE) return controller.close();
      const piece = new Uint8Array(pieces[index++ % pieces.length] ?? []);
      sent += piece.length;
      controller.enqueue(piece);
      if (index % INTERVAL > 0) return;
      peak = Math.max(peak, Deno.memoryUsage().rss);
    },
  }, { highWaterMark: 0 });
  return new Response(body, {
    headers: { "content-type": "text/event-stream" },
  });
}

async function* readBare({ body }: Response): AsyncGenerator<unknown> {
  for await (const texts of readChunks(body ?? new ReadableStream())) {
    yield* texts;
  }
}

function readChat(response: Response): AsyncIterable<unknown> {
  return createAmigoChat({ fetch: () => Promise.resolve(response) })
    .stream("Hello");
}

async function toReader(
  name: string,
): Promise<(response: Response) => AsyncIterable<unknown>> {
  if (name === "bare loop") return readBare;
  if (name === "@parley/chat") return readChat;
  const { PEERS } = await import("./_peers.ts");
  const read = PEERS[name];
  if (read === undefined) throw new Error(`Nobody is called "${name}"`);
  return read;
}

const read = await toReader(Deno.args[0] ?? "@parley/chat");
const response = toLongResponse();
const idle = Deno.memoryUsage().rss;
let events = 0;
try {
  for await (const _event of read(response)) events++;
} catch {
  // It ends without its end marker.
}
console.log(JSON.stringify({ events, grown: peak - idle }));
