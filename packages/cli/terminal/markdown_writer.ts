import { isClosed, styleInline } from "./inline_markdown.ts";
import type { Style } from "./style.ts";
import { isDelimiterRow, isRow, styleTable } from "./table_markdown.ts";

const FENCE = /^\s*(`{3,}|~{3,})/;
const HEADING = /^ {0,3}(#{1,6})\s(.*)$/;
const RULE = /^ {0,3}(?:(?:\*\s*){3,}|(?:-\s*){3,}|(?:_\s*){3,})$/;
const PREFIX = /^(\s*)((?:>\s?)*)([-*+]\s+|\d{1,9}[.)]\s+)?(\[[ xX]\]\s+)?/;

/** A line of which only the end tells what it is, or whose first word is cut. */
const UNDECIDED = /^\s*(?:`{3}|~{3}|#)|^[-*_=+\s]*$|^\s*\S*$|\|/;

/** How many letters wait for what closes them. */
const MAX_HELD = 300;

/**
 * Gives Markdown its looks while it comes. What is written stands: a line is
 * written up to the last space after which nothing can change how it looks.
 */
export class MarkdownWriter {
  readonly #style: Style;
  /** What has come of a line, and is not written. */
  #held = "";
  /** How long what is held must be to be looked at again. */
  #patience = 0;
  /** Whether the beginning of the line is written. */
  #isBegun = false;
  /** What closes the code that is open. */
  #fence: string | undefined;
  /** The lines of what may be a table. */
  #table: string[] = [];

  /**
   * Makes a writer.
   *
   * @param style How things look.
   */
  constructor(style: Style) {
    this.#style = style;
  }

  /**
   * Takes a piece.
   *
   * @returns What can be written.
   */
  write(text: string): string {
    this.#held += text;
    if (!text.includes("\n")) return this.#flush();
    const lines = this.#held.split("\n");
    this.#held = lines.pop() ?? "";
    return lines.map((line) => this.#endLine(line)).join("") + this.#flush();
  }

  /**
   * Takes the end.
   *
   * @returns What is still to be written.
   */
  end(): string {
    const line = this.#held;
    this.#held = "";
    const rest = line === "" ? "" : this.#endLine(line).replace(/\n$/, "");
    return rest + this.#endTable();
  }

  #flush(): string {
    if (this.#fence !== undefined || this.#table.length > 0) return "";
    const isLong = this.#held.length > MAX_HELD;
    const end = this.#held.lastIndexOf(" ") + 1 ||
      (isLong ? this.#held.length : 0);
    const part = this.#held.slice(0, end);
    if (part === "") return "";
    if (!isLong) {
      if (!this.#isBegun && UNDECIDED.test(this.#held)) return "";
      // Looked at ever less often, so that a long line costs no more a letter.
      if (part.length < this.#patience) return "";
      const text = this.#isBegun ? part : part.replace(PREFIX, "");
      if (text === "" || !isClosed(text)) {
        this.#patience = part.length * 1.25;
        return "";
      }
    }
    this.#patience = 0;
    this.#held = this.#held.slice(end);
    const shown = this.#toLine(part);
    this.#isBegun = true;
    return shown;
  }

  /** Writes a line whose end has come. */
  #endLine(line: string): string {
    this.#patience = 0;
    if (this.#isBegun) {
      this.#isBegun = false;
      return styleInline(line, this.#style) + "\n";
    }
    if (this.#fence !== undefined) return this.#toCode(line, this.#fence);
    const isTable = this.#table.length === 1
      ? isDelimiterRow(line)
      : isRow(line);
    if (isTable) {
      this.#table.push(line);
      return "";
    }
    const before = this.#endTable();
    if (isRow(line)) {
      this.#table.push(line);
      return before;
    }
    return `${before}${this.#toLine(line)}\n`;
  }

  #endTable(): string {
    const lines = this.#table;
    this.#table = [];
    if (lines.length > 1) return styleTable(lines, this.#style);
    return lines.map((line) => `${this.#toLine(line)}\n`).join("");
  }

  #toCode(line: string, fence: string): string {
    const mark = line.trim();
    if (mark.startsWith(fence) && /^(.)\1*$/.test(mark)) {
      this.#fence = undefined;
      return `${this.#style("dim", line)}\n`;
    }
    return `${this.#style("cyan", line)}\n`;
  }

  /** Writes a line, or its beginning. */
  #toLine(line: string): string {
    const style = this.#style;
    if (this.#isBegun) return styleInline(line, style);
    const [, fence] = FENCE.exec(line) ?? [];
    if (fence !== undefined) {
      this.#fence = fence;
      return style("dim", line);
    }
    const [, marks, title = ""] = HEADING.exec(line) ?? [];
    if (marks !== undefined) {
      const text = styleInline(toTitle(title), style);
      return style(marks.length === 1 ? ["bold", "underline"] : "bold", text);
    }
    if (RULE.test(line)) return style("dim", "─".repeat(40));
    const [prefix = "", space = "", quote = "", item = "", box = ""] =
      PREFIX.exec(line) ?? [];
    return space + style("dim", quote.replaceAll(">", "│")) +
      style("yellow", item.replace(/^[-*+]/, "•") + toBox(box)) +
      styleInline(line.slice(prefix.length), style);
  }
}

/** Leaves out the marks that may stand after a heading, too. */
function toTitle(text: string): string {
  return text.trim().replace(/(?<=\s)#+$/, "").trimEnd();
}

function toBox(box: string): string {
  return box.replace(/^\[ \]/, "☐").replace(/^\[[xX]\]/, "☑");
}
