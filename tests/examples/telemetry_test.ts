import { createUpstream } from "@parley/testing";
import { assertEquals } from "@std/assert";
import { runExample } from "./_run_example.ts";

/** A span as Deno exports it. */
interface ExportedSpan {
  readonly name: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
}

/** The spans below one, without those of requests, which Deno makes itself. */
function toTree(spans: readonly ExportedSpan[], parent = ""): unknown[] {
  return spans
    .filter(({ parentSpanId = "" }) => parentSpanId === parent)
    .filter(({ name }) => !/^(?:GET|POST)\b/.test(name))
    .map(({ name, spanId }) => [name, ...toTree(spans, spanId)]);
}

Deno.test("examples/telemetry.ts sends a tree of spans through Deno's exporter", async () => {
  const spans: ExportedSpan[] = [];
  const collector = createUpstream(async (request) => {
    const { resourceSpans = [] } = await request.json();
    for (const { scopeSpans } of resourceSpans) {
      for (const scope of scopeSpans) spans.push(...scope.spans);
    }
    return Response.json({});
  });
  const called = { name: "weather", arguments: '{"city":"Ulm"}' };
  const messages = [
    { tool_calls: [{ id: "1", type: "function", function: called }] },
    { content: "Warm" },
  ];
  const down = createUpstream(() => new Response(null, { status: 503 }));
  const up = createUpstream(() =>
    Response.json({ choices: [{ message: messages.shift() }] })
  );
  await using exported = collector.serve();
  await using first = down.serve();
  await using second = up.serve();
  const outcome = await runExample("telemetry", {
    environment: {
      OTEL_DENO: "true",
      OTEL_DENO_CONSOLE: "ignore",
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
      OTEL_EXPORTER_OTLP_ENDPOINT: exported.url,
      OPENAI_BASE_URL: `${first.url}/v1`,
      SPARE_BASE_URL: `${second.url}/v1`,
    },
  });
  assertEquals([outcome.code, outcome.output], [0, "Warm\n"], outcome.errors);
  const chat = [
    "chat gpt-4o-mini",
    ["attempt OpenAiCompatible"],
    ["attempt Spare"],
  ];
  assertEquals(toTree(spans), [
    ["question", chat, ["execute_tool weather"], chat],
  ]);
});
