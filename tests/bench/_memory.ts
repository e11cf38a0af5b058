// Prints by how many bytes the process grows while it reads 300 MB.
import { createAmigoChat } from "../../mod.ts";
import { cut, toOpenAiBytes } from "./_bodies.ts";

const MB = 1_000_000;
const SIZE = 300 * MB;

// One event after another out of a few, so that the answer itself takes none.
const pieces = cut(toOpenAiBytes(1_000));
pieces.pop();

function toLongBody(): ReadableStream<Uint8Array<ArrayBuffer>> {
  let [sent, index] = [0, 0];
  return new ReadableStream({
    pull(controller) {
      if (sent > SIZE) return controller.close();
      const piece = new Uint8Array(pieces[index++ % pieces.length] ?? []);
      sent += piece.length;
      controller.enqueue(piece);
    },
  }, { highWaterMark: 0 });
}

const { stream } = createAmigoChat({
  fetch: () => {
    const headers = { "content-type": "text/event-stream" };
    return Promise.resolve(new Response(toLongBody(), { headers }));
  },
});

const idle = Deno.memoryUsage().rss;
let peak = 0;
let events = 0;
try {
  for await (const _event of stream("Hello")) {
    if (events++ % 10_000 === 0) peak = Math.max(peak, Deno.memoryUsage().rss);
  }
} catch {
  // It ends without its end marker.
}
console.log(JSON.stringify({ events, grown: peak - idle }));
