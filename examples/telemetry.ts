/**
 * Tells OpenTelemetry of a failover with a tool, through Deno's own exporter.
 *
 *     export OTEL_DENO=true OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318
 *     export OPENAI_BASE_URL=http://127.0.0.1:11434/v1 MODEL=llama3.2
 *     deno run --allow-net --allow-env examples/telemetry.ts "How is Ulm?"
 *
 * Any program that shows traces of OpenTelemetry shows this one: a span for the
 * question, below it one for each answer and its attempts, and one for each call.
 */

import { createOpenAiCompatible } from "@parley/chat";
import { createFailover } from "@parley/chat/failover";
import { type SpanLike, traced, tracedTool } from "@parley/chat/telemetry";
import { runTools, tool } from "@parley/chat/tools";
import * as z from "zod";

const tracer = Deno.telemetry.tracerProvider.getTracer("example");
const meter = Deno.telemetry.meterProvider.getMeter("example");

const model = Deno.env.get("MODEL") ?? "gpt-4o-mini";
const provider = createOpenAiCompatible({
  baseUrl: Deno.env.get("OPENAI_BASE_URL") ?? "https://api.openai.com/v1",
  apiKey: Deno.env.get("OPENAI_API_KEY"),
});
const spare = createOpenAiCompatible({
  id: "Spare",
  baseUrl: Deno.env.get("SPARE_BASE_URL") ?? "http://127.0.0.1:11434/v1",
});
const failover = createFailover([
  { provider, model, maxRetries: 0 },
  { provider: spare, model },
]);

const weather = tool({
  name: "weather",
  description: "Tells the weather in a city",
  inputSchema: z.object({ city: z.string() }),
  execute: ({ city }) => `warm in ${city}`,
});

const question = Deno.args.join(" ") || "How is the weather in Ulm?";
await tracer.startActiveSpan("question", async (span: SpanLike) => {
  const run = runTools(traced(failover, tracer, { meter }), question, {
    tools: [tracedTool(weather, tracer)],
  });
  console.log(await run.text());
  span.end();
});
