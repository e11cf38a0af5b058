import {
  assert,
  assertEquals,
  assertNotStrictEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { inspect } from "node:util";
import type { Conversation } from "../../../core/chat/conversation.ts";
import { parseConversation } from "../../../core/run/parse_conversation.ts";
import { ProviderError } from "../../../core/chat/errors.ts";

const CONVERSATION: Conversation = {
  version: 1,
  provider: "Parrot",
  origin: "https://chat.example",
  id: "65f0a1b2c3d4e5f601234567",
  model: "grey",
  systemPrompt: "",
  cookies: { session: "c0ffee" },
};

Deno.test("parseConversation() takes what was stored as JSON", () => {
  const stored = JSON.stringify(parseConversation(CONVERSATION));
  assertEquals(JSON.parse(stored), { ...CONVERSATION });
  assertEquals(
    JSON.stringify(parseConversation(JSON.parse(stored))),
    stored,
  );
});

Deno.test("parseConversation() gives a copy", () => {
  const copy = parseConversation(CONVERSATION);
  assertNotStrictEquals(copy, CONVERSATION);
  assertNotStrictEquals(copy.cookies, CONVERSATION.cookies);
});

Deno.test("parseConversation() gives what shows no cookie when printed [C14]", () => {
  const conversation = parseConversation(CONVERSATION);
  for (
    const text of [
      Deno.inspect(conversation),
      Deno.inspect({ deep: { conversation } }),
      inspect(conversation),
    ]
  ) {
    assert(!text.includes("c0ffee"), text);
    assertStringIncludes(text, "[redacted]");
  }
});

Deno.test("parseConversation() keeps what the provider keeps, and hides it when printed", () => {
  const given = { ...CONVERSATION, state: { said: "s3cret" } };
  const conversation = parseConversation(given);
  assertEquals(conversation.state, { said: "s3cret" });
  assert(!Deno.inspect(conversation).includes("s3cret"));
  assertStringIncludes(JSON.stringify(conversation), "s3cret");
});

Deno.test("parseConversation() refuses everything else, without repeating it [C04] [C08]", () => {
  const wrong: Readonly<Record<string, unknown>> = {
    version: 2,
    provider: undefined,
    origin: 5,
    id: "../../secret",
    model: null,
    systemPrompt: undefined,
    cookies: { a: "secret\r\nx: y" },
  };
  assertEquals(Object.keys(wrong), Object.keys(CONVERSATION));
  const values = [
    ...Object.entries(wrong).map(([key, value]) => ({
      ...CONVERSATION,
      [key]: value,
    })),
    { ...CONVERSATION, id: "" },
    { ...CONVERSATION, id: "a?x=1" },
    { ...CONVERSATION, id: "x".repeat(129) },
    { ...CONVERSATION, cookies: { "a b": "1" } },
    { ...CONVERSATION, cookies: { a: 1 } },
    { ...CONVERSATION, cookies: { a: "x; b=2" } },
    { ...CONVERSATION, cookies: { a: "x".repeat(4096) } },
    { ...CONVERSATION, cookies: [] },
    undefined,
    null,
    [],
    "secret",
  ];
  for (const value of values) {
    const error = assertThrows(() => parseConversation(value), ProviderError);
    assertEquals(error.code, "invalid-request");
    assert(!Deno.inspect(error).includes("secret"));
  }
});
