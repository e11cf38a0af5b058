/** Gives numbers from 0 to 1, always the same ones for a seed (mulberry32). */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Gives a whole number from 0 to `limit - 1`. */
export function randomInt(random: () => number, limit: number): number {
  return Math.floor(random() * limit);
}

/** Gives one of several values. */
export function pickRandom<T>(random: () => number, values: readonly T[]): T {
  return values[randomInt(random, values.length)] as T;
}

/** Cuts bytes at random places. */
export function cutRandomly(
  bytes: Uint8Array,
  random: () => number,
): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let start = 0; start < bytes.length;) {
    const end = start + 1 + randomInt(random, 1 + randomInt(random, 40));
    pieces.push(bytes.slice(start, end));
    start = end;
  }
  return pieces;
}
