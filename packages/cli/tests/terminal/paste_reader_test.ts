import { assertEquals } from "@std/assert";
import { PasteReader } from "../../terminal/paste_reader.ts";

Deno.test("PasteReader makes one line of what is pasted, however it is cut", () => {
  const bytes = new TextEncoder().encode(
    "a\x1b[200~one\r\ntwo\tthree\r\x1b[201~é\x1b[A",
  );
  for (const size of [3, 4, 100]) {
    const reader = new PasteReader();
    let typed = "";
    for (let index = 0; index < bytes.length; index += size) {
      typed += reader.read(bytes.subarray(index, index + size));
    }
    assertEquals(typed, "aone␤two threeé\x1b[A", `in pieces of ${size}`);
  }
  assertEquals(PasteReader.restore("one␤two"), "one\ntwo");
});

Deno.test("PasteReader takes no long time for many lines that are empty", () => {
  const lines = "\r\n".repeat(1_000);
  const bytes = new TextEncoder().encode(`\x1b[200~${lines}a${lines}\x1b[201~`);
  // With each line more, it would take twice as long.
  assertEquals(new PasteReader().read(bytes), `${"␤".repeat(1_000)}a`);
});
