/** An example in documentation. */
export interface DocumentationExample {
  /** The number of its first line. */
  readonly line: number;
  /** Its code, in the lines in which the text has it. */
  readonly code: string;
}

/** A block of code, in Markdown or in the comment of a symbol. */
const BLOCK = /^((?: *\* )?)```ts\n([^]*?)^\1```$/gm;

/** What a comment has in front of each line. */
const MARGIN = /^ *\* ?/gm;

/** Where something is imported from. */
const SPECIFIER = /(?<=\b(?:from|import) ")[^"]+/g;

/**
 * Finds the examples in documentation that run. What they import by a name that
 * only their own folder knows is imported by its full name.
 *
 * @param text The text of a module, or Markdown.
 * @param imports What such names stand for.
 */
export function findExamples(
  text: string,
  imports: ReadonlyMap<string, string>,
): DocumentationExample[] {
  return Array.from(text.matchAll(BLOCK), (match) => {
    const [, margin, block = ""] = match;
    const lines = text.slice(0, match.index).split("\n").length;
    const code = (margin === "" ? block : block.replaceAll(MARGIN, ""))
      .replaceAll(SPECIFIER, (name) => imports.get(name) ?? name);
    return { line: lines + 1, code: "\n".repeat(lines) + code };
  });
}
