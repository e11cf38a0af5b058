import { assertEquals } from "@std/assert";
import { redactShared } from "../../../core/http/redact_shared.ts";
import { createRandom } from "../../../packages/testing/random.ts";
import { pickRandom, randomInt } from "../../_random.ts";

/** Looks for each run by itself. */
function redactSlowly(excerpt: string, texts: readonly string[]): string {
  const marks = Array.from(excerpt, () => false);
  for (let start = 0; start < excerpt.length; start++) {
    for (const text of texts) {
      const length = Math.min(16, text.length);
      const run = excerpt.slice(start, start + length);
      const isRun = length < 16 ? run === text : text.includes(run);
      if (run.length === length && isRun) {
        marks.fill(true, start, start + length);
      }
    }
  }
  return marks.map((isShared, index) =>
    isShared ? (marks[index - 1] ? "" : "#") : excerpt[index]
  ).join("");
}

Deno.test("redactShared() takes out what looking for each run takes out", () => {
  const random = createRandom(1);
  const parts = ["a", "ab", "the lake ", "of Zug", "aaaaaaaa", "is deep. "];
  const toText = (limit: number) =>
    Array.from(
      { length: randomInt(random, limit) },
      () => pickRandom(random, parts),
    ).join("");
  for (let count = 0; count < 2_000; count++) {
    const texts = Array.from({ length: 3 }, () => toText(6)).filter(Boolean);
    const excerpt = toText(8);
    assertEquals(
      redactShared(excerpt, texts, "#"),
      redactSlowly(excerpt, texts),
      JSON.stringify({ excerpt, texts }),
    );
  }
});
