// What a server sets and names beside its answer.
import { assertEquals, assertRejects } from "@std/assert";
import { ProviderError } from "../../core/chat/errors.ts";
import type { Conversation } from "../../core/chat/conversation.ts";
import {
  CONVERSATION_ID,
  createScriptedChatUi,
  type SentRequest,
} from "../_chat_ui.ts";

const STORED: Conversation = {
  version: 1,
  provider: "CohereForAI_C4AI_Command",
  origin: "https://chat.example",
  id: CONVERSATION_ID,
  model: "command-a-03-2025",
  systemPrompt: "",
  cookies: { "hf-chat": "old" },
};

const FINAL = '{"type":"finalAnswer","text":"Hello"}\n';

function toCookies(requests: readonly SentRequest[]): (string | null)[] {
  return requests.map(({ headers }) => headers.get("cookie"));
}

Deno.test("cohereC4aiCommand keeps the cookies that its server may set [C01] [C02] [C03]", async () => {
  const date = "Expires=Fri, 01 Jan 2100 00:00:00 GMT";
  const headers = new Headers();
  for (
    const cookie of [
      `a=1; Path=/; ${date}; HttpOnly`,
      `b=2; ${date}, 01-Jan-2100; SameSite=Lax`,
      "secure=3; Path=/; Secure; SameSite=None",
      "hf-chat=new; Path=/",
      "foreign=4; Domain=another.example",
      "elsewhere=5; Path=/elsewhere",
      "past=6; Max-Age=0",
      "no cookie=7",
    ]
  ) headers.append("set-cookie", cookie);
  const { provider, requests } = createScriptedChatUi({
    answer: () => new Response(FINAL, { headers }),
  });
  const { conversation } = await provider.generate("Hello", {
    conversation: STORED,
  });
  const cookies = { "hf-chat": "new", a: "1", b: "2", secure: "3" };
  assertEquals(conversation?.cookies, cookies);
  await provider.generate("And?", { conversation });
  assertEquals(
    toCookies(requests).map((cookie) => cookie?.split("; ").sort()),
    [
      ...Array(3).fill(["hf-chat=old"]),
      ["a=1", "b=2", "hf-chat=new", "secure=3"],
      ["a=1", "b=2", "hf-chat=new", "secure=3"],
    ],
  );
});

Deno.test("cohereC4aiCommand takes no cookie of a refusal [S24] [C12]", async () => {
  const before = JSON.stringify(STORED);
  const headers = { "set-cookie": "hf-chat=stolen; Path=/" };
  for (const status of [401, 429, 503]) {
    const { provider, requests } = createScriptedChatUi({
      answer: () => new Response("no", { status, headers }),
    }, { maxRetries: 0 });
    const error = await assertRejects(
      () => provider.generate("Hello", { conversation: STORED }),
      ProviderError,
    );
    assertEquals(error.status, status);
    assertEquals(toCookies(requests), Array(3).fill("hf-chat=old"));
  }
  assertEquals(JSON.stringify(STORED), before);
});

Deno.test("cohereC4aiCommand loads no file of an answer unasked [P20]", async () => {
  for (const [sha, count] of [["../../api", 0], ["a".repeat(64), 1]] as const) {
    const file = { type: "file", name: "a.png", sha, mime: "image/png" };
    const { provider, requests } = createScriptedChatUi({
      answer: () => new Response(`${JSON.stringify(file)}\n${FINAL}`),
    });
    const { warnings, images } = await provider.generate("Hello");
    assertEquals([images.length, requests.length], [count, 4]);
    const told = warnings.filter(({ message }) => message.includes('"file"'));
    assertEquals(told.length, 1 - count);
  }
});
