// OpenTelemetry's own SDK is told of runs and tools.
import { context, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import { assertEquals, assertObjectMatch } from "@std/assert";
import * as z from "zod";
import { createFailover } from "../../failover/mod.ts";
import { createOpenAiCompatible, ProviderError } from "../../mod.ts";
import { createOpenAiUpstream } from "@parley/testing";
import { traced, tracedTool } from "../../telemetry/mod.ts";
import { runTools, tool, ToolError } from "../../tools/mod.ts";
import { createScripted } from "../tools/_script.ts";

const exporter = new InMemorySpanExporter();
const provider = new BasicTracerProvider({
  spanProcessors: [new SimpleSpanProcessor(exporter)],
});
context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
const tracer = provider.getTracer("test");

/** The spans below one, in the order in which they ended. */
function toTree(
  spans: readonly ReadableSpan[],
  parent: string | undefined,
): readonly unknown[] {
  return spans
    .filter(({ parentSpanContext }) => parentSpanContext?.spanId === parent)
    .map((span) => {
      const below = toTree(spans, span.spanContext().spanId);
      return below.length === 0 ? span.name : [span.name, ...below];
    });
}

/** Does something within a span, and gives the spans below it. */
async function trackSpans(
  run: () => Promise<unknown>,
): Promise<{
  readonly tree: readonly unknown[];
  readonly spans: readonly ReadableSpan[];
}> {
  exporter.reset();
  const id = await tracer.startActiveSpan("root", async (span) => {
    await run();
    return span.spanContext().spanId;
  });
  await provider.forceFlush();
  const spans = exporter.getFinishedSpans().filter(({ name }) =>
    name !== "root"
  );
  return { tree: toTree(spans, id), spans };
}

const DOWN = new ProviderError("Down", { code: "upstream", status: 503 });

function createWeather(execute: () => string) {
  return tool({
    name: "weather",
    inputSchema: z.object({ city: z.string() }),
    execute,
  });
}

Deno.test("a failover with a tool is a tree of spans", async () => {
  const failover = traced(
    createFailover([
      createScripted([DOWN, DOWN], { id: "Down" }).provider,
      createScripted([['weather{"city":"Ulm"}'], "Warm"]).provider,
    ]),
    tracer,
  );
  const weather = tracedTool(createWeather(() => "warm"), tracer);
  const { tree, spans } = await trackSpans(() =>
    runTools(failover, "Hello", { tools: [weather] }).text()
  );
  assertEquals(tree, [
    ["chat grey", "attempt Down", "attempt Parrot"],
    "execute_tool weather",
    ["chat grey", "attempt Down", "attempt Parrot"],
  ]);
  const [failed, , chat] = spans;
  assertObjectMatch({ ...chat?.attributes }, {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "Failover",
    "gen_ai.request.model": "grey",
    "gen_ai.response.finish_reasons": ["tool-calls"],
    "gen_ai.response.model": "grey",
    "server.address": "parrot.example",
    "server.port": 443,
  });
  // That of the attempt that answered; the other has none.
  const seconds = chat?.attributes["gen_ai.response.time_to_first_chunk"];
  assertEquals(typeof seconds, "number");
  assertEquals([chat?.kind, failed?.kind], [2, 0]);
  assertObjectMatch({ ...failed?.attributes }, {
    "gen_ai.provider.name": "Down",
    "error.type": "upstream",
    "http.response.status_code": 503,
  });
  assertEquals(failed?.status, { code: 2, message: "upstream" });
});

Deno.test("a run and a tool that fail say so", async () => {
  const { provider: down } = createScripted([DOWN]);
  const weather = tracedTool(
    createWeather(() => {
      throw new ToolError("secret");
    }),
    tracer,
  );
  const { signal } = new AbortController();
  const { spans } = await trackSpans(async () => {
    await traced(down, tracer).generate("Hello").catch(() => {});
    const given = { callId: "1", step: 1, signal };
    await Promise.resolve(weather.execute?.({ city: "Ulm" }, given))
      .catch(() => {});
  });
  assertEquals(
    spans.map(({ name, status, attributes }) => [
      name,
      status.code,
      attributes["error.type"],
    ]),
    [
      ["attempt Parrot", 2, "upstream"],
      ["chat grey", 2, "upstream"],
      ["execute_tool weather", 2, "ToolError"],
    ],
  );
});

Deno.test("contents are told on request only", async () => {
  for (const contents of [false, true]) {
    const { provider } = createScripted([['weather{"city":"Ulm"}'], "Warm"]);
    const weather = tracedTool(createWeather(() => "fine"), tracer, {
      contents,
    });
    const { spans } = await trackSpans(() =>
      runTools(traced(provider, tracer, { contents }), "What is asked", {
        tools: [weather],
      }).text()
    );
    const told = JSON.stringify(
      spans.map(({ attributes, events }) => [attributes, events]),
    );
    for (const words of ["What is asked", "Ulm", "Warm", "fine"]) {
      assertEquals(told.includes(words), contents, words);
    }
  }
});

Deno.test("runs and tokens are measured", async () => {
  const metrics = new InMemoryMetricExporter(AggregationTemporality.DELTA);
  const reader = new PeriodicExportingMetricReader({
    exporter: metrics,
    exportIntervalMillis: 1_000_000,
  });
  const meters = new MeterProvider({ readers: [reader] });
  const openai = createOpenAiCompatible({
    baseUrl: "https://api.openai.com/v1",
    defaultModel: "gpt-4o-mini",
    fetch: createOpenAiUpstream().fetch,
  });
  const meter = meters.getMeter("test");
  await trackSpans(() => traced(openai, tracer, { meter }).generate("Hello"));
  await meters.forceFlush();
  const [{ scopeMetrics: [scope] = [] } = {}] = metrics.getMetrics();
  assertEquals(scope?.metrics.map(({ descriptor }) => descriptor.name), [
    "gen_ai.client.operation.duration",
    "gen_ai.client.token.usage",
  ]);
  assertEquals(
    scope?.metrics[1]?.dataPoints.map(({ attributes }) =>
      attributes["gen_ai.token.type"]
    ),
    ["input", "output"],
  );
  await meters.shutdown();
});

Deno.test({
  name: "the active span is left as it was",
  fn() {
    assertEquals(trace.getActiveSpan(), undefined);
    context.disable();
  },
});
