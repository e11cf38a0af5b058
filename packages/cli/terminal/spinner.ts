import type { Terminal } from "./terminal.ts";

const FRAMES = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏";

/** Milliseconds for each frame. */
const PACE = 80;

/** Shows on standard error that something is awaited. */
export class Spinner implements Disposable {
  readonly #terminal: Terminal;
  #timer: ReturnType<typeof setInterval> | undefined;
  #count = 0;
  #last: Promise<void> = Promise.resolve();

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  /** Whether it is shown. */
  get isRunning(): boolean {
    return this.#timer !== undefined;
  }

  /** Starts it, where a person sees it. */
  start(): void {
    const { isTerminal, environment } = this.#terminal;
    if (!isTerminal.errors || environment.get("TERM") === "dumb") return;
    this.#timer = setInterval(() => this.#show(), PACE);
    this.#show();
  }

  /** Ends it, and leaves no trace. */
  async stop(): Promise<void> {
    if (this.#timer === undefined) return;
    this[Symbol.dispose]();
    await this.#last;
    await this.#terminal.writeError("\r\x1b[K");
  }

  #show(): void {
    const frame = FRAMES[this.#count++ % FRAMES.length] ?? "";
    this.#last = this.#terminal.writeError(`\r${frame}`);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
