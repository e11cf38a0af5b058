import { assertEquals } from "@std/assert";
import { healMarkdown } from "../../page/source/heal_markdown.ts";

const CASES = [
  // What is important is so before its end has come.
  ["a **b", "a **b**"],
  ["a **b ", "a **b**"],
  ["a **b*", "a **b**"],
  ["a **", "a "],
  ["a *b **c", "a *b **c***"],
  ["a `b", "a `b`"],
  ["a `**", "a `**`"],
  ["~~a", "~~a~~"],
  ["_a", "_a_"],
  ["a **b**", "a **b**"],
  ["snake_case and 2 * 3", "snake_case and 2 * 3"],
  ["* a\n* **b", "* a\n* **b**"],
  ["**a\n\nb", "**a\n\nb"],
  // What may become something else waits.
  ["a\n-", "a"],
  ["a\n=", "a"],
  ["- a\n-", "- a"],
  ["a\n1.", "a"],
  ["a\n##", "a"],
  ["a\n``", "a"],
  ["a [b", "a "],
  ["a [b](https://c", "a "],
  ["a ![b](https://c", "a "],
  ["a [b](https://c)", "a [b](https://c)"],
  ["a\n| b |", "a"],
  ["| a | b |\n|--", ""],
  ["| a |\n|---|\n", "| a |\n|---|\n"],
  // Code is code.
  ["```\n**a", "```\n**a"],
  ["```\na\n``", "```\na"],
  ["- b\n  ```ts\n  [a", "- b\n  ```ts\n  [a"],
  ["```\na\n```\n**b", "```\na\n```\n**b**"],
] as const;

Deno.test("healMarkdown() completes the end of a text", () => {
  for (const [text, expected] of CASES) {
    assertEquals(healMarkdown(text), expected, text);
  }
});
