import type { ChatEvent } from "@parley/chat";
import type { Terminal } from "../terminal/terminal.ts";
import type { AnswerPrinterOptions } from "./answer_printer.ts";
import { writePicture } from "./picture_file.ts";

/** Writes each event of an answer as one line of JSON. */
export class JsonPrinter {
  readonly #terminal: Terminal;
  readonly #options: AnswerPrinterOptions;
  #pictureCount = 0;

  /**
   * Makes a printer.
   *
   * @param terminal What is written to.
   * @param options Where pictures go.
   */
  constructor(terminal: Terminal, options: AnswerPrinterOptions) {
    this.#terminal = terminal;
    this.#options = options;
  }

  /** Writes what came. */
  async print(event: ChatEvent): Promise<void> {
    const { out, signal } = this.#options;
    if (event.type === "image" && out !== undefined) {
      await writePicture(event.image, out, ++this.#pictureCount, signal);
    }
    await this.#terminal.write(`${JSON.stringify(event)}\n`);
  }
}
