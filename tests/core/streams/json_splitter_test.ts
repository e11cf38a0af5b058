import { assertEquals, assertThrows } from "@std/assert";
import { createJsonSplitter } from "../../../core/streams/json_splitter.ts";
import { StreamError } from "../../../core/streams/stream_error.ts";

/** Splits lines, and gives the values and what is left of each line. */
function split(lines: readonly string[], eventLength?: number) {
  const splitter = createJsonSplitter({ eventLength });
  const values: string[] = [];
  const rests = lines.map((line) =>
    splitter.push(line, (json) => values.push(json))
  );
  return { values, rests, open: splitter.end() };
}

Deno.test("createJsonSplitter() finds values wherever lines end", () => {
  const values = ['{"a":"}\\\\\\"{"}', '[{"b":[1,"]"]},2]', '{"c":"\\\\"}'];
  const cases = [
    values,
    [values.join("")],
    [values.join(" , ")],
    values.flatMap((json) =>
      JSON.stringify(JSON.parse(json), null, 1).split("\n")
    ),
  ];
  for (const lines of cases) {
    const found = split(lines).values.map((json) => JSON.parse(json));
    assertEquals(found, values.map((json) => JSON.parse(json)));
  }
});

Deno.test("createJsonSplitter() leaves what is no value", () => {
  assertEquals(split(["words { x", '{"a":1}data: [DONE]', " {", "}"]), {
    values: ['{"a":1}', " {\n}"],
    rests: ["words { x", "data: [DONE]", "", ""],
    open: "",
  });
});

Deno.test("createJsonSplitter() gives what is not over", () => {
  assertEquals(split(['{"a":[', '"}]']).open, '{"a":[\n"}]\n');
});

Deno.test("createJsonSplitter() takes no value over its limit", () => {
  assertThrows(() => split(["{", "1", "2", "3"], 6), StreamError, "longer");
});

Deno.test("createJsonSplitter() takes no line of too many values", () => {
  assertEquals(split(["{}".repeat(100_000)]).values.length, 100_000);
  assertThrows(() => split(["{}".repeat(100_001)]), StreamError, "values");
});
