import { assertEquals } from "@std/assert";
import { findExamples } from "../../scripts/_run_tests_examples.ts";

const IMPORTS = new Map([["ai", "npm:ai@^7.0.0"]]);

Deno.test("an example of Markdown stands in the lines where it is", () => {
  const text = 'Say\n\n```ts\nimport "ai";\n\na();\n```\n\n```json\n{}\n```\n';
  assertEquals(findExamples(text, IMPORTS), [
    { line: 4, code: '\n\n\nimport "npm:ai@^7.0.0";\n\na();\n' },
  ]);
});

Deno.test("an example in a comment has no margin, and one that is ignored is none", () => {
  const block = (kind: string) => [kind, "one();", "", "```", "after"];
  const comment = [...block("```ts"), ...block("```ts ignore")]
    .map((line) => `   * ${line}`.trimEnd());
  const text = ["/**", ...comment, "   */", "two();"].join("\n");
  assertEquals(findExamples(text, IMPORTS), [
    { line: 3, code: "\n\none();\n\n" },
  ]);
});
