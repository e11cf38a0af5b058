/**
 * Takes out of an excerpt what it shares with long texts.
 *
 * @module
 */

/** How many characters in a row count as shared. */
export const WINDOW = 16;

/** A run of that many has one block of so many in it, wherever blocks begin. */
export const BLOCK: number = WINDOW / 2;

/**
 * Finds where each block of an excerpt stands in it.
 *
 * @param excerpt The excerpt.
 * @param length How many characters a block has.
 */
export function findBlocks(
  excerpt: string,
  length: number = BLOCK,
): Map<string, number[]> {
  const blocks = new Map<string, number[]>();
  for (let place = 0; place + length <= excerpt.length; place++) {
    const block = excerpt.slice(place, place + length);
    const places = blocks.get(block);
    if (places) places.push(place);
    else blocks.set(block, [place]);
  }
  return blocks;
}

/** How many characters two texts have in common from two places on, up to 16. */
function countSame(
  [one, from]: readonly [string, number],
  [other, otherFrom]: readonly [string, number],
  step: 1 | -1,
): number {
  let count = 0;
  for (let at = 0; count < WINDOW; at += step) {
    const character = one[from + at];
    if (character === undefined || character !== other[otherFrom + at]) break;
    count++;
  }
  return count;
}

/**
 * Replaces each run of characters that are marked.
 *
 * @param excerpt The excerpt.
 * @param marks What is not 0 is marked.
 * @param replacement What takes the place of a run.
 */
export function replaceMarked(
  excerpt: string,
  marks: Uint8Array,
  replacement: string,
): string {
  let result = "";
  for (let place = 0; place < excerpt.length; place++) {
    if (!marks[place]) result += excerpt[place];
    else if (!marks[place - 1]) result += replacement;
  }
  return result;
}

/**
 * Takes out each run of 16 characters or more that an excerpt shares with one of
 * several texts; a shorter text only as a whole. It takes time in proportion to
 * the texts: every eighth character of them is looked at, and more only where the
 * excerpt has the eight that begin there.
 *
 * @param excerpt The excerpt.
 * @param texts The texts.
 * @param replacement What takes the place of a run.
 */
export function redactShared(
  excerpt: string,
  texts: Iterable<string>,
  replacement: string,
): string {
  const blocks = findBlocks(excerpt);
  const isShared = new Uint8Array(excerpt.length);

  /** Looks around a block; tells whether more may be shared there. */
  function compare(place: number, text: string, at: number): boolean {
    const before = countSame([excerpt, place - 1], [text, at - 1], -1);
    const after = countSame([excerpt, place], [text, at], 1);
    if (before + after < WINDOW) return true;
    isShared.fill(1, place - before, place + after);
    const next = isShared.indexOf(0, Math.max(0, place - WINDOW));
    return next !== -1 && next < place + WINDOW;
  }

  function find(text: string): void {
    for (let at = 0; at + BLOCK <= text.length; at += BLOCK) {
      const block = text.slice(at, at + BLOCK);
      const places = blocks.get(block);
      if (places === undefined) continue;
      const open = places.filter((place) => compare(place, text, at));
      if (open.length === 0) blocks.delete(block);
      else if (open.length < places.length) blocks.set(block, open);
    }
  }

  function findWhole(text: string): void {
    let place = text === "" ? -1 : excerpt.indexOf(text);
    while (place !== -1) {
      isShared.fill(1, place, place + text.length);
      place = excerpt.indexOf(text, place + 1);
    }
  }

  for (const text of texts) {
    if (text.length > WINDOW) find(text);
    else findWhole(text);
  }
  return replaceMarked(excerpt, isShared, replacement);
}
