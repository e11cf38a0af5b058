/// <reference lib="deno.worker" />
// A server like OpenAI's that answers at once, on a thread of its own. The name
// of the model says how many tokens it streams.
import { cut, toBody, toOpenAiBytes, toToken } from "./_bodies.ts";

const COMPLETION = JSON.stringify({
  id: "chatcmpl-9f2c51d07a",
  object: "chat.completion",
  created: 1_770_000_000,
  model: "tokens-1",
  choices: [{
    index: 0,
    message: { role: "assistant", content: toToken(0) },
    finish_reason: "stop",
  }],
  usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 },
});

const bodies = new Map<number, readonly Uint8Array[]>();

/** One piece for each event, as servers send tokens. */
function toPieces(tokens: number): readonly Uint8Array[] {
  const known = bodies.get(tokens);
  if (known !== undefined) return known;
  const bytes = toOpenAiBytes(tokens);
  const pieces = cut(bytes, bytes.indexOf(0x0a) + 2);
  bodies.set(tokens, pieces);
  return pieces;
}

const server = Deno.serve(
  { hostname: "127.0.0.1", port: 0, onListen: () => {} },
  async (request) => {
    const { model, stream } = await request.json();
    const type = stream ? "text/event-stream" : "application/json";
    const tokens = Number(/\d+$/.exec(model)?.[0]);
    return new Response(stream ? toBody(toPieces(tokens)) : COMPLETION, {
      headers: { "content-type": type },
    });
  },
);
self.postMessage(server.addr.port);
