import { assertEquals, assertMatch } from "@std/assert";
import { type AnswerOptions, createAiChatsUpstream, echo } from "../mod.ts";

/** The tokens in which an upstream gives an answer. */
async function ask(options: AnswerOptions): Promise<readonly string[]> {
  const upstream = createAiChatsUpstream(options);
  const response = await upstream.fetch("https://ai-chats.org/chat/send2/", {
    method: "POST",
    headers: {
      "content-type": "application/json",
      origin: "https://ai-chats.org",
    },
    body: JSON.stringify({
      type: "chat",
      messagesHistory: [{ from: "you", content: "Hello" }],
    }),
  });
  const events = (await response.text()).split("\n\n").slice(0, -1);
  return events.map((event) => event.replace("data: ", ""));
}

Deno.test("echo() names the prompt, with an umlaut and an emoji", () => {
  const answer = echo("Name three rivers");

  assertMatch(answer, /Name three rivers/);
  assertMatch(answer, /ü/);
  assertMatch(answer, /\p{Emoji_Presentation}/u);
});

Deno.test("answer is echo() by default", async () => {
  const tokens = await ask({});

  assertEquals(tokens.slice(0, 3), ["You", " said:", " Hello"]);
});

Deno.test("answer is cut into words with their white space", async () => {
  assertEquals(await ask({ answer: () => " one  two \t" }), [
    " one",
    "  two",
    " \t",
  ]);
});

Deno.test("answer gives tokens, also in its own time", async () => {
  const tokens = ["one ", "", "two"];
  assertEquals(await ask({ answer: () => tokens }), tokens);

  async function* later() {
    for (const token of tokens) {
      await Promise.resolve();
      yield token;
    }
  }
  assertEquals(await ask({ answer: later }), tokens);
});

Deno.test("answer gets the prompt and the messages", async () => {
  const tokens = await ask({
    answer: (prompt, context) => [prompt, JSON.stringify(context)],
  });

  assertEquals(tokens[0], "Hello");
  assertEquals(JSON.parse(tokens[1] ?? ""), {
    model: "gpt-4",
    messages: [{ role: "user", content: "Hello" }],
  });
});

Deno.test("delay keeps the tokens in their order", async () => {
  assertEquals(await ask({ answer: () => "one two", delay: 1 }), [
    "one",
    " two",
  ]);
});
