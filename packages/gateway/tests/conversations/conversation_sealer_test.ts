import {
  assertEquals,
  assertFalse,
  assertLess,
  assertMatch,
  assertNotEquals,
  assertRejects,
  assertThrows,
} from "@std/assert";
import {
  type ConversationKeeper,
  createConversationSealer,
} from "../../mod.ts";
import { ProviderError } from "@parley/chat";
import { createRandom, FakeClock } from "@parley/testing";
import { CONVERSATION, createLargeConversation } from "../_conversations.ts";

const DAY = 86_400_000;
const KEY = new Uint8Array(32).fill(7);
const OTHER_KEY = new Uint8Array(32).fill(8);
const PASSPHRASE = "an old passphrase of 32 letters!";

/** The one error of a token that does not open. */
async function assertRefused(
  sealer: ConversationKeeper,
  token: string,
  keyId = "me",
): Promise<void> {
  const error = await assertRejects(
    () => sealer.open(token, keyId),
    ProviderError,
  );
  assertEquals(error.toJSON(), {
    name: "ProviderError",
    message: "Conversation is not valid, or not any more",
    code: "conversation-expired",
    retryable: false,
  });
  assertEquals(error.cause, undefined);
}

Deno.test("createConversationSealer() gives a short token for a header, which tells nothing", async () => {
  const sealer = createConversationSealer({ key: KEY });
  const token = await sealer.seal(CONVERSATION, "me");
  assertMatch(token, /^[\w-]+$/);
  assertLess(token.length, 1_536);
  const bytes = Uint8Array.fromBase64(token, { alphabet: "base64url" });
  const text = new TextDecoder("latin1").decode(bytes);
  for (const secret of ["secret", "chat", "Be brief"]) {
    assertFalse(text.includes(secret));
  }
});

Deno.test("createConversationSealer() gives tokens whose length tells nothing of a cookie", async () => {
  const sealer = createConversationSealer({ key: KEY });
  const toLength = async (value: string) => {
    const cookies = { session: value };
    const token = await sealer.seal({ ...CONVERSATION, cookies }, "me");
    return token.length;
  };
  const lengths = await Promise.all(
    [0, 1, 16, 100, 300, 700].map((length) => toLength("x".repeat(length))),
  );
  assertEquals(new Set(lengths).size, 1, lengths.join());
});

Deno.test("createConversationSealer() never seals twice alike", async () => {
  const sealer = createConversationSealer({ key: KEY });
  const tokens = new Set<string>();
  for (let count = 0; count < 100; count++) {
    tokens.add((await sealer.seal(CONVERSATION, "me")).slice(0, 18));
  }
  assertEquals(tokens.size, 100);
});

Deno.test("createConversationSealer() gives what shows no cookie when printed", async () => {
  const sealer = createConversationSealer({ key: KEY });
  const token = await sealer.seal(CONVERSATION, "me");
  const printed = Deno.inspect(await sealer.open(token, "me"));
  assertFalse(printed.includes("secret"));
});

Deno.test("createConversationSealer() refuses a token that was changed in any byte", async () => {
  const sealer = createConversationSealer({ key: KEY });
  const token = await sealer.seal(CONVERSATION, "me");
  const bytes = Uint8Array.fromBase64(token, { alphabet: "base64url" });
  for (let index = 0; index < bytes.length; index++) {
    const changed = bytes.with(index, (bytes[index] ?? 0) ^ 1);
    await assertRefused(
      sealer,
      changed.toBase64({ alphabet: "base64url", omitPadding: true }),
    );
  }
});

Deno.test("createConversationSealer() refuses a token that was cut, or goes on", async () => {
  const sealer = createConversationSealer({ key: KEY });
  const token = await sealer.seal(CONVERSATION, "me");
  for (let length = 0; length < token.length; length += 7) {
    await assertRefused(sealer, token.slice(0, length));
  }
  await assertRefused(sealer, `${token}AAAA`);
  await assertRefused(sealer, `${token}${token}`);
});

