/** Gives numbers from 0 to 1. */
export type Random = () => number;

/** Gives a whole number from 0 to `limit - 1`. */
export function randomInt(random: Random, limit: number): number {
  return Math.floor(random() * limit);
}

/** Gives one of several values. */
export function pickRandom<T>(random: Random, values: readonly T[]): T {
  return values[randomInt(random, values.length)] as T;
}

/** Cuts bytes at random places. */
export function cutRandomly(
  bytes: Uint8Array,
  random: Random,
): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let start = 0; start < bytes.length;) {
    const end = start + 1 + randomInt(random, 1 + randomInt(random, 40));
    pieces.push(bytes.slice(start, end));
    start = end;
  }
  return pieces;
}
