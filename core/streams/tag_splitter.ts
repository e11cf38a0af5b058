/**
 * Text inside and outside of a pair of tags.
 *
 * @module
 */

/** Gets a piece of text, which is never empty, and whether it is inside. */
export type OnPiece = (text: string, isInside: boolean) => void;

/** The tags that are looked for. */
export interface TagPair {
  /** Begins what is inside, such as `<think>`. */
  readonly open: string;
  /** Ends it, such as `</think>`. */
  readonly close: string;
  /**
   * Whether the text begins inside.
   *
   * @default {false}
   */
  readonly beginsInside?: boolean;
}

/** Splits one text that comes in pieces. */
export interface TagSplitter {
  /**
   * Splits a piece. The end of it is held back where it may begin a tag.
   *
   * @param piece The piece.
   * @param onPiece Gets what it completes, without the tags.
   */
  push(piece: string, onPiece: OnPiece): void;
  /**
   * Ends the text: what was held back is no tag.
   *
   * @param onPiece Gets it.
   */
  end(onPiece: OnPiece): void;
}

/** How long an end of the text is that begins a tag. */
function measureBeginning(text: string, tag: string): number {
  let start = text.indexOf(
    tag.charAt(0),
    Math.max(0, text.length - tag.length),
  );
  while (start !== -1 && !tag.startsWith(text.slice(start))) {
    start = text.indexOf(tag.charAt(0), start + 1);
  }
  return start === -1 ? 0 : text.length - start;
}

/**
 * Makes a splitter of one text, whose tags may be cut anywhere. Tags do not
 * nest, and one that is not closed reaches to the end.
 *
 * @param tags The tags.
 */
export function createTagSplitter(
  { open, close, beginsInside = false }: TagPair,
): TagSplitter {
  let isInside = beginsInside;
  let held = "";

  function emit(text: string, onPiece: OnPiece): void {
    if (text !== "") onPiece(text, isInside);
  }

  return {
    push(piece, onPiece) {
      const first = (isInside ? close : open).charAt(0);
      if (held === "" && !piece.includes(first)) return emit(piece, onPiece);
      let rest = held + piece;
      for (;;) {
        const tag = isInside ? close : open;
        const index = rest.indexOf(tag);
        if (index === -1) {
          const end = rest.length - measureBeginning(rest, tag);
          held = rest.slice(end);
          emit(rest.slice(0, end), onPiece);
          return;
        }
        emit(rest.slice(0, index), onPiece);
        isInside = !isInside;
        rest = rest.slice(index + tag.length);
      }
    },
    end(onPiece) {
      emit(held, onPiece);
      held = "";
    },
  };
}
