import { assertEquals } from "@std/assert";
import {
  addTurn,
  createChat,
  toMessages,
  toTitle,
} from "../../page/source/turns.ts";

Deno.test("toMessages() writes what an answer is to", () => {
  const chat = createChat();
  const picture = "data:image/png;base64,AAAA";
  addTurn(chat, { role: "user", text: "Who?" });
  addTurn(chat, { role: "assistant", text: "Ada, but", state: "failed" });
  addTurn(chat, { role: "user", text: "too long", state: "refused" });
  addTurn(chat, { role: "assistant", state: "failed" });
  addTurn(chat, { role: "user", text: "And this?", images: [picture] });
  addTurn(chat, { role: "assistant", images: [picture] });
  addTurn(chat, { role: "user", images: [picture] });
  const answer = addTurn(chat, { role: "assistant", text: "So" });
  const image = { type: "image_url", image_url: { url: picture } } as const;
  const said = [
    { role: "user", content: "Who?" },
    { role: "assistant", content: "Ada, but" },
    {
      role: "user",
      content: [{ type: "text", text: "And this?" }, image],
    },
    { role: "user", content: [image] },
  ] as const;
  assertEquals(toMessages(chat, answer), said);
  chat.system = " Be brief. ";
  assertEquals(toMessages(chat, answer), [
    { role: "system", content: "Be brief." },
    ...said,
  ]);
});

Deno.test("addTurn() gives each message a later time", () => {
  const chat = createChat();
  for (let count = 0; count < 5; count++) addTurn(chat, { role: "user" });
  const times = chat.turns.map(({ created }) => created);
  assertEquals(new Set(times).size, 5);
  assertEquals(times, times.toSorted());
});

Deno.test("toTitle() makes one short line", () => {
  assertEquals(toTitle("  One\n two "), "One two");
  assertEquals(toTitle("word ".repeat(20)), `${"word ".repeat(11)}word…`);
  assertEquals(toTitle("a".repeat(100)), `${"a".repeat(60)}…`);
  assertEquals(toTitle("a".repeat(59) + "👋"), `${"a".repeat(59)}…`);
});
