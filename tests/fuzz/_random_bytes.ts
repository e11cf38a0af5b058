import { concatBytes, toBytes } from "../_body.ts";
import { pickRandom, randomInt } from "../_random.ts";

/** Text that has been misread before: spaces, ends of lines, marks, planes. */
export const NASTY_TEXT: readonly string[] = [
  "",
  " ",
  "\0",
  "\t",
  "\x0b",
  "\x0c",
  "\x85",
  "\xa0",
  "\u2028",
  "\u2029",
  "\ufeff",
  "\ufffd",
  // The bytes of a BOM, taken for characters.
  "\xef\xbb\xbf",
  "é",
  "日本",
  "😀",
  "👩‍👩‍👧",
  "e\u0301",
  "[DONE]",
  "a:b",
  "\\n",
];

/** Bytes that are no UTF-8: stray, cut short, too long, half a pair, too far. */
const INVALID: readonly (readonly number[])[] = [
  [0x80],
  [0xff],
  [0xc3],
  [0xc0, 0xaf],
  [0xe2, 0x80],
  [0xe0, 0x80, 0x80],
  [0xed, 0xa0, 0xbd],
  [0xf0, 0x9f, 0x98],
  [0xf4, 0x90, 0x80, 0x80],
  [0xef, 0xbb],
];

function cutOut(bytes: Uint8Array, random: () => number): Uint8Array {
  const start = randomInt(random, bytes.length);
  const end = start + randomInt(random, 4);
  return concatBytes([bytes.subarray(0, start), bytes.subarray(end)]);
}

function insert(bytes: Uint8Array, random: () => number): Uint8Array {
  const at = randomInt(random, bytes.length + 1);
  const junk = new Uint8Array(pickRandom(random, INVALID));
  return concatBytes([bytes.subarray(0, at), junk, bytes.subarray(at)]);
}

function truncate(bytes: Uint8Array, random: () => number): Uint8Array {
  return bytes.subarray(0, randomInt(random, bytes.length + 1));
}

/** Joins pieces of text, and damages the bytes of one body in three. */
export function toDamagedBytes(
  pieces: readonly string[],
  random: () => number,
): Uint8Array {
  let bytes: Uint8Array = toBytes(pieces.join(""));
  if (randomInt(random, 3) > 0) return bytes;
  for (let damages = 1 + randomInt(random, 3); damages > 0; damages--) {
    bytes = pickRandom(random, [cutOut, insert, insert, truncate])(
      bytes,
      random,
    );
  }
  return bytes;
}

/** Makes a list of random length. */
export function randomList<T>(
  random: () => number,
  limit: number,
  toItem: () => T,
): T[] {
  return Array.from({ length: randomInt(random, limit) }, toItem);
}
