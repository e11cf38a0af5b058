/**
 * Asks a question, and writes the answer while it comes.
 *
 *     export OPENAI_BASE_URL=http://127.0.0.1:11434/v1 MODEL=llama3.2
 *     deno run --allow-net --allow-env examples/script.ts "Name three rivers"
 *
 * Any server that speaks like OpenAI's will do: OpenAI, Ollama, llama.cpp,
 * vLLM, OpenRouter, Groq and many others.
 */

import { createOpenAiCompatible, isProviderError } from "@parley/chat";

const provider = createOpenAiCompatible({
  baseUrl: Deno.env.get("OPENAI_BASE_URL") ?? "https://api.openai.com/v1",
  apiKey: Deno.env.get("OPENAI_API_KEY"),
  defaultModel: Deno.env.get("MODEL") ?? "gpt-4o-mini",
});

const prompt = Deno.args.join(" ") || "Name three rivers";
const output = Deno.stdout.writable.getWriter();
const encoder = new TextEncoder();

try {
  for await (const event of provider.stream(prompt)) {
    // Other events tell the usage, the reasoning, pictures and more.
    if (event.type === "text") await output.write(encoder.encode(event.text));
  }
  console.log();
} catch (error) {
  if (!isProviderError(error)) throw error;
  // Safe to show: an error holds no key and no prompt.
  console.error(`\n${error.message} (${error.code})`);
  Deno.exit(1);
}
