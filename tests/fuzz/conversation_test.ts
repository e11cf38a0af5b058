import { assertEquals, assertMatch } from "@std/assert";
import { parseConversation } from "../../core/run/parse_conversation.ts";
import { randomInt } from "../_random.ts";
import { fuzz } from "./_cases.ts";
import { mutate } from "./_mutate.ts";
import { randomJson } from "./_random_json.ts";
import { assertDocumented } from "./_settle.ts";

const VALID = {
  version: 1,
  provider: "Parrot",
  origin: "https://chat.example",
  id: "65f0a1b2c3d4e5f601234567",
  model: "grey",
  systemPrompt: "Be brief.",
  cookies: { session: "c0ffee", other: "1" },
};

fuzz("parseConversation() takes or refuses any JSON", (random) => {
  const value = randomInt(random, 5) === 0
    ? randomJson(random)
    : mutate(VALID, random, randomJson);
  // As a storage gives it back.
  const text = JSON.stringify(value);
  const stored: unknown = text === undefined ? undefined : JSON.parse(text);
  try {
    const conversation = parseConversation(stored);
    const again = JSON.stringify(conversation);
    assertEquals(
      JSON.stringify(parseConversation(JSON.parse(again))),
      again,
    );
    assertEquals(Object.keys(conversation), Object.keys(VALID));
    assertMatch(Deno.inspect(conversation), /cookies: "\[redacted\]"/);
  } catch (error) {
    assertDocumented(error);
    assertEquals(error.code, "invalid-request");
  }
}, { share: 0.1 });
