/**
 * What one text repeats of another.
 *
 * @module
 */

/** How much of the end of a text is searched for the beginning of a repeat. */
const MAX_OVERLAP = 4 * 1024;

/** Where a word or a line may begin; some scripts have no spaces. */
const BEGINNING =
  /(?<![\p{L}\p{N}])\S|[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}]/gu;

/** The fewest letters that no text begins with by chance. */
export const MIN_LETTERS = 3;

const NO_LETTERS = /\P{L}+/gu;

/** Cuts off the beginning of a text, where it repeats the end of another. */
export interface OverlapCutter {
  /**
   * Reads a piece.
   *
   * @param piece What comes next.
   * @returns What is new of it, and of what was held back.
   */
  write(piece: string): string;
  /**
   * Ends the text.
   *
   * @returns What was held back and is new.
   */
  end(): string;
}

/**
 * Makes a cutter. What may still turn out to be repeated is held back. A repeat
 * begins where a word does: that "Mis" ends like "sissippi" begins is chance.
 *
 * @param shown The text that may be repeated.
 * @param minLetters How many letters a repeat has at least.
 */
export function createOverlapCutter(
  shown: string,
  minLetters: number,
): OverlapCutter {
  let isDecided = false;
  let held = "";
  /** How much white space was skipped, and how much was compared after it. */
  let skipped = 0;
  let compared = 0;
  /** Where the repeat may begin in what was shown, the longest first. */
  let starts = findStarts(shown, minLetters);

  function take(length: number): string {
    isDecided = true;
    const rest = held.slice(length);
    held = "";
    return rest;
  }

  function isWhole(start: number): boolean {
    return compared >= shown.length - start;
  }

  function decide(start: number | undefined): string {
    if (start === undefined) return take(0);
    return isWhole(start) ? take(skipped + shown.length - start) : "";
  }

  return {
    write(piece) {
      if (isDecided) return piece;
      held += piece;
      // Models leave out the space before their first word, or add one.
      const text = compared === 0 ? piece.trimStart() : piece;
      skipped += piece.length - text.length;
      starts = starts.filter((start) => {
        const position = start + compared;
        const left = Math.max(0, shown.length - position);
        return shown.startsWith(text.slice(0, left), position);
      });
      compared += text.length;
      return decide(starts[0]);
    },
    end: () => isDecided ? "" : decide(starts.find(isWhole)),
  };
}

function findStarts(shown: string, minLetters: number): number[] {
  const tail = Math.max(0, shown.length - MAX_OVERLAP);
  const found = Array.from(
    shown.slice(tail).matchAll(BEGINNING),
    ({ index }) => tail + index,
  );
  // It may also be repeated from its very beginning, as some servers do.
  const first = shown.search(/\S/);
  const starts = new Set([first, ...found]);
  let letters = 0;
  let end = shown.length;
  // Counted from the end, so that no letter is counted twice.
  const long = [...starts].toReversed().filter((start) => {
    letters += shown.slice(start, end).replace(NO_LETTERS, "").length;
    end = start;
    return start >= 0 &&
      letters >= (start === first ? MIN_LETTERS : minLetters);
  });
  return long.toReversed();
}
