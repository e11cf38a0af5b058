/** Options of {@linkcode TestProgress}. */
export interface TestProgressOptions {
  /** How many modules of tests there are. */
  readonly parts: number;
  /** Whether a line can be written over. */
  readonly isTerminal: boolean;
  readonly write: (text: string) => void;
  /**
   * Gives the time, in milliseconds.
   *
   * @default {the time of the system}
   */
  readonly now?: () => number;
}

/** Milliseconds between two lines where none can be written over. */
const INTERVAL = 10_000;

/** Turns what the runner says into one line of progress, and its failures. */
export class TestProgress {
  readonly #options: TestProgressOptions;
  readonly #now: () => number;
  readonly #start: number;
  readonly #seen = new Set<string>();
  #shownAt: number;
  #rest = "";
  #passed = 0;
  #failed = 0;
  #isOver = false;

  constructor(options: TestProgressOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#start = this.#shownAt = this.#now();
  }

  /** Reads what the runner writes, cut anywhere. */
  read(text: string): void {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) this.#readLine(line);
    if (!this.#isOver) this.#show();
  }

  /** Writes what is left. */
  end(): void {
    if (this.#rest !== "") this.#readLine(this.#rest);
  }

  #readLine(line: string): void {
    // What fails is shown in full, and at last how many passed.
    this.#isOver ||= line.trim() === "ERRORS" ||
      /^(?:ok|FAILED) \| \d+ passed/.test(line) || line.startsWith("error: ");
    if (this.#isOver) {
      this.#clear();
      this.#options.write(`${line}\n`);
      return;
    }
    // Modules that run side by side have their path in front of each test.
    const [, path] = /^(\S+\.ts) => .* \.\.\. /.exec(line) ?? [];
    if (path !== undefined) this.#seen.add(path);
    if (/ \.\.\. .*\bok\b|^ok \(/.test(line)) this.#passed++;
    else if (/ \.\.\. .*\bFAILED\b|^FAILED \(/.test(line)) this.#failed++;
  }

  #show(): void {
    const { isTerminal, write, parts } = this.#options;
    const now = this.#now();
    if (!isTerminal && now - this.#shownAt < INTERVAL) return;
    this.#shownAt = now;
    const seconds = Math.round((now - this.#start) / 1_000);
    const line = `${this.#seen.size}/${parts} parts, ${this.#passed} passed, ` +
      `${this.#failed} failed, ${seconds} s`;
    write(isTerminal ? `\r\x1b[K${line}` : `${line}\n`);
  }

  #clear(): void {
    if (this.#options.isTerminal) this.#options.write("\r\x1b[K");
  }
}
