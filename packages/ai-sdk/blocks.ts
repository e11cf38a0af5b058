/**
 * Blocks of text and reasoning, which the models of the AI SDK and its page
 * write alike.
 *
 * @module
 */

/** What a block holds. */
type Kind = "text" | "reasoning";

/** A piece of a block. */
export type BlockPart =
  | { type: `${Kind}-start` | `${Kind}-end`; id: string }
  | { type: `${Kind}-delta`; id: string; delta: string };

/** Writes blocks one after another, each with an id of its own. */
export class Blocks {
  readonly #emit: (part: BlockPart) => void;
  #open: { readonly kind: Kind; readonly id: string } | undefined;
  #count = 0;

  constructor(emit: (part: BlockPart) => void) {
    this.#emit = emit;
  }

  /**
   * Adds text, to a new block where the open one is of another kind.
   *
   * @param kind What the text is.
   * @param delta The text.
   */
  append(kind: Kind, delta: string): void {
    if (this.#open?.kind !== kind) {
      this.close();
      this.#open = { kind, id: `${kind}-${this.#count++}` };
      this.#emit({ type: `${kind}-start`, id: this.#open.id });
    }
    this.#emit({ type: `${kind}-delta`, id: this.#open.id, delta });
  }

  /**
   * Ends the block that is open.
   *
   * @param only What it must hold.
   */
  close(only?: Kind): void {
    if (this.#open === undefined) return;
    const { kind, id } = this.#open;
    if (only !== undefined && only !== kind) return;
    this.#open = undefined;
    this.#emit({ type: `${kind}-end`, id });
  }

  /** Forgets the block that is open: what it holds is void. */
  reset(): void {
    this.#open = undefined;
  }
}
