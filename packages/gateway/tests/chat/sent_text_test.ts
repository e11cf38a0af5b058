import { assertEquals } from "@std/assert";
import { findAddition } from "@parley/chat/provider";
import { SentText } from "../../chat/sent_text.ts";

/** All texts of up to so many of these characters. */
function toTexts(alphabet: string, length: number): readonly string[] {
  if (length === 0) return [""];
  const shorter = toTexts(alphabet, length - 1);
  const longest = shorter.filter((text) => text.length === length - 1)
    .flatMap((text) => [...alphabet].map((character) => text + character));
  return [...shorter, ...longest];
}

/** Adds a text in two pieces. */
function send(text: string, cut: number): SentText {
  const sent = new SentText();
  sent.add(text.slice(0, cut));
  sent.add(text.slice(cut));
  return sent;
}

Deno.test("SentText.findAddition() finds what findAddition() does, however it was sent", () => {
  const texts = toTexts("ab \n", 4);
  for (const text of texts) {
    for (let cut = 0; cut <= text.length; cut++) {
      const sent = send(text, cut);
      assertEquals(sent.length, text.length);
      for (const final of texts) {
        assertEquals(
          sent.findAddition(final),
          findAddition(text, final),
          JSON.stringify([text, cut, final]),
        );
      }
    }
  }
});

Deno.test("SentText.findAddition() tells texts apart that differ in one character", () => {
  const text = "Grüße 😀 ".repeat(1_000);
  const sent = send(text, 4_321);
  assertEquals(sent.findAddition(`${text}Ende`), "Ende");
  for (const at of [0, 2, 4_321, text.length - 2]) {
    const other = `${text.slice(0, at)}x${text.slice(at + 1)}`;
    assertEquals(sent.findAddition(`${other}Ende`), undefined);
  }
});
