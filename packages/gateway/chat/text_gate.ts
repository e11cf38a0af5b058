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
export interface TextGate {
  /** Whether text is held back: it may be no object. */
  readonly isHeld: boolean;
  /**
   * Adds text.
   *
   * @param text The next piece.
   * @returns What is let through.
   */
  add(text: string): string;
  /** Forgets the text: the answer begins anew. */
  restart(): void;
}

/**
 * Makes the gate of one answer.
 *
 * @param output The object that is asked for; without one all text passes.
 */
export function createTextGate(output: CompletionOutput | undefined): TextGate {
  /** What has come, up to the first character that is no white space. */
  let beginning = "";
  const gate: TextGate & { isHeld: boolean } = {
    isHeld: output !== undefined,
    add(text) {
      if (!gate.isHeld) return text;
      if (!output?.isPlain || beginning.trim() !== "") return "";
      beginning += text;
      if (!beginning.trimStart().startsWith("{")) return "";
      gate.isHeld = false;
      return beginning;
    },
    restart() {
      gate.isHeld = output !== undefined;
      beginning = "";
    },
  };
  return gate;
}
