const WIDTH = 76;
const INDENT = "  ";

/** Where a screen writes. */
export interface ScreenOptions {
  /** Takes a piece of text. */
  readonly write: (text: string) => Promise<void>;
  /** Whether there may be colours. */
  readonly isColored: boolean;
}

/** Shows answers as they come, each line with an indent and of a readable length. */
export class Screen {
  readonly #write: (text: string) => Promise<void>;
  readonly #isColored: boolean;
  #column = 0;
  /** White space that is written only if a word follows it on the line. */
  #space = "";

  constructor({ write, isColored }: ScreenOptions) {
    this.#write = write;
    this.#isColored = isColored;
  }

  /** Shows a heading, with something of less weight behind it. */
  async heading(text: string, detail: string): Promise<void> {
    await this.#break();
    await this.#write(`\n${this.#paint(1, text)}  ${this.#paint(2, detail)}\n`);
  }

  /** Shows what somebody asks. */
  async question(text: string): Promise<void> {
    await this.#break();
    await this.#write(`\n${INDENT}${this.#paint(36, `> ${text}`)}\n`);
  }

  /** Shows a fact under its name. */
  async fact(name: string, value: string): Promise<void> {
    await this.#break();
    const label = this.#paint(2, `${name}:`.padEnd(14));
    await this.#write(`${INDENT}${label}${value}\n`);
  }

  /** Shows a piece of an answer; a word that does not fit begins a line. */
  async text(piece: string): Promise<void> {
    let shown = "";
    for (const part of piece.match(/\n|[^\S\n]+|\S+/g) ?? []) {
      if (part === "\n") {
        shown += part;
        this.#column = 0;
        this.#space = "";
      } else if (part.trim() === "") {
        this.#space += part;
      } else {
        shown += this.#place(part);
      }
    }
    await this.#write(shown);
  }

  /** Shows a line of no answer. */
  async line(text: string): Promise<void> {
    await this.#break();
    await this.#write(`${text}\n`);
  }

  /** Shows how it went in one line. */
  async verdict(isGood: boolean, text: string): Promise<void> {
    await this.#break();
    await this.#write(`\n${this.#paint(isGood ? 32 : 31, text)}\n`);
  }

  #place(word: string): string {
    let before = this.#column === 0 ? INDENT + this.#space : this.#space;
    if (
      this.#column > 0 && this.#column + before.length + word.length > WIDTH
    ) {
      before = `\n${INDENT}`;
      this.#column = 0;
    }
    this.#space = "";
    this.#column += before.length + word.length;
    return before + word;
  }

  async #break(): Promise<void> {
    if (this.#column > 0) await this.#write("\n");
    this.#column = 0;
    this.#space = "";
  }

  #paint(style: number, text: string): string {
    return this.#isColored ? `\x1b[${style}m${text}\x1b[0m` : text;
  }
}
