import { createOpenAiCompatible, type Provider } from "@parley/chat";
import type OpenAI from "openai";
import type { GatewayOptions } from "../mod.ts";
import { type Gateway, open } from "./_gateway.ts";
import { createOpenAi } from "./_openai.ts";

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

/** A server that answers with these deltas, one per chunk, and what it is asked. */
export function createDeltaServer(
  toDeltas: (asked: number) => readonly Json[],
  chunk: Json = {},
  reason = "stop",
): { readonly provider: Provider; readonly bodies: readonly Json[] } {
  const bodies: Json[] = [];
  const provider = createOpenAiCompatible({
    id: "Server",
    baseUrl: "http://127.0.0.1:1/v1",
    models: ["small"],
    maxRetries: 0,
    fetch: async (input, init) => {
      const deltas = toDeltas(bodies.length);
      bodies.push(await new Request(input, init).json());
      const chunks = [...deltas.map((delta) => ({ delta })), {
        delta: {},
        finish_reason: reason,
      }].map((choice) =>
        `data: ${JSON.stringify({ ...chunk, choices: [choice] })}\n\n`
      );
      return new Response([...chunks, "data: [DONE]\n\n"].join(""), {
        headers: { "content-type": "text/event-stream" },
      });
    },
  });
  return { provider, bodies };
}

/** A gateway before a server that answers with these deltas, one per chunk. */
export function createServed(
  deltas: readonly Json[],
  options: GatewayOptions = {},
  chunk: Json = {},
  reason = "stop",
): { readonly gateway: Gateway; readonly bodies: readonly Json[] } {
  const { provider, bodies } = createDeltaServer(() => deltas, chunk, reason);
  const routes = { routed: [provider] };
  const gateway = open({ providers: [provider], routes, ...options });
  return { gateway, bodies };
}

/** A chat with tools. */
export const CHAT = { model: "Server/small", messages: [USER], tools: TOOLS };

/** Asks with OpenAI's client, streamed or not. */
export async function complete(
  gateway: Gateway,
  body: Json,
  stream: boolean,
): Promise<OpenAI.ChatCompletion> {
  await using client = createOpenAi(gateway);
  const { completions } = client.openai.chat;
  const request = { ...CHAT, ...body };
  return stream
    ? await completions.stream(request).finalChatCompletion()
    : await completions.create(request);
}

const MODELS = ["Server/small", "routed"];
/** Each model, streamed and in one piece. */
export const FORMS = MODELS.flatMap((model) =>
  [false, true].map((stream) => ({ model, stream }))
);
