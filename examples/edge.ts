/**
 * A gateway for an edge function, such as Deno Deploy: every program that
 * speaks to OpenAI can ask it, and `/` is a page to chat.
 *
 *     export OPENAI_API_KEY=… GROQ_API_KEY=… GATEWAY_KEYS=a-long-secret
 *     export CONVERSATION_KEY=$(deno eval -p 'crypto.randomUUID()')
 *     deno serve --allow-net --allow-env examples/edge.ts
 *
 * GATEWAY_KEYS are the keys of your clients, with commas; without one, nobody is
 * answered. CONVERSATION_KEY is 32 random characters or more, the same in every
 * region and after each start.
 */

import { createOpenAiCompatible } from "@parley/chat";
import { createConversationSealer, createGateway } from "@parley/gateway";

const openAi = createOpenAiCompatible({
  id: "openai",
  baseUrl: Deno.env.get("OPENAI_BASE_URL") ?? "https://api.openai.com/v1",
  apiKey: Deno.env.get("OPENAI_API_KEY"),
  models: ["gpt-4o-mini", "gpt-4o"],
});
const groq = createOpenAiCompatible({
  id: "groq",
  baseUrl: Deno.env.get("GROQ_BASE_URL") ?? "https://api.groq.com/openai/v1",
  apiKey: Deno.env.get("GROQ_API_KEY"),
  models: ["llama-3.3-70b-versatile"],
});

const gateway = createGateway({
  providers: [openAi, groq],
  // The model "fast" is whichever of these answers.
  routes: {
    fast: [
      { provider: groq, model: "llama-3.3-70b-versatile" },
      { provider: openAi, model: "gpt-4o-mini" },
    ],
  },
  apiKeys: (Deno.env.get("GATEWAY_KEYS") ?? "").split(",").filter(Boolean),
  // Clients keep their conversations themselves, sealed.
  conversations: createConversationSealer({
    key: Deno.env.get("CONVERSATION_KEY") ?? "",
  }),
  limits: { requestsPerMinute: 60 },
  log: (entry) => console.log(JSON.stringify(entry)),
});

export default { fetch: gateway } satisfies Deno.ServeDefaultExport;
