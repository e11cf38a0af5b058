import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { runInNewContext } from "node:vm";
import { createConversationSealer, type SealingKey } from "../../mod.ts";
import { CONVERSATION } from "../_conversations.ts";

const KEY = new Uint8Array(32).fill(7);
const PASSPHRASE = "an old passphrase of 32 letters!";

function createAesKey(
  usages: readonly KeyUsage[] = ["encrypt", "decrypt"],
): Promise<CryptoKey> {
  return crypto.subtle.generateKey(
    { name: "AES-GCM", length: 256 },
    false,
    [...usages],
  );
}

Deno.test("createConversationSealer() opens what another instance sealed", async () => {
  const keys: readonly SealingKey[] = [
    KEY,
    // One of another realm.
    runInNewContext("new Uint8Array(32).fill(7)"),
    PASSPHRASE,
    await createAesKey(),
  ];
  for (const key of keys) {
    const token = await createConversationSealer({ key }).seal(
      CONVERSATION,
      "me",
    );
    const elsewhere = createConversationSealer({ key });
    assertEquals(await elsewhere.open(token, "me"), CONVERSATION);
  }
});

Deno.test("createConversationSealer() refuses keys that are too short, or of another kind", async () => {
  const hmac = await crypto.subtle.generateKey(
    { name: "HMAC", hash: "SHA-256" },
    false,
    ["sign"],
  );
  const wrong = [
    "a passphrase of 31 characters..",
    new Uint8Array(16),
    new Uint8Array(33),
    Object(new Uint16Array(32)),
    hmac,
    await createAesKey(["encrypt"]),
    [],
    [KEY, ""],
  ];
  for (const key of wrong) {
    const error = assertThrows(
      () => createConversationSealer({ key }),
      TypeError,
    );
    assertMatch(error.message, /^Cannot seal with/);
  }
});

Deno.test("createConversationSealer() copies the bytes of a key", async () => {
  const key = new Uint8Array(KEY);
  const sealer = createConversationSealer({ key });
  key.fill(0);
  const token = await sealer.seal(CONVERSATION, "me");
  const elsewhere = createConversationSealer({ key: KEY });
  assertEquals(await elsewhere.open(token, "me"), CONVERSATION);
});
