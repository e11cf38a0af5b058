import { assertEquals } from "@std/assert";
import { createOverlapCutter } from "../../failover/overlap.ts";

/** Shown, what comes after it, and what is new of that. */
const OVERLAPS: readonly (readonly [string, string, string])[] = [
  ["The quick brown", " fox", " fox"],
  ["The quick brown", "brown fox", " fox"],
  ["The quick brown", " quick brown fox", " fox"],
  ["The quick brown ", "brown fox", "fox"],
  ["The quick brown", "The quick brown fox", " fox"],
  ["The quick bro", "brown fox", "wn fox"],
  ["The quick brown", "brown", ""],
  // What only begins like a repeat is none.
  ["The quick brown", "quick!", "quick!"],
  ["The quick brown", "quick", "quick"],
  ["Mis", "sissippi", "sissippi"],
  ["I have a", "a lot", "a lot"],
  ["It is 12", "12 apples", "12 apples"],
  ["  }\n", "  }\n}", "  }\n}"],
  ["今天天气很好", "天气很好，我们", "，我们"],
  ["The quick", " \n", " \n"],
];

Deno.test("createOverlapCutter() cuts off what is repeated, wherever pieces end", () => {
  for (const [shown, text, expected] of OVERLAPS) {
    for (const size of [1, 3, 100]) {
      const cutter = createOverlapCutter(shown, 3);
      let rest = "";
      for (let index = 0; index < text.length; index += size) {
        rest += cutter.write(text.slice(index, index + size));
      }
      assertEquals(rest + cutter.end(), expected, `${shown}|${text}`);
    }
  }
});
