// Prints how many bytes of the heap a stream takes that waits for more.
import { createAmigoChat } from "../../mod.ts";
import { toOpenAiBytes } from "./_bodies.ts";
import { readChunks } from "./_loops.ts";

const STREAMS = 2_000;

const { gc } = globalThis as { readonly gc?: () => void };
const [piece = new Uint8Array()] = [toOpenAiBytes(1).slice(0, 170)];

/** Answers with one event, and then with nothing more. */
function toEndlessResponse(): Response {
  let hasBegun = false;
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      if (hasBegun) return new Promise(() => {});
      hasBegun = true;
      controller.enqueue(new Uint8Array(piece));
    },
  }, { highWaterMark: 0 });
  return new Response(body, {
    headers: { "content-type": "text/event-stream" },
  });
}

const provider = createAmigoChat({
  fetch: () => Promise.resolve(toEndlessResponse()),
});

const READERS: Readonly<Record<string, () => AsyncIterator<unknown>>> = {
  "@parley/chat": () => provider.stream("Hello")[Symbol.asyncIterator](),
  "bare loop": () =>
    readChunks(toEndlessResponse().body ?? new ReadableStream()),
};

const open = READERS[Deno.args[0] ?? "@parley/chat"];
if (open === undefined) throw new Error(`Nobody is called "${Deno.args[0]}"`);

/** Opens a stream, takes what is there, and waits for more. */
async function wait(): Promise<AsyncIterator<unknown>> {
  const events = open!();
  await events.next();
  void events.next();
  return events;
}

await wait();
gc?.();
const before = Deno.memoryUsage().heapUsed;
const streams: AsyncIterator<unknown>[] = [];
for (let count = 0; count < STREAMS; count++) streams.push(await wait());
gc?.();
const { heapUsed } = Deno.memoryUsage();
console.log(JSON.stringify({
  streams: streams.length,
  grown: (heapUsed - before) / STREAMS,
}));
Deno.exit();
