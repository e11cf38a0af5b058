import type {
  ChatEvent,
  FinishEvent,
  GeneratedImage,
  Source,
} from "@parley/chat";
import { MarkdownWriter } from "../terminal/markdown_writer.ts";
import { toPrintable, toPrintableLine } from "../terminal/printable.ts";
import { Spinner } from "../terminal/spinner.ts";
import { applyLook, type Style, toStyle } from "../terminal/style.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { keepPicture, writePicture } from "./picture_file.ts";

/** Options for {@linkcode AnswerPrinter}. */
export interface AnswerPrinterOptions {
  /** Where pictures go. */
  readonly out?: string | undefined;
  readonly signal: AbortSignal;
}

/** Writes an answer, and what there is to say about it. */
export class AnswerPrinter implements Disposable {
  readonly #terminal: Terminal;
  readonly #options: AnswerPrinterOptions;
  readonly #style: Style;
  readonly #spinner: Spinner;
  readonly #markdown: MarkdownWriter | undefined;
  #isLineOpen = false;
  #isReasoning = false;
  #pictureCount = 0;
  readonly #sources: Source[] = [];

  /**
   * Makes a printer, and shows that an answer is awaited.
   *
   * @param terminal What is written to.
   * @param options Where pictures go.
   */
  constructor(terminal: Terminal, options: AnswerPrinterOptions) {
    this.#terminal = terminal;
    this.#options = options;
    this.#style = toStyle(terminal, "output");
    this.#markdown = this.#style === applyLook
      ? new MarkdownWriter(this.#style)
      : undefined;
    this.#spinner = new Spinner(terminal);
    this.#spinner.start();
  }

  /** Writes what came. */
  async print(event: ChatEvent): Promise<void> {
    switch (event.type) {
      case "text":
        return await this.#printText(event.text);
      case "reasoning":
        return await this.#printReasoning(event.text);
      case "image":
        return await this.#printPicture(event.image);
      case "source":
        this.#sources.push(event.source);
        return;
      case "warning":
        return await this.warn(event.message);
      case "finish":
        return await this.#finish(event);
    }
  }

  /** Tells what a person may want to know. */
  async warn(message: string): Promise<void> {
    const isAwaited = this.#spinner.isRunning;
    await this.leave();
    const label = toStyle(this.#terminal, "errors")("yellow", "warning:");
    await this.#terminal.writeError(`${label} ${toPrintable(message)}\n`);
    if (isAwaited) this.#spinner.start();
  }

  /** Writes what is held, and leaves the line that a person sees. */
  async leave(): Promise<void> {
    await this.#write(this.#markdown?.end() ?? "");
    await this.#spinner.stop();
    if (this.#isLineOpen && this.#terminal.isTerminal.output) {
      await this.#write("\n");
    }
  }

  async #printText(text: string): Promise<void> {
    if (this.#isReasoning) {
      this.#isReasoning = false;
      await this.#write(this.#isLineOpen ? "\n\n" : "\n");
    }
    if (this.#markdown !== undefined) {
      // An upstream must not steer the terminal.
      return await this.#write(this.#markdown.write(toPrintable(text)));
    }
    const isSeen = this.#terminal.isTerminal.output;
    await this.#write(isSeen ? toPrintable(text) : text);
  }

  async #printReasoning(text: string): Promise<void> {
    if (this.#markdown === undefined || !this.#terminal.isTerminal.output) {
      return;
    }
    const lines = toPrintable(text).split("\n");
    await this.#write(
      lines.map((line) => this.#style("dim", line)).join("\n"),
    );
    this.#isReasoning = true;
  }

  async #printPicture(image: GeneratedImage): Promise<void> {
    const { out, signal } = this.#options;
    await this.#closeLine();
    const count = ++this.#pictureCount;
    if (out !== undefined) {
      return await this.#write(
        `${await writePicture(image, out, count, signal)}\n`,
      );
    }
    if (image.url?.startsWith("http")) {
      return await this.#write(`${toPrintable(image.url)}\n`);
    }
    const place = this.#terminal.isTerminal.output
      // Nobody wants to see a million letters.
      ? await keepPicture(image, ".", signal)
      : await image.dataUrl({ signal });
    await this.#write(`${place}\n`);
  }

  async #finish({ reason, text }: FinishEvent): Promise<void> {
    await this.#closeLine();
    await this.#printSources();
    if (reason !== "stop") await this.warn(`The answer ended by: ${reason}`);
    if (text !== undefined) {
      // What is written cannot be taken back.
      const change = "The upstream changed its answer at the end to:\n";
      await this.warn(change + text);
    }
    if (this.#options.out !== undefined && this.#pictureCount === 0) {
      const { out } = this.#options;
      await this.warn(`There is no picture for "${toPrintableLine(out)}"`);
    }
  }

  async #printSources(): Promise<void> {
    if (!this.#terminal.isTerminal.output) return;
    for (const [index, { url, title = "" }] of this.#sources.entries()) {
      const line = toPrintable(`[${index + 1}] ${title} ${url}`);
      await this.#write(`${this.#style("dim", line)}\n`);
    }
  }

  async #closeLine(): Promise<void> {
    await this.#write(this.#markdown?.end() ?? "");
    if (this.#isLineOpen) await this.#write("\n");
  }

  async #write(text: string): Promise<void> {
    if (text === "") return;
    await this.#spinner.stop();
    this.#isLineOpen = !text.endsWith("\n");
    await this.#terminal.write(text);
  }

  [Symbol.dispose](): void {
    this.#spinner[Symbol.dispose]();
  }
}
