/**
 * Asks three providers, one after another, until one gives a whole answer.
 *
 *     export OPENAI_API_KEY=… GROQ_API_KEY=…
 *     deno run --allow-net --allow-env examples/failover.ts "Name three rivers"
 *
 * A provider may fail before its first word or in the middle of the answer. In
 * both cases the next one takes over, and the answer is whole, once.
 */

import { createOpenAiCompatible } from "@parley/chat";
import { createFailover } from "@parley/chat/failover";

const openAi = createOpenAiCompatible({
  id: "openai",
  baseUrl: Deno.env.get("OPENAI_BASE_URL") ?? "https://api.openai.com/v1",
  apiKey: Deno.env.get("OPENAI_API_KEY"),
});
const groq = createOpenAiCompatible({
  id: "groq",
  baseUrl: Deno.env.get("GROQ_BASE_URL") ?? "https://api.groq.com/openai/v1",
  apiKey: Deno.env.get("GROQ_API_KEY"),
});
const ollama = createOpenAiCompatible({
  id: "ollama",
  baseUrl: Deno.env.get("OLLAMA_BASE_URL") ?? "http://127.0.0.1:11434/v1",
});

const provider = createFailover([
  { provider: openAi, model: "gpt-4o-mini", maxRetries: 0 },
  { provider: groq, model: "llama-3.3-70b-versatile", maxRetries: 1 },
  { provider: ollama, model: "llama3.2" },
]);

const prompt = Deno.args.join(" ") || "Name three rivers";

// Whoever collects the answer need not know that it began anew.
const { text, model, attempts } = await provider.generate(prompt);
console.log(text);
console.log(`(by ${model}, attempt ${attempts.length})`);

// Whoever shows it while it comes is told what to take back.
for await (const event of provider.stream(prompt)) {
  switch (event.type) {
    case "route":
      console.log(`${event.provider} answers`);
      break;
    case "text":
      console.log(JSON.stringify(event.text));
      break;
    case "restart":
      console.log(`${event.discard} characters are void: ${event.reason}`);
      console.log(`${event.provider} begins anew`);
      break;
    case "finish":
      console.log(`ended: ${event.reason}`);
  }
}
