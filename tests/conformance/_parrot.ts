// A provider as a user writes one, and its server.
import type { ChatEvent, Provider, ProviderOptions } from "@parley/chat";
import {
  createJsonLineDecoder,
  defineProvider,
  toOpenAiMessages,
} from "@parley/chat/provider";
import {
  type AnswerOptions,
  type ConformanceTarget,
  createUpstream,
  toAnswerBody,
  type Upstream,
} from "@parley/testing";
import { readOpenAiMessages } from "../_sent_messages.ts";

/** Makes a provider whose server answers with `{"say"}` lines, then `{"over"}`. */
export function createParrot(options?: ProviderOptions): Provider {
  return defineProvider({
    id: "Parrot",
    label: "A parrot",
    url: "https://parrot.example",
    baseUrl: "https://parrot.example/api",
    working: true,
    defaultModel: "grey",
    models: ["grey", "blue"],
    acceptsImages: true,
    settings: ["temperature", "maxTokens"],
    async *respond(run): AsyncGenerator<ChatEvent> {
      const { model, settings: { temperature: heat, maxTokens: words } } = run;
      const messages = toOpenAiMessages(run.messages);
      const response = await run.post("/talk", {
        json: { model, messages, heat, words },
      });
      for await (
        const lines of response.decode(createJsonLineDecoder(run.limits))
      ) {
        for (const line of lines) {
          const { say, over, sick, tokens } = JSON.parse(line);
          if (sick !== undefined) {
            throw run.fail("Parrot is sick", { code: "upstream", words: sick });
          }
          if (say !== undefined) yield { type: "text", text: say };
          if (tokens) yield { type: "usage", usage: { outputTokens: tokens } };
          if (over) yield { type: "finish", reason: over };
        }
      }
    },
  }, options);
}

/** Makes the server of a parrot. */
function createParrotUpstream(options: AnswerOptions = {}): Upstream {
  return createUpstream(async (request, path) => {
    if (path !== "/api/talk") return new Response("Who?", { status: 404 });
    const { model, messages } = await request.json();
    const { finishReason: over = "stop" } = options;
    return new Response(
      toAnswerBody(options, { model, messages }, {
        toPiece: (say) => `${JSON.stringify({ say })}\n`,
        end: `{"tokens":7}\n${JSON.stringify({ over })}\n`,
      }),
      { headers: { "content-type": "application/jsonl" } },
    );
  });
}

/** What the conformance suite is told of it. */
export const PARROT: ConformanceTarget = {
  name: "Parrot",
  create: createParrot,
  upstream: createParrotUpstream,
  endMarker: '{"over":"stop"}',
  keepAlive: "\n",
  failure: '{"sick":"overload"}\n',
  opening: '{"say":"',
  readQuestion({ body }) {
    const { model, messages, heat, words } = JSON.parse(body);
    const settings = { temperature: heat, maxTokens: words };
    return { model, messages: readOpenAiMessages(messages), settings };
  },
  settings: ["temperature", "maxTokens"],
  reportsUsage: true,
  reportsLength: true,
};
