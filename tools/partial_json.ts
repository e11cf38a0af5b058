/**
 * JSON that is not whole yet.
 *
 * @module
 */

/** An object or array that is open. */
interface Container {
  readonly value: Record<string, unknown> | unknown[];
  /** Where it stands in what holds it. */
  readonly slot: string | number;
  /** The key of the value that comes next, in an object. */
  key: string | undefined;
}

/** Where the next value of a container goes. */
function toSlot({ value, key }: Container): string | number {
  return Array.isArray(value) ? value.length : key ?? "";
}

function put(
  container: Container["value"],
  slot: string | number,
  value: unknown,
): void {
  // It would change the object instead of being one of its own.
  if (slot !== "__proto__") Reflect.set(container, slot, value);
}

function copy(value: Container["value"]): Container["value"] {
  return Array.isArray(value) ? [...value] : { ...value };
}

const ESCAPES: Readonly<Record<string, string>> = {
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

/**
 * Parses JSON as it comes, each character once. What stands before the first
 * object or array is passed over; numbers and words count when they are whole.
 */
export class PartialJson {
  readonly #open: Container[] = [];
  #root: unknown;
  #hasRoot = false;
  /** The string that is open; its text so far. */
  #text: string | undefined;
  /** An escape that is not whole, with its backslash. */
  #escape = "";
  /** A number or word that is not whole. */
  #word = "";
  #isWhole = false;
  #hasChanged = false;

  /** Whether anything has come since the last snapshot. */
  get hasChanged(): boolean {
    return this.#hasChanged;
  }

  /**
   * Adds a piece.
   *
   * @param piece The piece.
   */
  push(piece: string): void {
    let index = 0;
    while (index < piece.length && !this.#isWhole) {
      if (this.#text !== undefined && this.#escape === "") {
        index = this.#readText(piece, index);
      } else {
        this.#read(piece[index] ?? "");
        index++;
      }
    }
  }

  /** Adds as much of a string as needs no look at its characters. */
  #readText(piece: string, start: number): number {
    let end = start;
    while (end < piece.length && piece[end] !== '"' && piece[end] !== "\\") {
      end++;
    }
    if (end > start) this.#addText(piece.slice(start, end));
    if (piece[end] === "\\") this.#escape = "\\";
    else if (piece[end] === '"') this.#endText();
    return end + 1;
  }

  #read(character: string): void {
    if (this.#escape !== "") return this.#readEscape(character);
    if (!this.#hasRoot && character !== "{" && character !== "[") return;
    if (/[\w.+-]/.test(character)) {
      this.#word += character;
      return;
    }
    this.#endWord();
    switch (character) {
      case '"':
        this.#text = "";
        this.#addText("");
        break;
      case "{":
        this.#begin({});
        break;
      case "[":
        this.#begin([]);
        break;
      case "}":
      case "]":
        this.#open.pop();
        this.#isWhole = this.#open.length === 0;
        break;
    }
  }

  #readEscape(character: string): void {
    this.#escape += character;
    const kind = this.#escape[1];
    if (kind === "u" && this.#escape.length < 6) return;
    this.#addText(
      kind === "u"
        ? String.fromCharCode(parseInt(this.#escape.slice(2), 16))
        : ESCAPES[character] ?? character,
    );
    this.#escape = "";
  }

  /** Whether the string that is open is the key of an object. */
  get #isKey(): boolean {
    const { value, key } = this.#open.at(-1) ?? {};
    return !Array.isArray(value) && key === undefined;
  }

  /** Adds to the string that is open; a key is shown with its value. */
  #addText(text: string): void {
    this.#text += text;
    this.#hasChanged ||= !this.#isKey;
  }

  #begin(value: Container["value"]): void {
    const top = this.#open.at(-1);
    const slot = top === undefined ? "" : toSlot(top);
    if (top === undefined) this.#root = value;
    this.#add(value);
    this.#hasRoot = true;
    this.#hasChanged = true;
    this.#open.push({ value, slot, key: undefined });
  }

  #endText(): void {
    const top = this.#open.at(-1);
    const text = this.#text;
    const hasChanged = this.#hasChanged;
    this.#text = undefined;
    if (top === undefined) return;
    if (this.#isKey) {
      top.key = text;
      return;
    }
    this.#add(text);
    // All of it was shown while it was open.
    this.#hasChanged = hasChanged;
  }

  #endWord(): void {
    if (this.#word === "") return;
    try {
      this.#add(JSON.parse(this.#word));
    } catch {
      // The end of the answer says what is wrong with it.
    }
    this.#word = "";
  }

  #add(value: unknown): void {
    const top = this.#open.at(-1);
    if (top === undefined) return;
    put(top.value, toSlot(top), value);
    top.key = undefined;
    this.#hasChanged = true;
  }

  /**
   * Gives what has come so far. Only what is still open is copied; the rest is
   * shared with later snapshots.
   *
   * @returns The value; `undefined` before it begins.
   */
  toSnapshot(): unknown {
    this.#hasChanged = false;
    const top = this.#open.at(-1);
    if (top === undefined) return this.#root;
    let inner = copy(top.value);
    if (this.#text !== undefined && !this.#isKey) {
      put(inner, toSlot(top), this.#text);
    }
    for (let depth = this.#open.length - 1; depth > 0; depth--) {
      const { value = [] } = this.#open[depth - 1] ?? {};
      const outer = copy(value);
      put(outer, this.#open[depth]?.slot ?? "", inner);
      inner = outer;
    }
    return inner;
  }
}
