import { assertEquals } from "@std/assert";
import { TextCollector } from "../../../core/streams/text_collector.ts";

function collect(pieces: readonly string[], limit?: number): string {
  const collector = new TextCollector();
  for (const piece of pieces) collector.add(piece, limit);
  return collector.toString();
}

Deno.test("TextCollector joins pieces of any length", () => {
  for (const length of [1, 5, 127, 128, 129, 5_000]) {
    const pieces = Array.from(
      { length: 200 },
      (_, index) => `${index}`.padEnd(length, "-"),
    );
    assertEquals(collect(pieces), pieces.join(""), `${length}`);
  }
});

Deno.test("TextCollector keeps long texts as they are", () => {
  const texts = [
    "plain words ",
    "\ufeffmark",
    "пароль 密码 🦜",
    // A pair that is cut, and halves that have no other.
    "\ud83e",
    "\udd9c",
    "\ud83e!",
    "\0",
  ];
  for (const [index, first] of texts.entries()) {
    const pieces = [
      ...Array.from({ length: 10_000 }, () => first),
      ...Array.from(
        { length: 10_000 },
        (_, at) => texts[(at * 7 + index) % texts.length] ?? "",
      ),
    ];
    const collected = collect(pieces);
    assertEquals(collected === pieces.join(""), true, JSON.stringify(first));
  }
});

Deno.test("TextCollector goes on after its text was read", () => {
  const collector = new TextCollector();
  let text = "";
  for (let index = 0; index < 5_000; index++) {
    collector.add(`${index} `);
    text += `${index} `;
    if (index % 700 === 0) assertEquals(`${collector}`, text);
  }
  assertEquals(`${collector}`, text);
});

Deno.test("TextCollector adds nothing to a text that is long enough", () => {
  assertEquals(collect(["abc", "def", "ghi"], 4), "abcdef");
});
