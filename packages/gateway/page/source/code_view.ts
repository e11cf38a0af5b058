import type { ColoredText } from "./colors.ts";
import { createCopyButton } from "./copy.ts";
import { element } from "./element.ts";

/** The most characters that are coloured while more are coming. */
const MAX_GROWING = 10_000;

/** The most characters that are coloured at all. */
const MAX_COLORED = 200_000;

/** Code with a bar above it. */
export class CodeView {
  /** What shows it. */
  readonly element: HTMLElement;
  readonly #code = element("code");
  readonly #language: string;
  #text = "";
  /** What is coloured; behind it there may be plain text. */
  #parts: readonly ColoredText[] = [];

  /** @param language Its language, or "". */
  constructor(language: string) {
    this.#language = language;
    const scroller = element("pre", {}, this.#code);
    scroller.tabIndex = 0;
    scroller.role = "group";
    scroller.ariaLabel = language === "" ? "Code" : `Code: ${language}`;
    const bar = element(
      "div",
      { class: "bar" },
      element("span", {}, language),
      createCopyButton("Copy code", () => this.#text),
    );
    this.element = element("div", { class: "code" }, bar, scroller);
  }

  /**
   * Shows the code as it is now.
   *
   * @param text The code.
   * @param isClosed Whether nothing more comes.
   */
  update(text: string, isClosed: boolean): void {
    if (text !== this.#text) this.#write(text);
    const most = isClosed ? MAX_COLORED : MAX_GROWING;
    if (this.#language !== "" && text.length <= most) void this.#paint();
  }

  #write(text: string): void {
    const added = text.slice(this.#text.length);
    const last = this.#code.lastChild;
    if (!text.startsWith(this.#text)) {
      this.#code.textContent = text;
      this.#parts = [];
    } else if (last instanceof Text) last.appendData(added);
    else this.#code.append(added);
    this.#text = text;
  }

  /** Colours what there is, and leaves alone what has its colour already. */
  async #paint(): Promise<void> {
    const { toColors } = await import("./colors.ts");
    const parts = toColors(this.#text, this.#language);
    if (parts === undefined) return;
    const same = parts.findIndex(({ kind, text }, index) => {
      const painted = this.#parts[index];
      return kind !== painted?.kind || text !== painted.text;
    });
    const kept = same === -1 ? parts.length : same;
    while (this.#code.childNodes.length > kept) this.#code.lastChild?.remove();
    this.#code.append(
      ...parts.slice(kept).map(({ kind, text }) =>
        kind === ""
          ? document.createTextNode(text)
          : element("span", { class: `c-${kind}` }, text)
      ),
    );
    this.#parts = parts;
  }
}
