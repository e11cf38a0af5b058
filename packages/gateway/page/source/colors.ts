import type { Emitter } from "highlight.js";
import hljs from "highlight.js/lib/common";

/** A part of code that has one colour. */
export interface ColoredText {
  /** What it is, such as `keyword`; "" is plain. */
  readonly kind: string;
  /** The text. */
  readonly text: string;
}

/** Collects parts of code where others write HTML. */
class PartEmitter implements Emitter {
  readonly parts: ColoredText[] = [];
  readonly #kinds: string[] = [];

  openNode(name: string): void {
    // Of "title.function" only the first word has a colour.
    this.#kinds.push(name.split(".")[0] ?? "");
  }

  closeNode(): void {
    this.#kinds.pop();
  }

  startScope(name: string): void {
    this.openNode(name);
  }

  endScope(): void {
    this.closeNode();
  }

  addText(text: string): void {
    if (text === "") return;
    const kind = this.#kinds.at(-1) ?? "";
    const last = this.parts.at(-1);
    if (last?.kind !== kind) this.parts.push({ kind, text });
    else this.parts.splice(-1, 1, { kind, text: last.text + text });
  }

  __addSublanguage(emitter: Emitter): void {
    if (emitter instanceof PartEmitter) this.parts.push(...emitter.parts);
  }

  finalize(): void {}

  toHTML(): string {
    return "";
  }
}

hljs.configure({ __emitter: PartEmitter });

/**
 * Finds what of a code has which colour.
 *
 * @param code The code.
 * @param language Its language, as a model calls it.
 * @returns Its parts; they joined are the code. Nothing where the language is not
 * known.
 */
export function toColors(
  code: string,
  language: string,
): readonly ColoredText[] | undefined {
  if (hljs.getLanguage(language) === undefined) return undefined;
  const { _emitter: emitter } = hljs.highlight(code, {
    language,
    ignoreIllegals: true,
  });
  return emitter instanceof PartEmitter ? emitter.parts : undefined;
}
