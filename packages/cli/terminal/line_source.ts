import { TextLineStream } from "@std/streams/text-line-stream";
import { LineEditor, type Typed } from "./line_editor.ts";
import type { Interruption, Terminal } from "./terminal.ts";

/** Where a command reads lines from. */
export interface LineSource extends AsyncDisposable {
  /**
   * Reads what comes next.
   *
   * @param prompt What a person sees before the line.
   */
  read(prompt: string): Promise<Typed>;
  /** Watches for Ctrl-C while no line is read. */
  watchInterruption(): Interruption;
}

/**
 * Opens the source of lines: a person at the keyboard, or what is piped in.
 *
 * @param terminal What is read from and written to.
 * @param history What was written before, the newest first.
 */
export function openLineSource(
  terminal: Terminal,
  history: readonly string[],
): LineSource {
  return terminal.isTerminal.input
    ? new LineEditor(terminal, history)
    : openPipe(terminal);
}

function openPipe(terminal: Terminal): LineSource {
  const lines = terminal.input
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new TextLineStream())
    .getReader();
  return {
    async read() {
      const { value, done } = await lines.read();
      return done ? { type: "end" } : { type: "line", line: value };
    },
    watchInterruption: () => terminal.watchInterruption(),
    [Symbol.asyncDispose]: () => lines.cancel(),
  };
}
