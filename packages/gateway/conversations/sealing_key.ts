/**
 * The keys that seal conversations.
 *
 * @module
 */

import { isBytes } from "@parley/chat/provider";

/**
 * What seals conversations: an AES-GCM key, 32 random bytes, or a random
 * passphrase of at least 32 characters.
 */
export type SealingKey = CryptoKey | Uint8Array | string;

const AES = { name: "AES-GCM", length: 256 };

/**
 * Stretches a passphrase to a key. It is random, so there is nothing to slow
 * down as for a password of a person: PBKDF2 would take a quarter of a second
 * of every cold start.
 */
async function derive(passphrase: string): Promise<CryptoKey> {
  const encoder = new TextEncoder();
  const secret = await crypto.subtle.importKey(
    "raw",
    encoder.encode(passphrase),
    "HKDF",
    false,
    ["deriveKey"],
  );
  const parameters = {
    name: "HKDF",
    hash: "SHA-256",
    salt: new Uint8Array(),
    info: encoder.encode("parley conversation"),
  };
  return await crypto.subtle.deriveKey(parameters, secret, AES, false, [
    "encrypt",
    "decrypt",
  ]);
}

/** Checks a key; to make one of it comes when all are checked. */
function toImport(key: SealingKey): () => Promise<CryptoKey> {
  if (typeof key === "string") {
    if (key.length >= 32) return () => derive(key);
    throw new TypeError(
      "Cannot seal with a passphrase of less than 32 characters",
    );
  }
  if (isBytes(key)) {
    const bytes = new Uint8Array(key);
    if (bytes.length === 32) {
      return () =>
        crypto.subtle.importKey("raw", bytes, AES, false, [
          "encrypt",
          "decrypt",
        ]);
    }
    throw new TypeError(
      `Cannot seal with a key of ${key.length} bytes, not 32`,
    );
  }
  const { algorithm, usages } = key;
  if (
    algorithm?.name === "AES-GCM" && usages.includes("encrypt") &&
    usages.includes("decrypt")
  ) return () => Promise.resolve(key);
  throw new TypeError(
    "Cannot seal with a key that is not for AES-GCM, or may not encrypt and decrypt",
  );
}

/**
 * Prepares keys.
 *
 * @param key One key, or several.
 * @returns The keys in their order, at least one.
 * @throws {TypeError} If one is too short or of another kind, or there is none.
 */
export function toSealingKeys(
  key: SealingKey | readonly SealingKey[],
): Promise<readonly [CryptoKey, ...CryptoKey[]]> {
  const list: readonly SealingKey[] = Array.isArray(key) ? key : [key];
  const [first, ...others] = list.map(toImport);
  if (first === undefined) throw new TypeError("Cannot seal without a key");
  return Promise.all([first(), ...others.map((other) => other())]);
}
