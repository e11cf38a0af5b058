import OpenAI from "openai";
import type { Gateway } from "./_gateway.ts";
import { TestServer } from "./_server.ts";

/** OpenAI's own client, and the gateway that it asks over a socket. */
export interface OpenAiClient extends AsyncDisposable {
  readonly openai: OpenAI;
}

/** Lets OpenAI's own client ask a gateway. */
export function createOpenAi(
  gateway: Gateway,
  options: ConstructorParameters<typeof OpenAI>[0] = {},
): OpenAiClient {
  const server = new TestServer(gateway);
  const openai = new OpenAI({
    baseURL: `${server.origin}/v1`,
    apiKey: "a-key",
    maxRetries: 0,
    ...options,
  });
  return { openai, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

/** A chat, as the client wants it. */
export const CHAT = {
  model: "Parrot/grey",
  messages: [{ role: "user" as const, content: "Hello" }],
};
