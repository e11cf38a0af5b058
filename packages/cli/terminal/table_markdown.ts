import { lexer, type Token, type Tokens } from "marked";
import stringWidth from "string-width";
import { styleTokens } from "./inline_markdown.ts";
import { keepPlain, type Style } from "./style.ts";

const DELIMITERS = /^\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?$/;

/** Whether a line may belong to a table. */
export function isRow(line: string): boolean {
  return line.includes("|");
}

/** Whether a line parts the head of a table from its rows. */
export function isDelimiterRow(line: string): boolean {
  return isRow(line) && DELIMITERS.test(line.trim());
}

/**
 * Lines up the columns of a table.
 *
 * @param lines The lines of the table.
 * @param style How it looks.
 */
export function styleTable(lines: readonly string[], style: Style): string {
  const table = lexer(lines.join("\n")).find(isTable);
  if (table === undefined) return lines.join("\n") + "\n";
  const rows = [table.header, ...table.rows];
  const widths = table.header.map((_cell, column) =>
    rows.reduce((width, row) => Math.max(width, toWidth(row[column])), 0)
  );
  const toLine = (row: readonly Tokens.TableCell[], isHead: boolean) =>
    widths.map((width, column) => {
      const cell = row[column];
      const text = styleTokens(cell?.tokens ?? [], style);
      const space = width - toWidth(cell);
      const shown = isHead ? style("bold", text) : text;
      const before = toSpaceBefore(table.align[column] ?? null, space);
      return " ".repeat(before) + shown + " ".repeat(space - before);
    }).join(style("dim", " │ ")).trimEnd() + "\n";
  const rule = widths.map((width) => "─".repeat(width)).join("─┼─");
  return toLine(table.header, true) + style("dim", rule) + "\n" +
    table.rows.map((row) => toLine(row, false)).join("");
}

function isTable(token: Token): token is Tokens.Table {
  return token.type === "table";
}

function toWidth(cell: Tokens.TableCell | undefined): number {
  return stringWidth(styleTokens(cell?.tokens ?? [], keepPlain));
}

function toSpaceBefore(
  align: "center" | "left" | "right" | null,
  space: number,
): number {
  if (align === "right") return space;
  return align === "center" ? Math.floor(space / 2) : 0;
}
