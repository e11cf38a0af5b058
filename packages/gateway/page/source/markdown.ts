import {
  Lexer,
  type Token,
  Tokenizer,
  type Tokens,
  type TokensList,
} from "marked";
import { healMarkdown } from "./heal_markdown.ts";
import { type ProseNode, toProseNodes } from "./prose_node.ts";

/** The most marks in one run of text: what pairs them takes the square of it. */
const MAX_MARKS = 1_000;

/** The most lists and quotes inside of each other. */
const MAX_DEPTH = 20;

/** What a link may refer to. */
const REFERENCE = /^ {0,3}\[[^[\]\n]+\]:/m;

/** Takes the marks of too many quotes inside of each other as text. */
class BoundedTokenizer extends Tokenizer {
  #depth = 0;

  override blockquote(source: string): Tokens.Blockquote | undefined {
    // One that goes on in a line without a mark is read again, by itself.
    if (this.#depth === MAX_DEPTH) return undefined;
    this.#depth++;
    try {
      return super.blockquote(source);
    } finally {
      this.#depth--;
    }
  }
}

/** Reads Markdown in a time that no text can make long. */
class BoundedLexer extends Lexer {
  #depth = 0;

  override blockTokens(
    source: string,
    tokens?: Token[],
    isClipped?: boolean,
  ): Token[];
  override blockTokens(
    source: string,
    tokens?: TokensList,
    isClipped?: boolean,
  ): TokensList;
  override blockTokens(
    source: string,
    tokens: Token[] = [],
    isClipped?: boolean,
  ): Token[] {
    if (this.#depth === MAX_DEPTH) {
      tokens.push({ type: "text", raw: source, text: source });
      return tokens;
    }
    this.#depth++;
    try {
      return super.blockTokens(source, tokens, isClipped);
    } finally {
      this.#depth--;
    }
  }

  override inlineTokens(source: string, tokens: Token[] = []): Token[] {
    const isLong = source.length > MAX_MARKS;
    if (isLong && countMarks(source) > MAX_MARKS) {
      tokens.push({ type: "text", raw: source, text: source });
      return tokens;
    }
    return super.inlineTokens(source, tokens);
  }
}

function countMarks(source: string): number {
  return source.match(/[*_~`[\]()<@!\\]/g)?.length ?? 0;
}

/**
 * Reads a text that grows. What can change no more is read once, and stays the
 * same object.
 */
export class MarkdownReader {
  #text = "";
  /** How much of the text is settled. */
  #length = 0;
  #settled: ProseNode[] = [];
  #links: TokensList["links"] = {};

  /**
   * Reads what there is of a text.
   *
   * @param written The text so far.
   * @param isWhole Whether nothing more comes.
   * @returns Its parts.
   */
  read(written: string, isWhole: boolean): readonly ProseNode[] {
    const text = written.includes("\r")
      ? written.replaceAll(/\r\n?/g, "\n")
      : written;
    // What a link refers to may stand after it.
    const refers = isWhole && REFERENCE.test(text);
    if (refers || !text.startsWith(this.#text)) {
      this.#length = 0;
      this.#settled = [];
    }
    this.#text = text;
    const tail = text.slice(this.#length);
    const tokens = this.#lex(isWhole ? tail : healMarkdown(tail));
    const last = tokens.findLastIndex(({ type }) => type !== "space");
    const settled = tokens.slice(0, Math.max(last, 0));
    for (const token of settled) {
      this.#length += token.raw.length;
      if (token.type !== "def") continue;
      const { tag, href, title } = token;
      this.#links[tag] ??= { href, title };
    }
    this.#settled.push(...toProseNodes(settled));
    return [...this.#settled, ...toProseNodes(tokens.slice(settled.length))];
  }

  #lex(text: string): readonly Token[] {
    const lexer = new BoundedLexer({
      gfm: true,
      tokenizer: new BoundedTokenizer(),
    });
    lexer.tokens.links = { ...this.#links };
    return lexer.lex(text);
  }
}
