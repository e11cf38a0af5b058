/**
 * Makes a source of numbers that gives the same ones for a seed, always and
 * everywhere (mulberry32): what it drives can be repeated.
 *
 * @example Usage
 * ```ts
 * import { createRandom } from "@parley/testing";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(createRandom(7)(), createRandom(7)());
 * ```
 *
 * @param seed A whole number.
 * @returns Gives the next number, from 0 up to but not including 1.
 */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
