import { assertEquals } from "@std/assert";
import { toBlocks, toSpans } from "../../page/source/prose.js";

function read(text: string): string[] {
  return toBlocks(text).map(({ type, text, language }) =>
    [type, ...(language === "" ? [] : [language]), text].join(": ")
  );
}

Deno.test("toBlocks() cuts a text at blank lines", () => {
  assertEquals(read("One\ntwo\n\n \n  three\n"), [
    "paragraph: One\ntwo",
    "paragraph:   three",
  ]);
  assertEquals(read("\n \n"), []);
});

Deno.test("toBlocks() takes fenced code as it is", () => {
  assertEquals(read("Look:\n```ts\nconst a = 1;\n\n# b\n```\nThere"), [
    "paragraph: Look:",
    "code: ts: const a = 1;\n\n# b",
    "paragraph: There",
  ]);
});

Deno.test("toBlocks() ends code only with the fence that began it", () => {
  assertEquals(read("````md\n```ts\n1\n```\n````\nEnd"), [
    "code: md: ```ts\n1\n```",
    "paragraph: End",
  ]);
  assertEquals(read("~~~\n```\n~~~"), ["code: ```"]);
});

Deno.test("toBlocks() shows code that is still being written", () => {
  assertEquals(read("```"), ["code: "]);
  assertEquals(read("```ts\nconst"), ["code: ts: const"]);
});

Deno.test("toBlocks() takes no code in the middle of a line for a fence", () => {
  assertEquals(read("```one``` and two"), ["paragraph: ```one``` and two"]);
});

Deno.test("toBlocks() finds headings", () => {
  assertEquals(read("## Rivers\nThe Rhine\n#1 is no heading"), [
    "heading: Rivers",
    "paragraph: The Rhine\n#1 is no heading",
  ]);
});

Deno.test("toSpans() finds code and what is important", () => {
  assertEquals(toSpans("Call `add(**1**)` **now**, 2 ** 3 ** 4"), [
    { type: "text", text: "Call " },
    { type: "code", text: "add(**1**)" },
    { type: "text", text: " " },
    { type: "strong", text: "now" },
    { type: "text", text: ", 2 ** 3 ** 4" },
  ]);
});

Deno.test("toSpans() loses no character", () => {
  for (const text of ["", "a", "`", "**a", "`a`", "**a** `b` <b>c</b>"]) {
    const joined = toSpans(text).map(({ text }) => text).join("");
    assertEquals(joined, text.replaceAll(/`(a|b)`|\*\*(a)\*\*/g, "$1$2"));
  }
});
