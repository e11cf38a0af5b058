import { assertEquals, assertLess, assertRejects } from "@std/assert";
import {
  packConversation,
  unpackConversation,
} from "../../conversations/conversation_codec.ts";
import { ProviderError } from "@parley/chat";
import { CONVERSATION } from "../_conversations.ts";

async function deflate(text: string): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([text]).stream()
    .pipeThrough(new CompressionStream("deflate-raw"));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  return new Uint8Array([1, ...bytes]);
}

Deno.test("packConversation() keeps what is short as it is", async () => {
  const bytes = await packConversation(CONVERSATION);
  const text = new TextDecoder().decode(bytes);
  assertEquals(text, `\0${JSON.stringify(CONVERSATION)}`);
  assertEquals(await unpackConversation(bytes), CONVERSATION);
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
    deflate(
      JSON.stringify({ ...CONVERSATION, systemPrompt: " ".repeat(length) }),
    );
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
      (await deflate(JSON.stringify(CONVERSATION))).slice(0, -9),
    ]
  ) {
    await assertInvalid(bytes);
  }
});
