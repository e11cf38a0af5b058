/**
 * Runs a model with tools.
 *
 * @module
 */

import type { InferOutput, Output } from "../core/chat/tools.ts";
import type { ChatInput, Provider } from "../mod.ts";
import type { RunToolsOptions } from "./run_options.ts";
import { StepSource } from "./step_source.ts";
import { type ToolRun, ToolStream } from "./tool_run.ts";

/**
 * Asks a model, runs the tools that it calls, sends it the results, and goes on
 * until it answers.
 *
 * No tool is run before the answer that calls it is whole, so that none runs
 * twice where an answer begins anew elsewhere: the provider may be a failover.
 * Before each answer comes a `step` event, and after it a `tool-result` for each
 * call; `finish` has the text of the last answer.
 *
 * @param provider Who answers.
 * @param input A prompt, or the messages of a chat; calls without a result at
 * its end are run first.
 * @param options The tools, the object to answer with, and limits.
 * @returns The run.
 *
 * @example
 * ```ts
 * import { createOpenAiCompatible } from "@parley/chat";
 * import { runTools, tool } from "@parley/chat/tools";
 * import { assertEquals } from "@std/assert";
 * import * as z from "zod";
 *
 * const call = { id: "1", function: { name: "weather", arguments: '{"city":"Ulm"}' } };
 * const answers = [{ tool_calls: [call] }, { content: "It is warm in Ulm." }];
 * const provider = createOpenAiCompatible({
 *   baseUrl: "http://127.0.0.1:11434/v1",
 *   models: ["llama3.2"],
 *   fetch: () =>
 *     Promise.resolve(Response.json({ choices: [{ message: answers.shift() }] })),
 * });
 *
 * const weather = tool({
 *   name: "weather",
 *   inputSchema: z.object({ city: z.string() }),
 *   execute: ({ city }) => `warm in ${city}`,
 * });
 * const run = runTools(provider, "How is the weather in Ulm?", { tools: [weather] });
 * const { text, steps } = await run.result();
 * assertEquals([text, steps.length], ["It is warm in Ulm.", 2]);
 * ```
 */
export function runTools<
  const O extends Output | undefined = undefined,
>(
  provider: Provider,
  input: ChatInput,
  options: RunToolsOptions<O> = {},
): ToolRun<InferOutput<O>> {
  return new ToolStream<InferOutput<O>>(
    new StepSource(provider, input, options),
  );
}
