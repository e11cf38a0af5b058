/**
 * Providers that tell OpenTelemetry of their runs.
 *
 * @module
 */

import type { Provider } from "../mod.ts";
import { toRequestAttributes } from "./attributes.ts";
import { findModel, observe } from "./observe.ts";
import type { MeterLike, TracerLike } from "./open_telemetry.ts";
import { RunTrace, type Telemetry } from "./run_trace.ts";

/** Options for {@linkcode traced}. */
export interface TracedOptions {
  /**
   * Measures how long runs take, and their tokens.
   *
   * @default {nothing is measured}
   */
  readonly meter?: MeterLike | undefined;
  /**
   * Whether messages and answers are told, which may hold anything.
   *
   * @default {false}
   */
  readonly contents?: boolean | undefined;
}

/**
 * Makes a provider that tells OpenTelemetry of its runs, by the conventions for
 * generative AI: a span `chat {model}`, below it one for each attempt, those of
 * the routes of a failover too, and the measurements
 * `gen_ai.client.operation.duration` and `gen_ai.client.token.usage`.
 *
 * What is asked and answered is not told, unless `contents` says so.
 *
 * @param provider The provider or failover.
 * @param tracer A tracer of `@opentelemetry/api`, or of `Deno.telemetry`.
 * @param options What else is told.
 * @returns The same provider, traced.
 *
 * @example
 * ```ts
 * import { createAiChats } from "@parley/chat";
 * import { type SpanLike, traced } from "@parley/chat/telemetry";
 * import { assertEquals } from "@std/assert";
 *
 * const names: string[] = [];
 * const span: SpanLike = {
 *   setAttributes() {},
 *   setStatus() {},
 *   addEvent() {},
 *   end() {},
 * };
 * // Deno.telemetry.tracerProvider.getTracer("chat")
 * const tracer = {
 *   startSpan: (name: string) => (names.push(name), span),
 *   startActiveSpan<T>(name: string, _: object, run: (span: SpanLike) => T) {
 *     names.push(name);
 *     return run(span);
 *   },
 * };
 * const aiChats = traced(
 *   createAiChats({
 *     fetch: () => Promise.resolve(new Response("data: Good day\n\n")),
 *   }),
 *   tracer,
 * );
 * await aiChats.generate("Hello");
 * assertEquals(names, ["chat gpt-4", "attempt AiChats"]);
 * ```
 */
export function traced<P extends Provider>(
  provider: P,
  tracer: TracerLike,
  { meter, contents = false }: TracedOptions = {},
): P {
  const telemetry: Telemetry = {
    tracer,
    contents,
    duration: meter?.createHistogram("gen_ai.client.operation.duration", {
      description: "How long a run takes",
      unit: "s",
    }),
    tokens: meter?.createHistogram("gen_ai.client.token.usage", {
      description: "How many tokens a run takes",
      unit: "{token}",
    }),
  };
  return observe(provider, (input, options) => {
    const model = findModel(provider, options);
    return new RunTrace(telemetry, {
      input,
      name: `chat ${model}`,
      attributes: toRequestAttributes(provider, model, options),
    });
  });
}
