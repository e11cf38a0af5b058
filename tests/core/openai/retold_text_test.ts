import { assertEquals } from "@std/assert";
import {
  createRetoldText,
  isUsual,
  readRetold,
  settleRetold,
} from "../../../core/openai/retold_text.ts";

function read(chunks: readonly string[]): string {
  const state = createRetoldText();
  const texts = chunks.map((chunk) =>
    isUsual(state, chunk) ? chunk : readRetold(state, chunk)
  );
  return texts.join("") + settleRetold(state);
}

const WORDS = "A river rises, flows and ends.".split(/(?<= )/);
const SO_FAR = WORDS.map((_, index) => WORDS.slice(0, index + 1).join(""));

Deno.test("text that each chunk tells from its beginning is told once", () => {
  assertEquals(read(SO_FAR), WORDS.join(""));
  const letters = Array.from(WORDS.join(""));
  const grown = letters.map((_, index) => letters.slice(0, index + 1).join(""));
  assertEquals(read(grown), WORDS.join(""));
});

Deno.test("what a last chunk says once more of all is no text", () => {
  const all = WORDS.join("");
  assertEquals(read([...WORDS, all]), all);
  assertEquals(read([...SO_FAR, "\n", `${all}\n`]), `${all}\n`);
});

Deno.test("text that only looks so is given as it came", () => {
  const all = [
    WORDS,
    ["1", "10", "100"],
    ["=", "==", "====", "========", "================", "\n", "Rivers"],
    [" ", "  ", "    ", "        ", "                ", "x"],
    ["ha", "ha", "haha"],
    [...WORDS, WORDS.join(""), " Again."],
    [...WORDS, WORDS.join(""), WORDS.join("").repeat(2)],
    [..."-".repeat(32), "-".repeat(32)],
    ["a", ..."b".repeat(70_000).match(/.{100}/g) ?? [], "abcdefgh".repeat(2)],
    SO_FAR.slice(0, 3),
    Array.from({ length: 100 }, (_, index) => "-".repeat(index + 1)),
    ["-", "-".repeat(70_000), "-".repeat(70_001), "-".repeat(70_002)],
  ];
  for (const chunks of all) assertEquals(read(chunks), chunks.join(""));
});

Deno.test("not many chunks are held that may be either", () => {
  const state = createRetoldText();
  for (let length = 1; length <= 40; length++) {
    readRetold(state, "-".repeat(length));
  }
  assertEquals(state.isPlain, true);
  assertEquals(state.held, []);
});
