import { assert, assertEquals } from "@std/assert";
import { toConversation } from "../../page/source/messages.ts";
import { addTurn, createChat, toTitle } from "../../page/source/turns.ts";

const ALL = { sees: true, bytes: 100_000 };

Deno.test("toConversation() writes what an answer is to", () => {
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
  assertEquals(toConversation(chat, answer, ALL), {
    messages: said,
    omitted: 0,
  });
  chat.system = " Be brief. ";
  assertEquals(toConversation(chat, answer, ALL).messages, [
    { role: "system", content: "Be brief." },
    ...said,
  ]);
});

Deno.test("toConversation() leaves out pictures that nobody can take", () => {
  const chat = createChat();
  const images = [`data:image/png;base64,${"A".repeat(40_000)}`];
  for (const text of ["One", "Two", "Three"]) {
    addTurn(chat, { role: "user", text, images });
  }
  const answer = addTurn(chat, { role: "assistant" });
  const { messages, omitted } = toConversation(chat, answer, ALL);
  assertEquals(omitted, 1);
  assertEquals(messages[0], { role: "user", content: "One" });
  assert(JSON.stringify(messages).length < ALL.bytes);
  const blind = toConversation(chat, answer, { ...ALL, sees: false });
  assertEquals(blind, {
    messages: ["One", "Two", "Three"].map((content) => (
      { role: "user", content } as const
    )),
    omitted: 3,
  });
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
