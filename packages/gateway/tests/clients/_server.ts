import { createGateway } from "@parley/gateway";
import { createDeltaServer, type Json } from "../_served.ts";

/** What a server answers: the name of a tool to call, and with what; or text. */
export type Step =
  | { readonly call: string; readonly input?: string }
  | { readonly text: string };

/** Where a gateway without a port seems to be. */
export const BASE_URL = "http://localhost/v1";

/** The model of the server. */
export const MODEL = "Server/small";

/** A call of a tool, then an answer. */
export const CALLING: readonly Step[] = [{ call: "weather" }, { text: "Warm" }];

/** Makes the `fetch` of a gateway before a server that answers in turn. */
export function createFetch(steps: readonly Step[]): {
  readonly fetch: typeof globalThis.fetch;
  readonly bodies: readonly Json[];
} {
  const { provider, bodies } = createDeltaServer((asked) => {
    const step = steps[asked] ?? { text: "over" };
    if ("text" in step) return [{ content: step.text }];
    const { call: name, input = '{"city":"Ulm"}' } = step;
    const called = { name, arguments: input };
    return [{ tool_calls: [{ index: 0, id: "call_1", function: called }] }];
  });
  const gateway = createGateway({ providers: [provider], apiKeys: ["a-key"] });
  const fetch = (input: string | URL | Request, init?: RequestInit) =>
    gateway(new Request(input, init));
  return { fetch, bodies };
}

/** What the model was told of its call. */
export function findResult(
  bodies: readonly Json[],
): unknown {
  const list = bodies[1]?.messages;
  return Array.isArray(list) ? list.at(-1)?.content : undefined;
}
