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
