import { assertEquals } from "@std/assert";
import { toOpenAiSettings } from "../../../core/openai/settings.ts";

Deno.test("toOpenAiSettings() writes each setting under its name in the request", () => {
  assertEquals(
    toOpenAiSettings({
      stream: false,
      temperature: 0,
      topP: 0.5,
      maxTokens: 7,
      frequencyPenalty: -2,
      presencePenalty: 2,
    }),
    {
      temperature: 0,
      top_p: 0.5,
      max_tokens: 7,
      frequency_penalty: -2,
      presence_penalty: 2,
    },
  );
});

Deno.test("toOpenAiSettings() writes none that is absent", () => {
  const settings = { temperature: undefined, topP: 1 };
  assertEquals(toOpenAiSettings(settings), { top_p: 1 });
  assertEquals(Object.keys(toOpenAiSettings(settings)), ["top_p"]);
});

Deno.test("toOpenAiSettings() names the most tokens as it is told", () => {
  assertEquals(
    toOpenAiSettings({ maxTokens: 7 }, "max_completion_tokens"),
    { max_completion_tokens: 7 },
  );
});
