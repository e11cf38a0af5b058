import { assertEquals } from "@std/assert";
import * as z from "zod";
import { runTools, tool } from "../../tools/mod.ts";
import { createOpenAi } from "../_openai_compatible.ts";

Deno.test("runTools() adds up all that each step took, as far as each says", async () => {
  const call = { id: "1", function: { name: "weather", arguments: "{}" } };
  const answers = [
    [{ tool_calls: [call] }, {
      cost: 0.25,
      prompt_tokens: 5,
      completion_tokens: 3,
    }],
    [{ content: "warm" }, {
      cost: 0.5,
      prompt_tokens: 7,
      prompt_tokens_details: { cached_tokens: 5 },
    }],
  ];
  const provider = createOpenAi({
    fetch() {
      const [message, usage] = answers.shift() ?? [];
      return Promise.resolve(Response.json({ choices: [{ message }], usage }));
    },
  });
  const weather = tool({ name: "weather", inputSchema: z.object({}) });
  const { usage } = await runTools(provider, "Hi", {
    tools: [{ ...weather, execute: () => "warm" }],
  }).result();
  assertEquals(usage, { inputTokens: 12, cost: 0.75 });
});
