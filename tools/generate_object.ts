/**
 * Answers that are objects.
 *
 * @module
 */

import type { InferOutput, Output } from "../core/chat/tools.ts";
import type { ChatInput, Provider } from "../mod.ts";
import { type DeepPartial, partialObjects } from "./partial_objects.ts";
import type { RunToolsOptions, ToolRunResult } from "./run_options.ts";
import { runTools } from "./run_tools.ts";
import type { ToolRun } from "./tool_run.ts";

/**
 * Asks for an object. An answer that is none is asked for once more, with what is
 * wrong with it.
 *
 * @param provider Who answers.
 * @param input A prompt, or the messages of a chat.
 * @param options What the object must be, and what else is set.
 * @returns The answer; its `object` is what the schema gives.
 * @throws {ProviderError} If the answer is not the object, with code
 * `invalid-output`.
 *
 * @example
 * ```ts
 * import { createOpenAiCompatible } from "@parley/chat";
 * import { generateObject } from "@parley/chat/tools";
 * import { assertEquals } from "@std/assert";
 * import * as z from "zod";
 *
 * const answers = [{ content: "In Ulm!" }, { content: '{"city":"Ulm"}' }];
 * const provider = createOpenAiCompatible({
 *   baseUrl: "http://127.0.0.1:11434/v1",
 *   models: ["llama3.2"],
 *   fetch: () =>
 *     Promise.resolve(Response.json({ choices: [{ message: answers.shift() }] })),
 * });
 * const { object } = await generateObject(provider, "Where is the steeple?", {
 *   output: z.object({ city: z.string() }),
 * });
 * assertEquals(object.city, "Ulm");
 * ```
 */
export async function generateObject<const O extends Output>(
  provider: Provider,
  input: ChatInput,
  options: RunToolsOptions<O> & { readonly output: O },
): Promise<ToolRunResult<InferOutput<O>>> {
  return await runTools(provider, input, options).result();
}

/** An object as it comes. */
export interface ObjectStream<T>
  extends AsyncIterable<DeepPartial<T>, void, undefined> {
  /** The run that it is read from. */
  readonly run: ToolRun<T>;
}

/**
 * Asks for an object and reads it as it comes, as {@linkcode partialObjects}
 * does; the last is the object itself, checked.
 *
 * @param provider Who answers.
 * @param input A prompt, or the messages of a chat.
 * @param options What the object must be, and what else is set.
 * @returns The snapshots.
 *
 * @example
 * ```ts
 * import { createOpenAiCompatible } from "@parley/chat";
 * import { streamObject } from "@parley/chat/tools";
 * import { assertEquals } from "@std/assert";
 * import * as z from "zod";
 *
 * const message = { content: '{"city":"Ulm"}' };
 * const provider = createOpenAiCompatible({
 *   baseUrl: "http://127.0.0.1:11434/v1",
 *   models: ["llama3.2"],
 *   fetch: () => Promise.resolve(Response.json({ choices: [{ message }] })),
 * });
 * const output = z.object({ city: z.string() });
 * let shown: unknown;
 * for await (const object of streamObject(provider, "Where?", { output })) {
 *   shown = object;
 * }
 * assertEquals(shown, { city: "Ulm" });
 * ```
 */
export function streamObject<const O extends Output>(
  provider: Provider,
  input: ChatInput,
  options: RunToolsOptions<O> & { readonly output: O },
): ObjectStream<InferOutput<O>> {
  const run: ToolRun<InferOutput<O>> = runTools(provider, input, options);
  const { output } = options;
  const name = "name" in output && typeof output.name === "string"
    ? output.name
    : undefined;
  return {
    run,
    [Symbol.asyncIterator]: () => partialObjects<InferOutput<O>>(run, { name }),
  };
}
