import { cutRandomly, pickRandom, randomInt } from "../_random.ts";

/** Bodies longer than this are cut less finely, so that tests stay fast. */
const LONG = 4_000;

/** Whether a cut before this byte falls inside a character or a CR LF. */
function isInside(bytes: Uint8Array, index: number): boolean {
  const byte = bytes[index] ?? 0;
  return (byte & 0xc0) === 0x80 || (byte === 0x0a && bytes[index - 1] === 0x0d);
}

/** Cuts where it hurts, and nearly nowhere else. */
function cutInside(bytes: Uint8Array, random: () => number): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  let start = 0;
  for (let index = 1; index < bytes.length; index++) {
    const odds = isInside(bytes, index) ? 0.7 : 0.02;
    if (random() > odds) continue;
    pieces.push(bytes.subarray(start, index));
    start = index;
  }
  return [...pieces, bytes.subarray(start)];
}

function cutEvenly(bytes: Uint8Array, size: number): Uint8Array[] {
  return Array.from(
    { length: Math.ceil(bytes.length / size) },
    (_, index) => bytes.subarray(index * size, (index + 1) * size),
  );
}

/** Cuts bytes as a network could, empty chunks included. */
export function cutAnyhow(
  bytes: Uint8Array,
  random: () => number,
): Uint8Array[] {
  const cuts = [
    () => [bytes],
    () => cutInside(bytes, random),
    () => cutEvenly(bytes, 1 + randomInt(random, bytes.length)),
    ...(bytes.length > LONG ? [] : [
      () => cutEvenly(bytes, 1),
      () => cutRandomly(bytes, random),
      () => cutRandomly(bytes, random),
    ]),
  ];
  const chunks = pickRandom(random, cuts)();
  if (randomInt(random, 4) > 0) return chunks;
  const empty = new Uint8Array();
  return chunks.flatMap((chunk) =>
    randomInt(random, 3) === 0 ? [empty, chunk, empty] : [chunk]
  );
}
