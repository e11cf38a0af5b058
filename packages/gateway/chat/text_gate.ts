/**
 * Text that waits until it is known whether it is the object that is asked for.
 *
 * @module
 */

/** An object that is asked for. */
export interface CompletionOutput {
  /** Its name; a call by this name is the object. */
  readonly name: string;
  /**
   * Whether its text is shown as it comes, if it begins as an object does: a
   * refusal does not. Otherwise it may come as a call, or with words around it,
   * and is written when it is known.
   */
  readonly isPlain: boolean;
}

/** Lets the text of one answer through, or holds it back. */
export class TextGate {
  /** Whether text is held back: it may be no object. */
  isHeld: boolean;
  readonly #output: CompletionOutput | undefined;
  /** What has come, up to the first character that is no white space. */
  #beginning = "";

  /**
   * Makes the gate of one answer.
   *
   * @param output The object that is asked for; without one all text passes.
   */
  constructor(output: CompletionOutput | undefined) {
    this.#output = output;
    this.isHeld = output !== undefined;
  }

  /**
   * Adds text.
   *
   * @param text The next piece.
   * @returns What is let through.
   */
  add(text: string): string {
    if (!this.isHeld) return text;
    if (!this.#output?.isPlain || this.#beginning.trim() !== "") return "";
    this.#beginning += text;
    if (!this.#beginning.trimStart().startsWith("{")) return "";
    this.isHeld = false;
    return this.#beginning;
  }

  /** Forgets the text: the answer begins anew. */
  restart(): void {
    this.isHeld = this.#output !== undefined;
    this.#beginning = "";
  }
}
