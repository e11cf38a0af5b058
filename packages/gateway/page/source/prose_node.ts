import { characterEntitiesHtml4 as ENTITIES } from "character-entities-html4";
import type { MarkedToken, Token, Tokens } from "marked";

/** A part of a text, as it is shown. */
export interface ProseNode {
  /** The element that shows it; `#text` is none, `code-block` has a bar of its own. */
  readonly tag: string;
  /** What it was made of: where this is the same, what is shown stands. */
  readonly source: string;
  /** Its text, where it has no children. */
  readonly text?: string;
  /** Its children. */
  readonly children?: readonly ProseNode[];
  /** Where a link goes. */
  readonly href?: string;
  /** The language of code. */
  readonly language?: string;
  /** Whether nothing more comes to code. */
  readonly isClosed?: boolean;
  /** The first number of a list. */
  readonly start?: number;
  /** Whether a task is done. */
  readonly isChecked?: boolean;
  /** To which side a cell keeps. */
  readonly align?: string;
}

/**
 * Makes what is shown of the tokens of a text. There is no HTML in it: a tag that
 * a model writes is text.
 *
 * @param tokens The tokens.
 * @returns The parts.
 */
export function toProseNodes(tokens: readonly Token[]): readonly ProseNode[] {
  return tokens.flatMap((token) => toNode(token) ?? []);
}

/** Tells what is known of a token, for those of extensions have any type. */
function toNode(token: Token): ProseNode | undefined {
  const known = token as MarkedToken;
  const { raw: source } = known;
  switch (known.type) {
    case "space":
    case "def":
      return undefined;
    case "heading": {
      // The page has the first two levels.
      const tag = `h${Math.min(known.depth + 2, 6)}`;
      return { tag, source, children: toProseNodes(known.tokens) };
    }
    case "paragraph":
      return { tag: "p", source, children: toProseNodes(known.tokens) };
    case "blockquote":
      return {
        tag: "blockquote",
        source,
        children: toProseNodes(known.tokens),
      };
    case "code":
      return toCode(known);
    case "list":
      return toList(known);
    case "table":
      return toTable(known);
    case "hr":
    case "br":
      return { tag: known.type, source };
    case "strong":
    case "em":
    case "del":
      return {
        tag: known.type,
        source,
        children: toProseNodes(known.tokens),
      };
    case "codespan":
      return { tag: "code", source, children: [toText(source, known.text)] };
    case "checkbox":
      return { tag: "input", source, isChecked: known.checked };
    case "link":
      return toLink(known, known.tokens);
    case "image":
      // Nobody is asked for it unless the person wants it.
      return toLink(known, [
        { type: "text", raw: known.text, text: known.text || "Picture" },
      ]);
    case "html":
      if (/^<br ?\/?>$/i.test(source)) return { tag: "br", source };
      return known.block
        ? { tag: "p", source, children: [toText(source, source.trimEnd())] }
        : toText(source, source);
    case "text":
      if ("tokens" in known && known.tokens !== undefined) {
        return { tag: "span", source, children: toProseNodes(known.tokens) };
      }
      return toText(source, decodeEntities(known.text));
    default:
      return toText(source, "text" in known ? known.text : source);
  }
}

function toText(source: string, text: string): ProseNode {
  return { tag: "#text", source, text };
}

function toCode({ raw: source, text, lang = "" }: Tokens.Code): ProseNode {
  const [fence] = /^ {0,3}(?:`{3,}|~{3,})/.exec(source) ?? [];
  const end = source.trimEnd().split("\n").at(-1)?.trim() ?? "";
  const isClosed = fence === undefined ||
    (source.includes("\n") && end.startsWith(fence.trim()) &&
      /^(?:`+|~+)$/.test(end));
  const [language = ""] = /^[\w+#.-]*/.exec(lang.trim()) ?? [];
  return { tag: "code-block", source, text, language, isClosed };
}

function toList({ raw: source, ordered, start, loose, items }: Tokens.List) {
  const children = items.map((item) => ({
    tag: "li",
    // A list that becomes loose has other items.
    source: loose ? `loose ${item.raw}` : item.raw,
    children: toProseNodes(item.tokens),
    isChecked: item.task ? item.checked ?? false : undefined,
  }));
  return ordered
    ? { tag: "ol", source, start: Number(start) || 0, children }
    : { tag: "ul", source, children };
}

function toTable({ raw: source, header, rows }: Tokens.Table): ProseNode {
  const toRow = (cells: readonly Tokens.TableCell[]) => ({
    tag: "tr",
    source: JSON.stringify(cells.map(({ text, align }) => [text, align])),
    children: cells.map((cell) => ({
      tag: cell.header ? "th" : "td",
      source: cell.text,
      align: cell.align ?? undefined,
      children: toProseNodes(cell.tokens),
    })),
  });
  const head = toRow(header);
  return {
    tag: "table",
    source,
    children: [
      { tag: "thead", source: head.source, children: [head] },
      { tag: "tbody", source, children: rows.map(toRow) },
    ],
  };
}

/** A link that leads nowhere safe is its text. */
function toLink(
  { raw: source, href, ...link }: Tokens.Link | Tokens.Image,
  tokens: readonly Token[],
): ProseNode {
  const isLiteral = "autolink" in link && link.autolink === true;
  const url = URL.parse(isLiteral ? href : decodeEntities(href));
  const isSafe = url !== null &&
    ["http:", "https:", "mailto:"].includes(url.protocol);
  const children = toProseNodes(tokens);
  return isSafe
    ? { tag: "a", source, href: url.href, children }
    : { tag: "span", source, children };
}

/** Reads `&amp;` and its like as the character that they stand for. */
function decodeEntities(text: string): string {
  return text.includes("&")
    ? text.replaceAll(
      /&(?:#x([\da-f]{1,6})|#(\d{1,7})|(\w{2,31}));/gi,
      (whole, hex, decimal, name) => {
        if (name !== undefined) {
          return Object.hasOwn(ENTITIES, name) ? ENTITIES[name] ?? "" : whole;
        }
        const point = hex ? parseInt(hex, 16) : Number(decimal);
        return point > 0 && point <= 0x10ffff && !(point >> 11 === 0x1b)
          ? String.fromCodePoint(point)
          : "\ufffd";
      },
    )
    : text;
}
