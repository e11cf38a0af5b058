import { Lexer, type Token, type Tokens } from "marked";
import type { Look, Style } from "./style.ts";

const LOOKS: Readonly<Record<string, Look>> = {
  strong: "bold",
  em: "italic",
  del: "strikethrough",
  codespan: "cyan",
};

/** What may begin something that has not ended yet. */
const OPENING = /[`~[]|\*(?!\s)|(?<![\p{L}\p{N}])_|<[a-z!/]/iu;

/** What is no link, for a space follows it. */
const BRACKETS = /\[[^[\]]*\]/g;

/** The most marks in a line: what pairs them takes the square of it. */
const MAX_MARKS = 1_000;

function lexLine(text: string): readonly Token[] {
  const marks = text.match(/[*_~`[\]()<@!\\]/g)?.length ?? 0;
  return marks > MAX_MARKS
    ? [{ type: "text", raw: text, text }]
    : Lexer.lexInline(text);
}

/**
 * Whether what follows a text in its line cannot change how it looks.
 *
 * @param text The beginning of a line, up to a space.
 */
export function isClosed(text: string): boolean {
  return lexLine(text)
    .every(({ type, raw }) =>
      type !== "text" || !OPENING.test(raw.replaceAll(BRACKETS, ""))
    );
}

/** Gives a line of Markdown its looks. */
export function styleInline(text: string, style: Style): string {
  return styleTokens(lexLine(text), style);
}

/** Gives tokens of a line their looks. */
export function styleTokens(tokens: readonly Token[], style: Style): string {
  return tokens.map((token) => {
    const look = LOOKS[token.type];
    if (look !== undefined) return style(look, toInner(token, style));
    if (isLink(token)) return styleLink(token, style);
    if (token.type === "escape" && "text" in token) return token.text;
    return token.raw;
  }).join("");
}

function toInner(token: Token, style: Style): string {
  if ("tokens" in token && token.tokens !== undefined) {
    return styleTokens(token.tokens, style);
  }
  return "text" in token ? token.text : token.raw;
}

function isLink(token: Token): token is Tokens.Link | Tokens.Image {
  return token.type === "link" || token.type === "image";
}

/** Shows where a link leads beside what it says, for the two may differ. */
function styleLink(
  token: Tokens.Link | Tokens.Image,
  style: Style,
): string {
  const text = toInner(token, style);
  const isBare = token.text === token.href ||
    token.href === `mailto:${token.text}`;
  return isBare
    ? style("underline", text)
    : `${style("underline", text)} ${style("dim", `(${token.href})`)}`;
}
