import { Agent, OpenAIProvider, Runner, tool } from "@openai/agents";
import type OpenAI from "openai";
import * as z from "zod";
import { MODEL } from "./_server.ts";

/** What the tool takes. */
export const City = z.object({ city: z.string() });

/** An agent of OpenAI's with one tool, and what runs it. */
export function createAgent(
  openAIClient: OpenAI,
  options: { readonly useResponses?: boolean } = {},
): { readonly runner: Runner; readonly agent: Agent } {
  const runner = new Runner({
    modelProvider: new OpenAIProvider({ openAIClient, ...options }),
    tracingDisabled: true,
  });
  const agent = new Agent({
    name: "Weather",
    model: MODEL,
    tools: [tool({
      name: "weather",
      description: "Tells the weather",
      parameters: City,
      execute: ({ city }) => `warm in ${city}`,
    })],
  });
  return { runner, agent };
}
