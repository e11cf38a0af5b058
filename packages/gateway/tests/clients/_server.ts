import { createOpenAiCompatible } from "@parley/chat";
import { createGateway } from "@parley/gateway";

/** What a server answers: the name of a tool to call, or text. */
export type Step = { readonly call: string } | { readonly text: string };

/** Where a gateway without a port seems to be. */
export const BASE_URL = "http://localhost/v1";

/** The model of the server. */
export const MODEL = "Server/small";

/** A call of a tool, then an answer. */
export const CALLING: readonly Step[] = [{ call: "weather" }, { text: "Warm" }];

/** Makes the `fetch` of a gateway before a server that answers in turn. */
export function createFetch(steps: readonly Step[]): {
  readonly fetch: typeof globalThis.fetch;
  readonly bodies: readonly Record<string, unknown>[];
} {
  const bodies: Record<string, unknown>[] = [];
  const provider = createOpenAiCompatible({
    id: "Server",
    baseUrl: "http://127.0.0.1:1/v1",
    models: ["small"],
    maxRetries: 0,
    fetch: async (input, init) => {
      const step = steps[bodies.length] ?? { text: "over" };
      bodies.push(await new Request(input, init).json());
      const called = { name: "weather", arguments: '{"city":"Ulm"}' };
      const delta = "text" in step
        ? { content: step.text }
        : { tool_calls: [{ index: 0, id: "call_1", function: called }] };
      const chunks = [{ delta }, { delta: {}, finish_reason: "stop" }]
        .map((choice) => `data: ${JSON.stringify({ choices: [choice] })}\n\n`);
      return new Response([...chunks, "data: [DONE]\n\n"].join(""), {
        headers: { "content-type": "text/event-stream" },
      });
    },
  });
  const gateway = createGateway({ providers: [provider], apiKeys: ["a-key"] });
  const fetch = (input: string | URL | Request, init?: RequestInit) =>
    gateway(new Request(input, init));
  return { fetch, bodies };
}

/** What the model was told of its call. */
export function findResult(
  bodies: readonly Record<string, unknown>[],
): unknown {
  const list = bodies[1]?.messages;
  return Array.isArray(list) ? list.at(-1)?.content : undefined;
}
