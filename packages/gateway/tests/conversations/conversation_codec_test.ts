import { assertEquals, assertLess, assertRejects } from "@std/assert";
import {
  packConversation,
  unpackConversation,
} from "../../conversations/conversation_codec.ts";
import { ProviderError } from "@parley/chat";
import { CONVERSATION } from "../_conversations.ts";

/** What stands beside words: numbers in their places, and cookies as text. */
const SKELETON = { ...CONVERSATION, systemPrompt: 0, cookies: "{}" };

/** Writes a conversation in which numbers stand for words that are compressed. */
async function deflate(
  json: string,
  words: readonly string[] = [],
): Promise<Uint8Array<ArrayBuffer>> {
  const rest = new TextEncoder().encode(json);
  const stream = new Blob([JSON.stringify(words)]).stream()
    .pipeThrough(new CompressionStream("deflate-raw"));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  return new Uint8Array([1, 0, 0, 0, rest.length, ...rest, ...bytes]);
}

Deno.test("packConversation() keeps what is short as it is", async () => {
  const bytes = await packConversation(CONVERSATION);
  const text = new TextDecoder().decode(bytes);
  assertEquals(text, `\0${JSON.stringify(CONVERSATION)}`);
  assertEquals(await unpackConversation(bytes), CONVERSATION);
});

Deno.test("packConversation() compresses words, and keeps each in its place", async () => {
  const systemPrompt = "Be brief. ".repeat(1_000);
  const part = { ...CONVERSATION, systemPrompt: "Be long", state: {} };
  const messages = [{
    role: "assistant",
    content: "",
    toolCalls: [{ input: { messages: 1, systemPrompt: null, cookies: "a" } }],
  }];
  const conversation = {
    ...CONVERSATION,
    systemPrompt,
    state: { messages, parts: { a: part } },
  };
  const bytes = await packConversation(conversation);
  assertLess(bytes.length, 1_024);
  assertEquals(await unpackConversation(bytes), conversation);
});

Deno.test("packConversation() gives a length that tells no guess of a cookie", async () => {
  const guess = "session=3f0e9d2b7c";
  const systemPrompt = `${"Be brief. ".repeat(200)}${guess}`;
  const lengths = ["3f0e9d2b7c", "gZ-k_u4Q.w"].map(async (session) => {
    // A server may call its cookies as the words are called.
    const cookies = { session, messages: session, systemPrompt: session };
    const part = { ...CONVERSATION, cookies };
    const conversation = {
      ...part,
      systemPrompt,
      // So may who names routes.
      state: { messages: [guess], parts: { messages: { part } } },
    };
    const bytes = await packConversation(conversation);
    assertEquals(await unpackConversation(bytes), conversation);
    return bytes.length;
  });
  const [right, wrong] = await Promise.all(lengths);
  assertEquals(right, wrong);
});

async function assertInvalid(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  const error = await assertRejects(
    () => unpackConversation(bytes),
    ProviderError,
    "Conversation is not valid, or not any more",
  );
  assertEquals(error.code, "conversation-expired");
}

Deno.test("unpackConversation() stops inflating where a few bytes stand for many", async () => {
  const toBytes = (length: number) =>
    deflate(JSON.stringify(SKELETON), [" ".repeat(length)]);
  const large = await unpackConversation(await toBytes(1_000_000));
  assertEquals(large.systemPrompt.length, 1_000_000);
  const bomb = await toBytes(3_000_000);
  assertLess(bomb.length, 20_000);
  await assertInvalid(bomb);
});

Deno.test("unpackConversation() refuses what is no conversation", async () => {
  const encode = (text: string) => new TextEncoder().encode(text);
  for (
    const bytes of [
      encode(""),
      encode("\0"),
      encode("\0{}"),
      encode("\u0001not deflated"),
      await deflate('{"id":"../../admin"}'),
      (await deflate(JSON.stringify(SKELETON), [""])).slice(0, -9),
    ]
  ) {
    await assertInvalid(bytes);
  }
});
