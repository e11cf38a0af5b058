// OpenAI's agents ask any provider, through their adapter for the AI SDK.
import { Agent, Runner, tool } from "@openai/agents";
import { aisdk } from "@openai/agents-extensions/ai-sdk";
import { assertEquals } from "@std/assert";
import * as z from "zod";
import { toLanguageModel } from "../mod.ts";
import { FINISH, toTextEvent } from "../../../tests/_parrot.ts";
import { createAnswers, toDelta, USAGE } from "./_answers.ts";

for (const stream of [false, true]) {
  Deno.test(`an agent calls tools and answers, ${stream ? "streamed" : "whole"}`, async () => {
    const { provider, runs } = createAnswers([
      [toDelta('{"city":"Ulm"}'), USAGE, FINISH],
      [toTextEvent("Warm"), USAGE, FINISH],
    ]);
    const agent = new Agent({
      name: "Weather",
      instructions: "Be brief",
      model: aisdk(toLanguageModel(provider)),
      tools: [tool({
        name: "weather",
        description: "Tells the weather",
        parameters: z.object({ city: z.string() }),
        execute: ({ city }) => `warm in ${city}`,
      })],
    });
    const runner = new Runner({ tracingDisabled: true });
    if (stream) {
      const result = await runner.run(agent, "Hello", { stream: true });
      await result.completed;
      assertEquals(result.finalOutput, "Warm");
    } else {
      const result = await runner.run(agent, "Hello");
      assertEquals(result.finalOutput, "Warm");
    }
    assertEquals(runs[1]?.messages.at(-1)?.content, "warm in Ulm");
  });
}
