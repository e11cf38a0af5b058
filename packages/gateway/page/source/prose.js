/**
 * A part of an answer.
 *
 * @typedef {{ type: "paragraph" | "heading" | "code", text: string, language: string }} Block
 */

/**
 * Cuts a text into paragraphs, headings and fenced code. The end of the text may be
 * missing: a fence that is not closed goes on to the end.
 *
 * @param {string} text What a model wrote.
 * @returns {readonly Block[]} Its parts.
 */
export function toBlocks(text) {
  /** @type {Block[]} */
  const blocks = [];
  /** @type {string[]} */
  let lines = [];
  /** @type {{ mark: string, language: string } | undefined} */
  let fence;

  function close() {
    const text = lines.join("\n");
    lines = [];
    if (fence !== undefined) {
      blocks.push({ type: "code", text, language: fence.language });
    } else if (text.trim() !== "") {
      blocks.push({ type: "paragraph", text, language: "" });
    }
    fence = undefined;
  }

  for (const line of text.split("\n")) {
    const [, mark, language = ""] = /^ {0,3}(`{3,}|~{3,})\s*([^\s`]*)[^`]*$/
      .exec(line) ?? [];
    if (fence !== undefined) {
      const isEnd = mark?.startsWith(fence.mark) && language === "";
      if (isEnd) close();
      else lines.push(line);
    } else if (mark !== undefined) {
      close();
      fence = { mark, language };
    } else if (line.trim() === "") {
      close();
    } else if (/^#{1,6} +\S/.test(line)) {
      close();
      const text = line.replace(/^#+ +/, "");
      blocks.push({ type: "heading", text, language: "" });
    } else {
      lines.push(line);
    }
  }
  if (fence !== undefined || lines.length > 0) close();
  return blocks;
}

/**
 * A piece of a paragraph.
 *
 * @typedef {{ type: "text" | "code" | "strong", text: string }} Span
 */

/**
 * Finds what is marked as code or as important in a paragraph.
 *
 * @param {string} text A paragraph.
 * @returns {readonly Span[]} Its pieces.
 */
export function toSpans(text) {
  /** @type {Span[]} */
  const spans = [];
  let start = 0;
  for (
    const match of text.matchAll(/`([^`\n]+)`|\*\*(?=\S)([^*\n]+?)(?<=\S)\*\*/g)
  ) {
    if (match.index > start) {
      spans.push({ type: "text", text: text.slice(start, match.index) });
    }
    const [whole, code, strong = ""] = match;
    spans.push(
      code === undefined
        ? { type: "strong", text: strong }
        : { type: "code", text: code },
    );
    start = match.index + whole.length;
  }
  if (start < text.length) {
    spans.push({ type: "text", text: text.slice(start) });
  }
  return spans;
}
