/**
 * Conversations that their clients keep, under a seal.
 *
 * @module
 */

import {
  type Clock,
  type Conversation,
  decodeBase64,
  encodeBase64,
} from "@parley/chat";
import { SYSTEM_CLOCK } from "@parley/chat/provider";
import {
  invalidConversation,
  packConversation,
  unpackConversation,
} from "./conversation_codec.ts";
import type { ConversationKeeper } from "../options/conversation_keeper.ts";
import { type SealingKey, toSealingKeys } from "./sealing_key.ts";

/** Options of {@linkcode createConversationSealer}. */
export interface ConversationSealerOptions {
  /**
   * What seals: an AES-GCM key, 32 random bytes, or a random passphrase of at
   * least 32 characters. Of several the first one seals and each one opens, so
   * that a key can be replaced.
   */
  readonly key: SealingKey | readonly SealingKey[];
  /**
   * For how long a token opens, in milliseconds.
   *
   * @default {2_592_000_000}
   */
  readonly expireIn?: number | undefined;
  /** Where time comes from; for tests. */
  readonly clock?: Clock | undefined;
}

/** The first byte of a token. */
const VERSION = 2;

/** The bytes of an initialization vector, which AES-GCM wants. */
const IV_LENGTH = 12;

/**
 * The bytes before the conversation: when it was sealed, until when, and how long
 * it is.
 */
const HEAD_LENGTH = 20;

/**
 * What is sealed has a multiple of so many bytes, so that its length shows
 * nothing of a cookie, not even to who can choose the words beside it.
 */
const STEP = 1_024;

// `@std/encoding` needs `ArrayBuffer.transfer`, which Node.js 20 lacks.
function encodeBase64Url(bytes: Uint8Array): string {
  return encodeBase64(bytes).replaceAll("+", "-").replaceAll("/", "_")
    .replace(/=+$/, "");
}

function decodeBase64Url(token: string): Uint8Array<ArrayBuffer> {
  const text = token.replaceAll("-", "+").replaceAll("_", "/");
  return new Uint8Array(
    decodeBase64(text.padEnd(Math.ceil(text.length / 4) * 4, "=")),
  );
}

/** What is sealed along: a token opens for no other key of the gateway. */
function toParameters(
  iv: Uint8Array<ArrayBuffer>,
  keyId: string,
): AesGcmParams {
  const additionalData = new TextEncoder().encode(
    `parley conversation ${VERSION} ${keyId}`,
  );
  return { name: "AES-GCM", iv, additionalData };
}

/** Tries each key: none of them says that it fits before it opens. */
async function decrypt(
  keys: readonly CryptoKey[],
  parameters: AesGcmParams,
  sealed: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  for (const key of keys) {
    const opened = await crypto.subtle.decrypt(parameters, key, sealed)
      .catch(() => undefined);
    if (opened !== undefined) return new Uint8Array(opened);
  }
  throw invalidConversation();
}

/**
 * Makes conversations into tokens that their clients keep, so that the gateway
 * needs no memory: any other instance with the same key opens them.
 *
 * A token is encrypted (AES-256-GCM), opens only with the API key that it was
 * made for, and expires. Whatever is wrong with one, the error is the same.
 * What was said is compressed, and its length rounded up to a whole KiB. A key
 * should be replaced before it has sealed four billion tokens.
 *
 * @param options What seals, and for how long.
 * @returns The keeper. `seal()` rejects with code `too-large` over 1 MiB, and
 * `open()` with code `conversation-expired`.
 * @throws {TypeError} If a key is too short or of another kind.
 * @throws {RangeError} If `expireIn` is not a positive number.
 *
 * @example Usage
 * ```ts
 * import type { Conversation } from "@parley/chat";
 * import { createConversationSealer } from "@parley/gateway";
 * import { assertEquals, assertRejects } from "@std/assert";
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
 * const key = crypto.getRandomValues(new Uint8Array(32));
 * const token = await createConversationSealer({ key }).seal(conversation, "me");
 *
 * const elsewhere = createConversationSealer({ key });
 * assertEquals(await elsewhere.open(token, "me"), conversation);
 * await assertRejects(() => elsewhere.open(token, "you"));
 * ```
 */
export function createConversationSealer(
  { key, expireIn = 2_592_000_000, clock = SYSTEM_CLOCK }:
    ConversationSealerOptions,
): ConversationKeeper {
  if (!(expireIn > 0)) {
    throw new RangeError(
      `Cannot create a sealer: "expireIn" is not a positive number: ${expireIn}`,
    );
  }
  const keys = toSealingKeys(key);

  async function open(token: string, keyId: string): Promise<Conversation> {
    const bytes = decodeBase64Url(token);
    if (bytes[0] !== VERSION) throw invalidConversation();
    const iv = bytes.slice(1, 1 + IV_LENGTH);
    const opened = await decrypt(
      await keys,
      toParameters(iv, keyId),
      bytes.subarray(1 + IV_LENGTH),
    );
    const head = new DataView(opened.buffer);
    const now = clock.now();
    // Tokens that are out there obey an expiry that is shortened later, too.
    const expiry = Math.min(
      head.getFloat64(8),
      head.getFloat64(0) + expireIn,
    );
    if (!(now < expiry)) throw invalidConversation();
    return await unpackConversation(
      opened.slice(HEAD_LENGTH, HEAD_LENGTH + head.getUint32(16)),
    );
  }

  return {
    async seal(conversation, keyId) {
      const packed = await packConversation(conversation);
      const length = HEAD_LENGTH + packed.length;
      const bytes = new Uint8Array(Math.ceil(length / STEP) * STEP);
      const head = new DataView(bytes.buffer);
      head.setFloat64(0, clock.now());
      head.setFloat64(8, clock.now() + expireIn);
      head.setUint32(16, packed.length);
      bytes.set(packed, HEAD_LENGTH);
      const iv = crypto.getRandomValues(new Uint8Array(IV_LENGTH));
      const [first] = await keys;
      const sealed = new Uint8Array(
        await crypto.subtle.encrypt(toParameters(iv, keyId), first, bytes),
      );
      const token = new Uint8Array(1 + IV_LENGTH + sealed.length);
      token[0] = VERSION;
      token.set(iv, 1);
      token.set(sealed, 1 + IV_LENGTH);
      return encodeBase64Url(token);
    },
    async open(token, keyId) {
      try {
        return await open(token, keyId);
      } catch {
        // To say what is wrong would help who tries tokens.
        throw invalidConversation();
      }
    },
  };
}
