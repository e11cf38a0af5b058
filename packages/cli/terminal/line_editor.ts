import type { Buffer } from "node:buffer";
import { createInterface, type Interface } from "node:readline";
import { PassThrough, Writable } from "node:stream";
import { PasteReader } from "./paste_reader.ts";
import type { Interruption, Terminal } from "./terminal.ts";

/** What a person did at a prompt: wrote, pressed Ctrl-C, or left. */
export type Typed =
  | { readonly type: "line"; readonly line: string }
  | { readonly type: "interrupt" }
  | { readonly type: "end" };

/** Asks the terminal to tell what is pasted from what is typed. */
const PASTE_ON = "\x1b[?2004h";
const PASTE_OFF = "\x1b[?2004l";

/**
 * Reads lines that a person edits, with a history. What is typed while nobody
 * reads is kept for the next line, and shown then.
 */
export class LineEditor implements AsyncDisposable {
  readonly #terminal: Terminal;
  readonly #keys = new PassThrough();
  readonly #lines: Interface;
  readonly #pump: Promise<void>;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>;
  readonly #typed: Typed[] = [];
  #isShown = false;
  #isClosed = false;
  #wake: (() => void) | undefined;
  #onInterrupt: (() => void) | undefined;

  /**
   * Starts to read.
   *
   * @param terminal What is read from and written to.
   * @param history What was written before, the newest first.
   */
  constructor(terminal: Terminal, history: readonly string[]) {
    this.#terminal = terminal;
    const write = (piece: string) => {
      if (this.#isShown) void this.#show(piece);
    };
    const output = new Writable({
      write(piece: Buffer, _encoding, done) {
        write(piece.toString());
        done();
      },
    });
    this.#lines = createInterface({
      input: this.#keys,
      output: Object.defineProperty(output, "columns", {
        get: () => terminal.columns,
      }),
      terminal: true,
      history: [...history],
      historySize: 1_000,
      removeHistoryDuplicates: true,
    });
    this.#lines.on("line", (line) => this.#add({ type: "line", line }));
    this.#lines.on("SIGINT", () => this.#interrupt());
    this.#lines.on("close", () => {
      this.#isClosed = true;
      this.#wake?.();
    });
    terminal.setRaw(true);
    this.#reader = terminal.input.getReader();
    this.#pump = this.#readKeys();
  }

  /**
   * Reads what a person does next.
   *
   * @param prompt What stands before the line.
   */
  async read(prompt: string): Promise<Typed> {
    this.#isShown = true;
    await this.#show(PASTE_ON);
    if (!this.#isClosed) {
      this.#lines.setPrompt(prompt);
      this.#lines.prompt(true);
    }
    try {
      while (this.#typed.length === 0 && !this.#isClosed) {
        await new Promise<void>((resolve) => this.#wake = resolve);
      }
      const typed = this.#typed.shift() ?? { type: "end" };
      if (typed.type === "end") await this.#show("\n");
      return typed.type === "line"
        ? { type: "line", line: PasteReader.restore(typed.line) }
        : typed;
    } finally {
      this.#isShown = false;
      await this.#show(PASTE_OFF);
    }
  }

  /** Watches for Ctrl-C while no line is read. */
  watchInterruption(): Interruption {
    const controller = new AbortController();
    this.#onInterrupt = () => controller.abort();
    return {
      signal: controller.signal,
      [Symbol.dispose]: () => this.#onInterrupt = undefined,
    };
  }

  /** Writes where a person sees it, and leaves what is piped on alone. */
  #show(text: string): Promise<void> {
    const { isTerminal } = this.#terminal;
    return isTerminal.output
      ? this.#terminal.write(text)
      : this.#terminal.writeError(text);
  }

  #add(typed: Typed): void {
    this.#typed.push(typed);
    this.#wake?.();
  }

  #interrupt(): void {
    if (this.#onInterrupt !== undefined) return this.#onInterrupt();
    // Clears the line as a shell does.
    this.#lines.write(null, { ctrl: true, name: "e" });
    this.#lines.write(null, { ctrl: true, name: "u" });
    this.#add({ type: "interrupt" });
  }

  async #readKeys(): Promise<void> {
    const pastes = new PasteReader();
    while (true) {
      const { value, done } = await this.#reader.read();
      if (done) break;
      this.#keys.write(pastes.read(value));
    }
    this.#keys.end();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#terminal.setRaw(false);
    this.#lines.close();
    await this.#reader.cancel();
    await this.#pump;
  }
}
