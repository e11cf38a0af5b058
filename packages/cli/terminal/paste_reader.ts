/** What terminals write before what is pasted, and after it. */
const START = "\x1b[200~";
const END = "\x1b[201~";

/** Stands for a line feed within a line. */
const LINE_FEED = "␤";

/** Lets what is pasted be one line, whatever lines it has. */
export class PasteReader {
  readonly #decoder = new TextDecoder();
  /** What may be, or is, the beginning of something pasted. */
  #held = "";

  /** Takes what came from a terminal, and gives what was typed. */
  read(piece: Uint8Array): string {
    const text = this.#held + this.#decoder.decode(piece, { stream: true });
    const cut = findCut(text);
    const [typed = "", ...pastes] = text.slice(0, cut).split(START);
    this.#held = text.slice(cut);
    return typed + pastes.map((paste) => {
      const [pasted = "", after] = paste.split(END);
      if (after !== undefined) return toOneLine(pasted) + after;
      // The rest is still to come.
      this.#held = START + paste + this.#held;
      return "";
    }).join("");
  }

  /** Gives a line back the lines that were pasted. */
  static restore(line: string): string {
    return line.replaceAll(LINE_FEED, "\n");
  }
}

/** Finds where a mark begins of which the rest is still to come. */
function findCut(text: string): number {
  for (let length = START.length - 1; length > 1; length--) {
    const begun = text.slice(-length);
    if (START.startsWith(begun) || END.startsWith(begun)) {
      return text.length - begun.length;
    }
  }
  // An escape alone is a key.
  return text.length;
}

function toOneLine(pasted: string): string {
  return pasted.replace(/(?<![\r\n])[\r\n]+$/, "")
    .replaceAll(/\r\n?|\n/g, LINE_FEED)
    .replaceAll(/\p{Cc}/gu, " ");
}
