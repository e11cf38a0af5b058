/**
 * Where the program finds its variables. One that may not be seen is absent:
 * nobody is asked for a permission.
 */
export type Environment = Pick<Deno.Env, "get" | "toObject">;

/** Ctrl-C, or a request to end, until it is disposed of. */
export interface Interruption extends Disposable {
  /** Aborts at the first one. A second one ends the process. */
  readonly signal: AbortSignal;
}

/** What a command reads from and writes to. */
export interface Terminal {
  /** Standard input. */
  readonly input: ReadableStream<Uint8Array<ArrayBuffer>>;
  /** Which streams a person sees or types into. */
  readonly isTerminal: {
    readonly input: boolean;
    readonly output: boolean;
    readonly errors: boolean;
  };
  /** How many letters a line has now. */
  readonly columns: number;
  /** Variables of the process. */
  readonly environment: Environment;
  /** Writes to standard output. */
  write(text: string): Promise<void>;
  /** Writes to standard error. */
  writeError(text: string): Promise<void>;
  /** Whether each key is read as it is pressed, and not shown. */
  setRaw(isRaw: boolean): void;
  /** Watches for Ctrl-C. */
  watchInterruption(): Interruption;
}
