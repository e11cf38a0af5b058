import { assertEquals } from "@std/assert";
import { createTagSplitter } from "../../../core/streams/tag_splitter.ts";

const TAGS = { open: "<think>", close: "</think>" };

/** Splits pieces, and joins what is inside and outside of the tags. */
function split(pieces: readonly string[]): [inside: string, outside: string] {
  const splitter = createTagSplitter(TAGS);
  const joined: [string, string] = ["", ""];
  const keep = (text: string, isInside: boolean) => {
    assertEquals(text === "", false);
    joined[isInside ? 0 : 1] += text;
  };
  for (const piece of pieces) splitter.push(piece, keep);
  splitter.end(keep);
  return joined;
}

Deno.test("createTagSplitter() splits a text that is cut anywhere", () => {
  const cases: readonly [text: string, inside: string, outside: string][] = [
    ["<think>I add.</think>\n\n4", "I add.", "\n\n4"],
    ["a<think>b</think>c<think>d</think>e", "bd", "ace"],
    [
      "1 < 2 <thin </think> <<think>x<</think>>",
      "x<",
      "1 < 2 <thin </think> <>",
    ],
    ["<think>never closed </thi", "never closed </thi", ""],
    ["ends <think", "", "ends <think"],
    ["<think></think>", "", ""],
  ];
  for (const [text, inside, outside] of cases) {
    assertEquals(split([...text]), [inside, outside]);
    for (let cut = 0; cut <= text.length; cut++) {
      const pieces = [text.slice(0, cut), text.slice(cut)];
      assertEquals(split(pieces), [inside, outside]);
    }
  }
});

Deno.test("createTagSplitter() holds back no more than may be a tag", () => {
  const pieces: string[] = [];
  createTagSplitter(TAGS).push("a < b <th", (text) => pieces.push(text));
  assertEquals(pieces, ["a < b "]);
});
