/**
 * Conversations that are kept in a key-value store.
 *
 * @module
 */

import { toHex } from "../http/to_hex.ts";
import type { Clock, Conversation } from "@parley/chat";
import { isBytes, SYSTEM_CLOCK } from "@parley/chat/provider";
import type { KvLike } from "@parley/chat/failover";
import * as z from "zod/mini";
import {
  invalidConversation,
  joinBytes,
  packConversation,
  tooLargeConversation,
  unpackConversation,
} from "./conversation_codec.ts";
import type { ConversationKeeper } from "../options/conversation_keeper.ts";

/** Options of {@linkcode createConversationStore}. */
export interface ConversationStoreOptions {
  /**
   * For how long a conversation is kept, in milliseconds: a whole number.
   *
   * @default {2_592_000_000}
   */
  readonly expireIn?: number | undefined;
  /**
   * What the keys of all entries begin with.
   *
   * @default {["parley", "conversations"]}
   */
  readonly prefix?: readonly string[] | undefined;
  /** Where time comes from; for tests. */
  readonly clock?: Clock | undefined;
}

/** What is kept under an id. */
const ENTRY = z.object({
  /** A store deletes what has expired when it likes. */
  expiresAt: z.number(),
  /** How many parts there are; the first one is here. */
  parts: z.int().check(z.positive()),
  bytes: z.custom<Uint8Array>(isBytes),
});

/** Deno KV takes values of 64 KiB, and 800 KiB at once. */
const PART_BYTES = 60_000;
const MAX_PARTS = 10;

/** Makes an id that cannot be guessed. */
function createToken(): string {
  return toHex(crypto.getRandomValues(new Uint8Array(16)));
}

function split(bytes: Uint8Array): Uint8Array[] {
  const count = Math.ceil(bytes.length / PART_BYTES);
  if (count > MAX_PARTS) throw tooLargeConversation(PART_BYTES * MAX_PARTS);
  return Array.from(
    { length: count },
    (_, index) => bytes.slice(index * PART_BYTES, (index + 1) * PART_BYTES),
  );
}

/**
 * Keeps conversations in Deno KV; their clients get a random id. Each answer has
 * a new one, and the one before stays: a client can go on from there twice.
 *
 * An id opens only with the API key that it was made for, and expires. What was
 * said is compressed, and nothing is encrypted.
 *
 * @param kv What `Deno.openKv()` gives; closing it is up to the caller.
 * @param options For how long, and where.
 * @returns The keeper. `seal()` rejects with code `too-large` over 1 MiB, or
 * 600,000 bytes compressed, and `open()` with code `conversation-expired`.
 * @throws {RangeError} If `expireIn` is not a positive whole number.
 *
 * @example Usage
 * ```ts
 * import type { Conversation } from "@parley/chat";
 * import { createConversationStore } from "@parley/gateway";
 * import { assertEquals } from "@std/assert";
 *
 * const conversation: Conversation = {
 *   version: 1,
 *   provider: "AiChats",
 *   origin: "https://chat.example",
 *   id: "65f0a1b2c3d4e5f601234567",
 *   model: "gpt-4",
 *   systemPrompt: "",
 *   cookies: {},
 * };
 * using kv = await Deno.openKv(":memory:");
 * const store = createConversationStore(kv);
 * const token = await store.seal(conversation, "me");
 *
 * assertEquals(await store.open(token, "me"), conversation);
 * ```
 */
export function createConversationStore(
  kv: KvLike,
  options: ConversationStoreOptions = {},
): ConversationKeeper {
  const {
    expireIn = 2_592_000_000,
    prefix = ["parley", "conversations"],
    clock = SYSTEM_CLOCK,
  } = options;
  if (!Number.isSafeInteger(expireIn) || expireIn <= 0) {
    throw new RangeError(
      `Cannot create a store: "expireIn" is not a positive whole number: ${expireIn}`,
    );
  }

  async function readPart(
    key: readonly string[],
    index: number,
  ): Promise<Uint8Array> {
    const { value } = await kv.get([...key, `${index}`]);
    if (isBytes(value)) return value;
    throw invalidConversation();
  }

  async function open(token: string, keyId: string): Promise<Conversation> {
    const key = [...prefix, keyId, token];
    const entry = ENTRY.safeParse((await kv.get(key)).value);
    if (!entry.success || !(clock.now() < entry.data.expiresAt)) {
      throw invalidConversation();
    }
    const { bytes, parts } = entry.data;
    const others = Array.from(
      { length: parts - 1 },
      (_, index) => readPart(key, index + 1),
    );
    return await unpackConversation(
      await joinBytes(bytes, ...await Promise.all(others)),
    );
  }

  return {
    async seal(conversation, keyId) {
      const parts = split(await packConversation(conversation));
      const token = createToken();
      const key = [...prefix, keyId, token];
      const entry = {
        expiresAt: clock.now() + expireIn,
        parts: parts.length,
        bytes: parts[0],
      };
      const changes = parts.slice(1).reduce(
        (changes, part, index) =>
          changes.set([...key, `${index + 1}`], part, { expireIn }),
        kv.atomic().set(key, entry, { expireIn }),
      );
      await changes.commit();
      return token;
    },
    async open(token, keyId) {
      // What is no id is not looked for.
      if (!/^[0-9a-f]{32}$/.test(token)) throw invalidConversation();
      return await open(token, keyId);
    },
  };
}
