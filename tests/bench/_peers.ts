import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { ServerSentEventParseStream } from "@std/http/server-sent-event-parse-stream";
import { streamText } from "ai";
import { EventSourceParserStream } from "eventsource-parser/stream";
import OpenAI from "openai";

/** What a peer reads an answer with: gives its text, piece by piece. */
export type ReadText = (response: Response) => AsyncIterable<string>;

const BASE_URL = "https://peer.example/v1";

async function* readOpenAi(response: Response): AsyncGenerator<string> {
  const client = new OpenAI({
    apiKey: "none",
    baseURL: BASE_URL,
    fetch: () => Promise.resolve(response),
  });
  const stream = await client.chat.completions.create({
    model: "any",
    messages: [{ role: "user", content: "Hello" }],
    stream: true,
  });
  for await (const { choices: [choice] } of stream) {
    if (choice?.delta.content) yield choice.delta.content;
  }
}

function readAi(response: Response): AsyncIterable<string> {
  const provider = createOpenAICompatible({
    name: "peer",
    baseURL: BASE_URL,
    fetch: () => Promise.resolve(response),
  });
  return streamText({ model: provider("any"), prompt: "Hello" }).textStream;
}

async function* readEvents(
  events: ReadableStream<{ readonly data?: string }>,
): AsyncGenerator<string> {
  for await (const { data = "[DONE]" } of events) {
    if (data === "[DONE]") return;
    const { choices: [{ delta }] } = JSON.parse(data);
    if (delta.content) yield delta.content;
  }
}

function readEventSource({ body }: Response): AsyncIterable<string> {
  const text = (body ?? new ReadableStream<Uint8Array<ArrayBuffer>>())
    .pipeThrough(new TextDecoderStream());
  return readEvents(text.pipeThrough(new EventSourceParserStream()));
}

function readStd({ body }: Response): AsyncIterable<string> {
  const bytes = body ?? new ReadableStream<Uint8Array<ArrayBuffer>>();
  return readEvents(bytes.pipeThrough(new ServerSentEventParseStream()));
}

/** What people use today, by name. */
export const PEERS: Readonly<Record<string, ReadText>> = {
  "openai": readOpenAi,
  "ai": readAi,
  "eventsource-parser": readEventSource,
  "@std/http": readStd,
};
