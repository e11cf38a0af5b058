/**
 * Tools that tell OpenTelemetry of their calls.
 *
 * @module
 */

import type { Schema } from "../mod.ts";
import type { RunnableTool } from "../tools/mod.ts";
import type { TracerLike } from "./open_telemetry.ts";
import { SPAN_KINDS, STATUS_ERROR } from "./run_trace.ts";

/** Options for {@linkcode tracedTool}. */
export interface TracedToolOptions {
  /**
   * Whether inputs and results are told, which may hold anything.
   *
   * @default {false}
   */
  readonly contents?: boolean | undefined;
}

/**
 * Makes a tool that tells OpenTelemetry of its calls: a span
 * `execute_tool {name}`, active while it runs.
 *
 * @param tool The tool.
 * @param tracer A tracer of `@opentelemetry/api`, or of `Deno.telemetry`.
 * @param options What else is told.
 * @returns The same tool, traced; one without `execute` as it is.
 *
 * @example
 * ```ts
 * import { type SpanLike, tracedTool } from "@parley/chat/telemetry";
 * import { tool } from "@parley/chat/tools";
 * import { assertEquals } from "@std/assert";
 * import * as z from "zod";
 *
 * const weather = tool({
 *   name: "weather",
 *   inputSchema: z.object({ city: z.string() }),
 *   execute: ({ city }) => `warm in ${city}`,
 * });
 * const span: SpanLike = {
 *   setAttributes() {},
 *   setStatus() {},
 *   addEvent() {},
 *   end() {},
 * };
 * const names: string[] = [];
 * const { execute } = tracedTool(weather, {
 *   startSpan: () => span,
 *   startActiveSpan<T>(name: string, _: object, run: (span: SpanLike) => T) {
 *     names.push(name);
 *     return run(span);
 *   },
 * });
 * const { signal } = new AbortController();
 * await execute?.({ city: "Ulm" }, { callId: "1", step: 1, signal });
 * assertEquals(names, ["execute_tool weather"]);
 * ```
 */
export function tracedTool<S extends Schema>(
  tool: RunnableTool<S>,
  tracer: TracerLike,
  { contents = false }: TracedToolOptions = {},
): RunnableTool<S> {
  const { name } = tool;
  const execute = tool.execute?.bind(tool);
  if (execute === undefined) return tool;
  return {
    ...tool,
    execute: (input, context) =>
      tracer.startActiveSpan(`execute_tool ${name}`, {
        kind: SPAN_KINDS.internal,
        attributes: {
          "gen_ai.operation.name": "execute_tool",
          "gen_ai.tool.name": name,
          "gen_ai.tool.type": "function",
          "gen_ai.tool.call.id": context.callId,
          ...(contents && {
            "gen_ai.tool.call.arguments": JSON.stringify(input),
          }),
        },
      }, async (span) => {
        try {
          const result = await execute(input, context);
          if (contents) {
            const json = JSON.stringify(result);
            span.setAttributes({ "gen_ai.tool.call.result": json });
          }
          return result;
        } catch (error) {
          const type = error instanceof Error ? error.name : "unknown";
          span.setAttributes({ "error.type": type });
          span.setStatus({ code: STATUS_ERROR, message: type });
          throw error;
        } finally {
          span.end();
        }
      }),
  };
}
