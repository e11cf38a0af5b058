/**
 * A page to chat with your own model, for this machine alone.
 *
 *     export OPENAI_BASE_URL=http://127.0.0.1:11434/v1 MODEL=llama3.2
 *     deno serve --host=127.0.0.1 --allow-net --allow-env examples/chat_page.ts
 *
 * The server holds the key and asks; the page gets answers, and keeps the chats
 * in the browser. `edge.ts` is one for others, with keys of its own.
 */

import { createOpenAiCompatible } from "@parley/chat";
import { createGateway } from "@parley/gateway";

const model = Deno.env.get("MODEL") ?? "gpt-4o-mini";

const provider = createOpenAiCompatible({
  baseUrl: Deno.env.get("OPENAI_BASE_URL") ?? "https://api.openai.com/v1",
  apiKey: Deno.env.get("OPENAI_API_KEY"),
  models: [model],
});

const gateway = createGateway({
  // The page lists it by this name.
  routes: { [model]: [{ provider, model }] },
  // Nobody but this machine reaches it.
  allowAnonymous: true,
});

export default { fetch: gateway } satisfies Deno.ServeDefaultExport;
