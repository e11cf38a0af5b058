/** The program in a terminal of its own. */
export class Pty implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;
  readonly #reader: ReadableStreamDefaultReader<string>;
  /** What is on the screen, with all that steers it. */
  screen = "";

  /**
   * Starts the program.
   *
   * @param args The command line.
   * @param environment The variables.
   */
  constructor(
    args: readonly string[],
    environment: Readonly<Record<string, string>>,
  ) {
    const program = new URL("../main.ts", import.meta.url).pathname;
    const command = [
      Deno.execPath(),
      "run",
      "--quiet",
      "--no-prompt",
      "--allow-net=127.0.0.1",
      "--allow-env",
      `--allow-read=${environment.HOME}`,
      `--allow-write=${environment.HOME}`,
      program,
      ...args,
    ];
    this.#child = new Deno.Command("script", {
      args: [
        "-qfec",
        command.map((word) => `'${word}'`).join(" "),
        "/dev/null",
      ],
      env: {
        DENO_DIR: Deno.env.get("DENO_DIR") ??
          `${Deno.env.get("HOME")}/.cache/deno`,
        NO_COLOR: "",
        TERM: "xterm-256color",
        ...environment,
      },
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    this.#writer = this.#child.stdin.getWriter();
    this.#reader = this.#child.stdout.pipeThrough(new TextDecoderStream())
      .getReader();
  }

  /** Presses keys. */
  async press(keys: string): Promise<void> {
    await this.#writer.write(new TextEncoder().encode(keys));
  }

  /**
   * Waits until something is on the screen.
   *
   * @returns What came on it since the last time.
   */
  async readUntil(pattern: RegExp): Promise<string> {
    const start = this.screen.length;
    while (!pattern.test(this.screen.slice(start))) {
      const { value, done } = await this.#reader.read();
      if (done) throw new Error(`The screen ends: ${this.screen}`);
      this.screen += value;
    }
    return this.screen.slice(start);
  }

  /** Waits for the end, and gives the exit code. */
  async end(): Promise<number> {
    while (true) {
      const { value, done } = await this.#reader.read();
      if (done) break;
      this.screen += value;
    }
    return (await this.#child.status).code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#writer.close().catch(() => {});
    await this.#reader.cancel();
    await this.#child.status;
  }
}
