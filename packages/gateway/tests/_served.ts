import { createOpenAiCompatible } from "@parley/chat";
import type { GatewayOptions } from "../mod.ts";
import { type Gateway, open } from "./_gateway.ts";

/** Plain JSON. */
export type Json = Readonly<Record<string, unknown>>;

/** What is asked. */
export const USER = { role: "user" as const, content: "How is it in Ulm?" };
/** Two tools. */
export const TOOLS = ["weather", "time"].map((name) => ({
  type: "function" as const,
  function: { name, parameters: { properties: { city: { type: "string" } } } },
}));
const SCHEMA = {
  type: "object",
  properties: {},
  required: [],
  additionalProperties: false,
};
/** The schema of an answer. */
export const FORMAT = {
  type: "json_schema",
  json_schema: { name: "city", schema: SCHEMA, strict: true },
};

/** A gateway before a server that answers with these deltas. */
export function createServed(
  deltas: readonly Json[],
  options: GatewayOptions = {},
): { readonly gateway: Gateway; readonly bodies: readonly Json[] } {
  const bodies: Json[] = [];
  const provider = createOpenAiCompatible({
    id: "Server",
    baseUrl: "http://127.0.0.1:1/v1",
    models: ["small"],
    maxRetries: 0,
    fetch: async (input, init) => {
      bodies.push(await new Request(input, init).json());
      const chunks = [...deltas.map((delta) => ({ delta })), {
        delta: {},
        finish_reason: "stop",
      }].map((choice) => `data: ${JSON.stringify({ choices: [choice] })}\n\n`);
      return new Response([...chunks, "data: [DONE]\n\n"].join(""), {
        headers: { "content-type": "text/event-stream" },
      });
    },
  });
  const routes = { routed: [provider] };
  const gateway = open({ providers: [provider], routes, ...options });
  return { gateway, bodies };
}

/** A chat with tools. */
export const CHAT = { model: "Server/small", messages: [USER], tools: TOOLS };
