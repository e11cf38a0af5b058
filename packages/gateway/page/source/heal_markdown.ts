/** A line that begins with no more than marks: what it becomes is not known yet. */
const ONLY_MARKS =
  /(?:^|\n)[ \t>]*(?:[-=*_+#|:`~][-=*_+#|:`~ \t]*|\d{1,9}[.)]?|[ \t])$/;

/** A link whose end has not come. */
const OPEN_LINK =
  /!?\[(?:[^\]\n]{0,120}|[^\]\n]{0,120}\](?:\([^)\s]{0,400})?)$/;

/**
 * Completes the end of a text that is still being written, so that what it means
 * is shown at once and does not change its form with the next word: what is
 * important is so before its last star has come, and what may become a table, a
 * line or a link waits until it is one.
 *
 * @param text The end of a text, from the beginning of a block.
 * @returns The text to be shown.
 */
export function healMarkdown(text: string): string {
  if (isInFence(text)) return text.replace(/\n[ \t]*(?:`{1,2}|~{1,2})$/, "");
  const withoutTable = dropOpenTable(text);
  const start = findLastRun(withoutTable);
  const run = withoutTable.slice(start).replace(OPEN_LINK, "");
  const known = (withoutTable.slice(0, start) + run).replace(ONLY_MARKS, "");
  return closeMarks(known);
}

function isInFence(text: string): boolean {
  let fence = "";
  for (
    const [, mark = "", rest = ""] of text.matchAll(
      /^[ \t>]*(?:(?:[-*+]|\d+[.)])[ \t]+)*(`{3,}|~{3,})([^\n]*)/gm,
    )
  ) {
    if (fence === "") fence = rest.includes("`") && mark[0] === "`" ? "" : mark;
    else if (mark.startsWith(fence) && rest.trim() === "") fence = "";
  }
  return fence !== "";
}

/** Rows are a table once the line below the first is there: three are enough. */
function dropOpenTable(text: string): string {
  const [rows] = /(?:(?:^|\n)[ \t>]*\|[^\n]*){1,3}\n?$/.exec(text) ?? [];
  if (rows === undefined) return text;
  const isKnown = rows.trimStart().split("\n").length > 2;
  return isKnown ? text : text.slice(0, text.length - rows.length);
}

/** Marks do not reach over the end of a paragraph, an item or a cell. */
function findLastRun(text: string): number {
  const tail = text.slice(-2_000);
  const [last] = Array.from(
    tail.matchAll(
      /\n[ \t]*(?:\n|[-*+] |\d+[.)] |#|>|\||(?:`{3,}|~{3,})[^\n]*)/g,
    ),
  ).slice(-1);
  if (last === undefined) return text.length - tail.length;
  return text.length - tail.length + last.index + last[0].length;
}

function closeMarks(text: string): string {
  const start = findLastRun(text);
  const run = text.slice(start);
  const open: string[] = [];
  for (const match of run.matchAll(/\\.|`[^`]+`|`|\*\*|\*|~~|_/g)) {
    const [mark] = match;
    if (mark.length > 1 && !["**", "~~"].includes(mark)) continue;
    const before = run[match.index - 1] ?? "\n";
    const after = run[match.index + mark.length] ?? "";
    const closes = open.lastIndexOf(mark);
    // A name with_lines_in it has no marks.
    if (mark === "_" && closes === -1 && /\w/.test(before)) continue;
    if (closes !== -1 && /\S/.test(before)) open.length = closes;
    else if (!/\s/.test(after)) open.push(mark);
    // In code there are no other marks.
    if (mark === "`") break;
  }
  const innermost = open.at(-1);
  if (innermost === undefined) return text;
  // A mark with nothing behind it is not shown, and half of one is its end.
  const shown = text.endsWith(innermost)
    ? text.slice(0, -innermost.length)
    : closeMark(text, innermost);
  return open.slice(0, -1).reverse().reduce(
    (healed, mark) => healed.trimEnd() + mark,
    shown,
  );
}

function closeMark(text: string, mark: string): string {
  const half = mark.length === 2 && text.endsWith(mark.slice(1));
  return (half ? text.slice(0, -1) : text).trimEnd() + mark;
}
