import { assertEquals } from "@std/assert";
import {
  formatPrompt,
  toLastUserText,
  toSystemText,
  toText,
} from "../../../core/chat/prompt.ts";
import type { Message } from "../../../core/chat/types.ts";

const user = (content: Message["content"]): Message => ({
  role: "user",
  content,
});
const assistant = (content: string): Message => ({
  role: "assistant",
  content,
});
const system = (content: string): Message => ({ role: "system", content });

Deno.test("toText() joins the text of parts", () => {
  assertEquals(toText(user("Hi")), "Hi");
  assertEquals(
    toText(user([
      { type: "text", text: "a" },
      { type: "image", image: "AQID" },
      { type: "text", text: "b" },
    ])),
    "ab",
  );
});

Deno.test("formatPrompt() gives one message as it is, whoever wrote it", () => {
  for (const content of ["Hi", " \n", ""]) {
    assertEquals(formatPrompt([user(content)]), content);
    assertEquals(formatPrompt([system(content)]), content);
  }
});

Deno.test("formatPrompt() writes several messages as a dialogue", () => {
  assertEquals(
    formatPrompt([
      system("Be brief"),
      user("Hi"),
      assistant("Yes?"),
      user("x"),
    ]),
    "System: Be brief\nUser: Hi\nAssistant: Yes?\nUser: x\nAssistant:",
  );
});

Deno.test("formatPrompt() leaves out messages of white space, and nothing else", () => {
  assertEquals(
    formatPrompt([user(" \n"), user("  a\nb "), user([])]),
    "User:   a\nb \nAssistant:",
  );
  assertEquals(formatPrompt([]), "Assistant:");
});

Deno.test("toLastUserText() gives what the user said after the last answer", () => {
  assertEquals(
    toLastUserText([
      user("a"),
      assistant("b"),
      user("c"),
      system("s"),
      user("d"),
    ]),
    "c\nd",
  );
  assertEquals(toLastUserText([user("a"), user("b")]), "a\nb");
  assertEquals(toLastUserText([user("a"), assistant("b")]), "");
});

Deno.test("toSystemText() joins the system messages", () => {
  assertEquals(toSystemText([system("a"), user("x"), system("b")]), "a\nb");
  assertEquals(toSystemText([user("x")]), "");
});
