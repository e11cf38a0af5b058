import { assertEquals } from "@std/assert";
import { CHAT_SETTINGS } from "../../core/chat/types.ts";
import { SAMPLING_SETTINGS } from "../../core/openai/settings.ts";
import {
  createOpenAiCompatible,
  jsonSchema,
  type Provider,
  providers,
} from "../../mod.ts";

const openAi = createOpenAiCompatible({ baseUrl: "http://127.0.0.1:1" });

Deno.test("every provider says what it can", () => {
  const abilities = [...Object.values(providers), openAi].map((
    { id, acceptsImages, settings, toolSupport, outputSupport }: Provider,
  ) => [id, acceptsImages, settings, toolSupport, outputSupport]);
  assertEquals(abilities, [
    ["AiChats", false, [], "none", "none"],
    ["AmigoChat", true, SAMPLING_SETTINGS, "none", "none"],
    ["AutonomousAI", true, ["stream"], "none", "none"],
    ["CohereForAI_C4AI_Command", true, [], "none", "none"],
    ["OpenAiCompatible", true, CHAT_SETTINGS, "native", "schema"],
  ]);
});

Deno.test("createOpenAiCompatible() asks for calls in one piece where streams have none", async () => {
  const sent: unknown[] = [];
  const provider = createOpenAiCompatible({
    baseUrl: "http://127.0.0.1:1",
    models: ["small"],
    compat: { streamWithTools: false },
    fetch: async (input, init) => {
      sent.push((await new Request(input, init).json()).stream);
      return Response.json({ choices: [{ message: { content: "Hi" } }] });
    },
  });
  const tools = [{ name: "now", inputSchema: jsonSchema({ type: "object" }) }];
  await provider.generate("Hello", { tools });
  await provider.generate("Hello", { tools, stream: true });
  await provider.generate("Hello");
  assertEquals(sent, [false, true, true]);
});
