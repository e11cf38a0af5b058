import {
  assertEquals,
  assertFalse,
  assertMatch,
  assertNotEquals,
  assertRejects,
  assertThrows,
} from "@std/assert";
import { type ConversationKeeper, createConversationStore } from "../../mod.ts";
import { ProviderError } from "@parley/chat";
import { FakeClock } from "@parley/testing";
import { CONVERSATION, createLargeConversation } from "../_conversations.ts";

const DAY = 86_400_000;

async function assertRefused(
  store: ConversationKeeper,
  token: string,
  keyId = "me",
): Promise<void> {
  const error = await assertRejects(
    () => store.open(token, keyId),
    ProviderError,
    "Conversation is not valid, or not any more",
  );
  assertEquals(error.code, "conversation-expired");
}

Deno.test("createConversationStore() opens what another instance kept", async () => {
  using kv = await Deno.openKv(":memory:");
  const token = await createConversationStore(kv).seal(CONVERSATION, "me");
  assertMatch(token, /^[0-9a-f]{32}$/);
  const elsewhere = createConversationStore(kv);
  const opened = await elsewhere.open(token, "me");
  assertEquals(opened, CONVERSATION);
  assertFalse(Deno.inspect(opened).includes("secret"));
});

Deno.test("createConversationStore() gives each answer an id, and keeps the one before", async () => {
  using kv = await Deno.openKv(":memory:");
  const store = createConversationStore(kv);
  const first = await store.seal(CONVERSATION, "me");
  const next = { ...CONVERSATION, model: "command-r" };
  const second = await store.seal(next, "me");
  assertNotEquals(first, second);
  assertEquals(await store.open(first, "me"), CONVERSATION);
  assertEquals(await store.open(second, "me"), next);
});

Deno.test("createConversationStore() refuses the id of another user", async () => {
  using kv = await Deno.openKv(":memory:");
  const store = createConversationStore(kv);
  const token = await store.seal(CONVERSATION, "me");
  await assertRefused(store, token, "you");
});

Deno.test("createConversationStore() refuses what is no id", async () => {
  using kv = await Deno.openKv(":memory:");
  const store = createConversationStore(kv);
  const token = await store.seal(CONVERSATION, "me");
  for (
    const wrong of [
      "",
      token.slice(1),
      `${token}0`,
      token.toUpperCase().replace(/^\d/, "A"),
      "0".repeat(32),
      "__proto__",
    ]
  ) {
    await assertRefused(store, wrong);
  }
});

Deno.test("createConversationStore() refuses what is too old, though it is still there", async () => {
  using kv = await Deno.openKv(":memory:");
  const clock = new FakeClock();
  const store = createConversationStore(kv, { expireIn: DAY, clock });
  const token = await store.seal(CONVERSATION, "me");
  await clock.advance(DAY - 1);
  assertEquals(await store.open(token, "me"), CONVERSATION);
  await clock.advance(1);
  await assertRefused(store, token);
});

Deno.test("createConversationStore() splits what is larger than a value may be", async () => {
  using kv = await Deno.openKv(":memory:");
  const store = createConversationStore(kv);
  const large = createLargeConversation(500_000);
  const token = await store.seal(large, "me");
  assertEquals(await store.open(token, "me"), large);
  const keys: Deno.KvKey[] = [];
  for await (const { key } of kv.list({ prefix: [] })) keys.push(key);
  assertEquals(keys.length, 5);
  await kv.delete([...keys[0] ?? [], "3"]);
  await assertRefused(store, token);
});

Deno.test("createConversationStore() refuses to keep what is too large", async () => {
  using kv = await Deno.openKv(":memory:");
  const store = createConversationStore(kv);
  const error = await assertRejects(
    () => store.seal(createLargeConversation(1_048_576), "me"),
    ProviderError,
  );
  assertEquals(error.code, "too-large");
});

Deno.test("createConversationStore() refuses an entry that somebody else wrote", async () => {
  using kv = await Deno.openKv(":memory:");
  const store = createConversationStore(kv, { prefix: ["shop"] });
  const token = "0".repeat(32);
  for (
    const value of [
      null,
      "text",
      { expiresAt: Infinity, parts: 1, bytes: "text" },
      { expiresAt: 9e15, parts: 1, bytes: new Uint8Array([0, 0x7b]) },
    ]
  ) {
    await kv.set(["shop", "me", token], value);
    await assertRefused(store, token);
  }
});

Deno.test("createConversationStore() refuses an expiry that is none", async () => {
  using kv = await Deno.openKv(":memory:");
  for (const expireIn of [0, -1, NaN, 0.5]) {
    assertThrows(() => createConversationStore(kv, { expireIn }), RangeError);
  }
});