Deno.test("createConversationSealer() refuses what is no token", async () => {
  const sealer = createConversationSealer({ key: KEY });
  const random = createRandom(1);
  const noise = Array.from({ length: 64 }, () => Math.floor(random() * 256));
  for (
    const token of [
      "",
      "null",
      "{}",
      "AQ",
      "käse",
      "A".repeat(2_000_000),
      new Uint8Array([2, ...noise]).toBase64(),
    ]
  ) {
    await assertRefused(sealer, token);
  }
});

Deno.test("createConversationSealer() refuses the token of another user", async () => {
  const sealer = createConversationSealer({ key: KEY });
  const token = await sealer.seal(CONVERSATION, "me");
  await assertRefused(sealer, token, "you");
  await assertRefused(sealer, token, "");
  assertEquals(await sealer.open(token, "me"), CONVERSATION);
});

Deno.test("createConversationSealer() refuses the token of another key", async () => {
  const token = await createConversationSealer({ key: KEY }).seal(
    CONVERSATION,
    "me",
  );
  await assertRefused(createConversationSealer({ key: OTHER_KEY }), token);
  await assertRefused(createConversationSealer({ key: PASSPHRASE }), token);
});

Deno.test("createConversationSealer() opens with each of its keys, and seals with the first", async () => {
  const old = createConversationSealer({ key: PASSPHRASE });
  const both = createConversationSealer({ key: [KEY, PASSPHRASE] });
  const now = createConversationSealer({ key: KEY });
  const oldToken = await old.seal(CONVERSATION, "me");
  assertEquals(await both.open(oldToken, "me"), CONVERSATION);
  const newToken = await both.seal(CONVERSATION, "me");
  assertNotEquals(newToken, oldToken);
  assertEquals(await now.open(newToken, "me"), CONVERSATION);
  await assertRefused(old, newToken);
});

Deno.test("createConversationSealer() refuses a token that is too old", async () => {
  const clock = new FakeClock();
  const options = { key: KEY, clock };
  const sealer = createConversationSealer({ ...options, expireIn: 2 * DAY });
  const token = await sealer.seal(CONVERSATION, "me");
  await clock.advance(2 * DAY - 1);
  assertEquals(await sealer.open(token, "me"), CONVERSATION);
  // A shorter expiry holds for tokens that are out there.
  const strict = createConversationSealer({ ...options, expireIn: DAY });
  await assertRefused(strict, token);
  await clock.advance(1);
  await assertRefused(sealer, token);
  const lax = createConversationSealer({ ...options, expireIn: 9 * DAY });
  await assertRefused(lax, token);
});

Deno.test("createConversationSealer() keeps tokens for 30 days", async () => {
  const clock = new FakeClock();
  const sealer = createConversationSealer({ key: KEY, clock });
  const token = await sealer.seal(CONVERSATION, "me");
  await clock.advance(30 * DAY - 1);
  assertEquals(await sealer.open(token, "me"), CONVERSATION);
  await clock.advance(1);
  await assertRefused(sealer, token);
});

Deno.test("createConversationSealer() compresses what is long", async () => {
  const sealer = createConversationSealer({ key: KEY });
  const long = { ...CONVERSATION, systemPrompt: "Be brief. ".repeat(5_000) };
  const token = await sealer.seal(long, "me");
  assertLess(token.length, 1_500);
  assertEquals(await sealer.open(token, "me"), long);
});

Deno.test("createConversationSealer() takes a conversation of 1 MiB, and none that is larger", async () => {
  const sealer = createConversationSealer({ key: KEY });
  const large = createLargeConversation(1_000_000);
  const token = await sealer.seal(large, "me");
  assertEquals(await sealer.open(token, "me"), large);
  const error = await assertRejects(
    () => sealer.seal(createLargeConversation(1_048_576), "me"),
    ProviderError,
  );
  assertEquals(error.code, "too-large");
});

Deno.test("createConversationSealer() refuses an expiry that is none", () => {
  for (const expireIn of [0, -1, NaN]) {
    assertThrows(
      () => createConversationSealer({ key: KEY, expireIn }),
      RangeError,
    );
  }
});
