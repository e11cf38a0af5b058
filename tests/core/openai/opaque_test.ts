import { assertEquals } from "@std/assert";
import { createOpenAiCompatible } from "../../../mod.ts";
import { jsonSchema } from "../../../core/chat/schema.ts";

/** Gives lists inside of each other, as JSON. */
function nest(depth: number): string {
  return `${"[".repeat(depth)}1${"]".repeat(depth)}`;
}

/** Reads a call with what its maker wants back, and gives that and warnings. */
async function read(
  fields: { readonly details?: string; readonly extra?: string },
): Promise<readonly unknown[]> {
  const { details = "[]", extra } = fields;
  const call = `{"id":"a","function":{"name":"f","arguments":"{}"}` +
    `${extra === undefined ? "" : `,"extra_content":${extra}`}}`;
  const message = `{"reasoning_details":${details},"tool_calls":[${call}]}`;
  const provider = createOpenAiCompatible({
    baseUrl: "http://127.0.0.1:1/v1",
    models: ["small"],
    fetch: () =>
      Promise.resolve(
        new Response(
          `{"choices":[{"message":${message},"finish_reason":"tool_calls"}]}`,
          { headers: { "content-type": "application/json" } },
        ),
      ),
  });
  const { toolCalls, opaque, warnings } = await provider.generate("Hi", {
    tools: [{ name: "f", inputSchema: jsonSchema({ type: "object" }) }],
  });
  return [
    toolCalls[0]?.opaque?.extra_content,
    opaque?.reasoning_details,
    ...warnings.map(({ code }) => code),
  ];
}

Deno.test("what an upstream wants back is kept where it can be written", async () => {
  assertEquals(await read({ extra: '{"a":"b"}', details: '[{"c":1}]' }), [
    { a: "b" },
    [{ c: 1 }],
  ]);
  const long = `["${"x".repeat(70_000)}"]`;
  for (const value of [long, nest(5_000), nest(20_000)]) {
    for (const fields of [{ extra: value }, { details: value }]) {
      assertEquals(await read(fields), [
        undefined,
        undefined,
        "opaque-dropped",
      ]);
    }
  }
  const deep = nest(100);
  assertEquals(await read({ extra: deep }), [JSON.parse(deep), undefined]);
});
