import { assertEquals, assertInstanceOf } from "@std/assert";
import {
  decodeBase64,
  detectMediaType,
  encodeBase64,
  getPersonaId,
  getProvider,
  ProviderError,
  toDataUrl,
} from "../../mod.ts";
import { pickRandom, randomInt } from "../_random.ts";
import { fuzz } from "./_cases.ts";
import { randomList } from "./_random_bytes.ts";
import { randomKey, randomText } from "./_random_json.ts";

/** How pictures begin, so that more than their first byte is looked at. */
const SIGNATURES = ["", "\x89PNG", "\xff\xd8", "GIF8", "RIFF", "\0\0\0", "BM"];

function randomBytes(random: () => number): Uint8Array {
  const signature = pickRandom(random, SIGNATURES);
  return new Uint8Array([
    ...Array.from(signature, (character) => character.charCodeAt(0)),
    ...randomList(random, 80, () => randomInt(random, 256)),
  ]);
}

fuzz("decodeBase64() undoes encodeBase64(), for random bytes", (random) => {
  const bytes = randomBytes(random);
  const text = encodeBase64(bytes);
  assertEquals(decodeBase64(text), bytes);
  assertEquals(decodeBase64(` ${text.replace(/=+$/, "")}\n`), bytes);
}, { share: 0.05 });

fuzz("decodeBase64() takes or refuses any text", (random) => {
  const valid = encodeBase64(randomBytes(random));
  const at = randomInt(random, valid.length + 1);
  const text = valid.slice(0, at) + randomText(random) + valid.slice(at);
  try {
    assertInstanceOf(decodeBase64(text), Uint8Array);
  } catch (error) {
    assertInstanceOf(error, TypeError);
  }
}, { share: 0.05 });

fuzz("toDataUrl() names the type that detectMediaType() tells", (random) => {
  const bytes = randomBytes(random);
  const type = detectMediaType(bytes) ?? "application/octet-stream";
  assertEquals(toDataUrl(bytes), `data:${type};base64,${encodeBase64(bytes)}`);
}, { share: 0.05 });

const LOOKUPS = { getProvider, getPersonaId };

for (const [name, find] of Object.entries(LOOKUPS)) {
  fuzz(`${name}() knows or refuses any name`, (random) => {
    try {
      find(pickRandom(random, [randomText, randomKey])(random));
    } catch (error) {
      assertInstanceOf(error, ProviderError);
    }
  }, { share: 0.05 });
}
