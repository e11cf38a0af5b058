/**
 * Takes an object out of a text, and shows it as it comes.
 *
 *     export OPENAI_API_KEY=…
 *     deno run --allow-net --allow-env examples/extract.ts "Ada, 36, of London"
 */

import { createOpenAiCompatible } from "@parley/chat";
import { streamObject } from "@parley/chat/tools";
import * as z from "zod";

const provider = createOpenAiCompatible({
  baseUrl: Deno.env.get("OPENAI_BASE_URL") ?? "https://api.openai.com/v1",
  apiKey: Deno.env.get("OPENAI_API_KEY"),
  defaultModel: "gpt-4o-mini",
});

const Person = z.object({
  name: z.string(),
  age: z.int(),
  cities: z.array(z.string()),
});
const text = Deno.args.join(" ") || "Ada, 36, of London";
const output = { schema: Person, name: "person" };
for await (const person of streamObject(provider, text, { output })) {
  console.log(JSON.stringify(person));
}
