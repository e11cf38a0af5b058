// A provider as a user writes one, and its server.
import type { ChatEvent, Provider, ProviderOptions } from "@parley/chat";
import { createJsonLineDecoder, defineProvider } from "@parley/chat/provider";
import {
  type AnswerOptions,
  type ConformanceTarget,
  createUpstream,
  toAnswerBody,
  type Upstream,
} from "@parley/testing";

/** Makes a provider whose server answers with `{"say"}` lines and `{"over"}`. */
export function createParrot(options?: ProviderOptions): Provider {
  return defineProvider({
    id: "Parrot",
    label: "A parrot",
    url: "https://parrot.example",
    baseUrl: "https://parrot.example/api",
    working: true,
    defaultModel: "grey",
    models: ["grey"],
    async *respond(run): AsyncGenerator<ChatEvent> {
      const { model, messages } = run;
      const response = await run.post("/talk", { json: { model, messages } });
      for await (
        const lines of response.decode(createJsonLineDecoder(run.limits))
      ) {
        for (const line of lines) {
          const { say, over, sick: words } = JSON.parse(line);
          if (words !== undefined) {
            throw run.fail("Parrot is sick", { code: "upstream", words });
          }
          if (say !== undefined) yield { type: "text", text: say };
          if (over) yield { type: "finish", reason: "stop" };
        }
      }
    },
  }, options);
}

/** Makes the server of a parrot. */
export function createParrotUpstream(options: AnswerOptions = {}): Upstream {
  return createUpstream(async (request, path) => {
    if (path !== "/api/talk") return new Response("Who?", { status: 404 });
    const context = await request.json();
    return new Response(
      toAnswerBody(options, context, {
        toPiece: (say) => `${JSON.stringify({ say })}\n`,
        end: '{"over":true}\n',
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
  endMarker: '{"over":true}',
  keepAlive: "\n",
  failure: '{"sick":"overload"}\n',
  opening: '{"say":"',
};
