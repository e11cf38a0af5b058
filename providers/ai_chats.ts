/**
 * AI-Chats.org: streamed text, and pictures.
 *
 * @module
 */

import { BROWSER, CLIENT_HINTS } from "../core/http/browser.ts";
import type {
  ProviderDefinition,
  RunContext,
} from "../core/chat/definition.ts";
import { downloadImage } from "../core/run/images.ts";
import { findError } from "../core/http/find_error.ts";
import { tryParseJson } from "../core/streams/json.ts";
import { readOpenAiImages } from "../core/openai/images.ts";
import { formatPrompt, toLastText } from "../core/chat/prompt.ts";
import { createProvider } from "../core/run/provider.ts";
import type { ProviderOptions } from "../core/chat/provider_options.ts";
import type { Provider } from "../core/chat/provider.ts";
import { isObject } from "../core/streams/values.ts";
import type { Decoder } from "../core/streams/decoded_body.ts";
import { createSseDecoder, type SseEvent } from "../core/streams/sse.ts";
import type { ChatEvent } from "../core/chat/events.ts";

/** The ends of lines, as text and as bytes. */
const LINE_ENDS = ["\n", "\r", 0x0a, 0x0d];

const definition: ProviderDefinition = {
  id: "AiChats",
  label: "AI-Chats.org",
  url: "https://ai-chats.org",
  baseUrl: "https://ai-chats.org",
  working: false,
  defaultModel: "gpt-4",
  models: ["gpt-4", "dalle"],
  imageModels: ["dalle"],
  // A system message is a line of the prompt.
  supportsSystemMessage: false,
  respond(run) {
    return run.model === "dalle" ? respondWithImage(run) : respondWithText(run);
  },
};

async function send(run: RunContext, type: "chat" | "image", prompt: string) {
  return await run.post("/chat/send2/", {
    headers: {
      ...BROWSER,
      ...CLIENT_HINTS,
      "accept": "application/json, text/event-stream",
      "origin": run.origin,
      "referer": `${run.baseUrl}/${type}/`,
      "sec-fetch-dest": "empty",
      "sec-fetch-mode": "cors",
      "sec-fetch-site": "same-origin",
    },
    json: { type, messagesHistory: [{ from: "you", content: prompt }] },
    collected: type === "image",
  });
}

async function* respondWithText(
  run: RunContext,
): AsyncGenerator<Iterable<ChatEvent>> {
  const response = await send(run, "chat", formatPrompt(run.messages));
  if (response.mediaType === "application/json") {
    throw run.toUpstreamError(await response.json(), {
      reason: "Answer is not a stream",
    });
  }
  const reader = createTextReader(run);
  const decoder = createEventDecoder(run);
  for await (const events of response.decode(decoder)) {
    yield reader.read(events);
  }
  yield reader.end();
}

/**
 * Makes a decoder of events of which the last needs no blank line, as long as
 * its own line is whole: the end of the body is the end of the answer.
 */
function createEventDecoder(run: RunContext): Decoder<SseEvent> {
  const decoder = createSseDecoder(run.limits);
  let last: string | number | undefined;
  return {
    decode(piece, events) {
      last = piece?.at(-1) ?? last;
      const isWhole = LINE_ENDS.some((end) => end === last);
      if (piece === undefined && isWhole) decoder.decode("\n\n", events);
      decoder.decode(piece, events);
    },
  };
}

/** Whether an error stands where the first text should be. */
function isErrorEvent(data: string): boolean {
  const value = data.startsWith("{") ? tryParseJson(data) : undefined;
  return isObject(value) && "error" in value && findError(value) !== undefined;
}

/** What some servers send as the last event. */
const END_MARKER = "[DONE]";

/** Reads events whose data is the text itself. */
interface TextReader {
  /** Reads the events of one network piece. */
  read(events: readonly SseEvent[]): Generator<ChatEvent>;
  /** The end of the body is the end of the answer. */
  end(): Generator<ChatEvent>;
}

function createTextReader(run: RunContext): TextReader {
  let isEmpty = true;

  function* end(): Generator<ChatEvent> {
    if (isEmpty) throw run.fail("Answer has no text", { code: "bad-response" });
    yield { type: "finish", reason: "stop" };
  }

  return {
    *read(events) {
      for (const { event, data, unterminated } of events) {
        if (event === "error" || (isEmpty && isErrorEvent(data))) {
          throw run.toUpstreamError(data);
        }
        if (data === END_MARKER) return yield* end();
        isEmpty &&= data === "";
        // What may be half of the end marker is no text.
        const isMarker = unterminated && END_MARKER.startsWith(data);
        if (!isMarker) yield { type: "text", text: data };
        if (unterminated) {
          throw run.fail("Answer is cut inside of an event", {
            code: "incomplete",
          });
        }
      }
    },
    end,
  };
}

async function* respondWithImage(run: RunContext): AsyncGenerator<ChatEvent> {
  const prompt = toLastText(run.messages);
  const response = await send(run, "image", prompt);
  for (const source of readOpenAiImages(run, await response.json())) {
    yield {
      type: "image",
      image: await downloadImage(run, { ...source, prompt }),
    };
  }
  yield { type: "finish", reason: "stop" };
}

/**
 * Makes a provider for AI-Chats.org, or for a server that speaks its protocol.
 *
 * The model `gpt-4` answers with text, `dalle` with a picture. The site may
 * want a session: pass its `cookie` in `headers`.
 *
 * @param options What is set for it.
 * @returns The provider.
 * @throws {ProviderError} If an option is wrong, with code `invalid-request`.
 *
 * @example
 * ```ts
 * import { createAiChats } from "@parley/chat";
 * import { assertEquals } from "@std/assert";
 *
 * const aiChats = createAiChats({
 *   fetch: () => Promise.resolve(new Response("data: Good\n\ndata:  day\n\n")),
 * });
 * assertEquals((await aiChats.generate("Hello")).text, "Good day");
 * ```
 */
export function createAiChats(options: ProviderOptions = {}): Provider {
  return createProvider(definition, options);
}

/**
 * AI-Chats.org with its defaults.
 *
 * @example
 * ```ts
 * import { aiChats } from "@parley/chat";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(aiChats.imageModels, ["dalle"]);
 * ```
 */
export const aiChats: Provider = /* @__PURE__ */ createAiChats();
