import type { ContentPart, FinishReason } from "@parley/chat";
import type { Terminal } from "../terminal/terminal.ts";
import { AnswerPrinter, type AnswerPrinterOptions } from "./answer_printer.ts";
import { JsonPrinter } from "./json_printer.ts";
import type { Talk } from "./talk.ts";

/** Options for {@linkcode printAnswer}. */
export interface PrintAnswerOptions extends AnswerPrinterOptions {
  /** Whether each event is one line of JSON. */
  readonly isJson?: boolean;
}

/**
 * Asks, and writes the answer as it comes.
 *
 * @param talk Who is asked.
 * @param content What is asked.
 * @param terminal What is written to.
 * @param options How it is written.
 * @returns How the answer ended.
 */
export async function printAnswer(
  talk: Talk,
  content: string | readonly ContentPart[],
  terminal: Terminal,
  options: PrintAnswerOptions,
): Promise<FinishReason> {
  const { signal, isJson = false } = options;
  if (isJson) {
    const printer = new JsonPrinter(terminal, options);
    return await talk.ask(content, signal, (event) => printer.print(event));
  }
  using printer = new AnswerPrinter(terminal, options);
  try {
    return await talk.ask(content, signal, (event) => printer.print(event));
  } catch (error) {
    await printer.leave();
    throw error;
  }
}
