import { assert, assertEquals, assertThrows } from "@std/assert";
import { parseObject } from "../../../core/run/parse_input.ts";

Deno.test("parseObject() takes the object of the only fence", () => {
  const object = { a: 1 };
  for (
    const [text, isWhole] of [
      ['```json\n{"a":1}\n```', true],
      ['``` \t JSON \n{"a":1}\n``` \t', true],
      ['```\r\n{"a":1}\r\n```\r\n', true],
      ['Here:\n```json\n{"a":1}\n```\n[1]', false],
    ] as const
  ) {
    assertEquals(parseObject(text, true), object);
    if (isWhole) assertEquals(parseObject(text, false), object);
    else assertThrows(() => parseObject(text, false));
  }
});

Deno.test("parseObject() takes none of several, and none that does not end", () => {
  const fence = '```json\n{"a":1}\n```\n';
  for (const text of [fence + fence, fence.slice(0, 16) + "[2]\n"]) {
    assertThrows(() => parseObject(text, true), text);
  }
});

Deno.test("parseObject() takes no long time for any text", () => {
  const many = 100_000;
  for (
    const text of [
      "```a\n".repeat(many),
      `\`\`\`${"\t".repeat(many)}!`,
      `\`\`\`a\n${"\n```b".repeat(many)}`,
    ]
  ) {
    const started = performance.now();
    assertThrows(() => parseObject(text, true));
    // What grows with the square takes half a minute.
    assert(performance.now() - started < 1_000, text.slice(0, 9));
  }
});
