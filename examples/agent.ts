/**
 * Plans a walk with two tools, over two providers.
 *
 *     export OPENAI_API_KEY=…
 *     deno run --allow-net --allow-env examples/agent.ts "A walk in Ulm?"
 *
 * Whoever answers, a tool that has run does not run again: where a provider
 * fails, the other goes on with all that was said.
 */

import { createOpenAiCompatible } from "@parley/chat";
import { createFailover } from "@parley/chat/failover";
import { runTools, tool, ToolError } from "@parley/chat/tools";
import * as z from "zod";

const openAi = createOpenAiCompatible({
  id: "openai",
  baseUrl: Deno.env.get("OPENAI_BASE_URL") ?? "https://api.openai.com/v1",
  apiKey: Deno.env.get("OPENAI_API_KEY"),
});
const ollama = createOpenAiCompatible({
  id: "ollama",
  baseUrl: Deno.env.get("OLLAMA_BASE_URL") ?? "http://127.0.0.1:11434/v1",
});
const provider = createFailover([
  { provider: openAi, model: "gpt-4o-mini", maxRetries: 0 },
  { provider: ollama, model: "llama3.2" },
]);

const WEATHER = new Map([["Ulm", "warm"], ["Bonn", "rainy"]]);

const weather = tool({
  name: "weather",
  description: "Tells the weather in a city",
  inputSchema: z.object({ city: z.string() }),
  execute({ city }) {
    const found = WEATHER.get(city);
    if (found !== undefined) return found;
    // The model is told this, and may ask for another.
    throw new ToolError(`Only ${[...WEATHER.keys()].join(", ")} are known`);
  },
});
const sights = tool({
  name: "sights",
  description: "Names what to see in a city",
  inputSchema: z.object({ city: z.string(), count: z.int() }),
  execute: ({ city, count }) => [`the minster of ${city}`].slice(0, count),
});

const run = runTools(provider, Deno.args.join(" ") || "A walk in Ulm?", {
  tools: [weather, sights],
});
for await (const event of run) {
  switch (event.type) {
    case "tool-call":
      console.log(`${event.name}(${event.rawInput})`);
      break;
    case "tool-result":
      console.log(`  ${event.content}`);
      break;
    case "finish":
      console.log(event.text);
      break;
  }
}
