import type { ChatEvent } from "@parley/chat";
import { abortable } from "@std/async/abortable";
import { EXIT_CODE, type ExitCode, UsageError } from "../terminal/exit_code.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { HELP, parseAskArguments } from "./_ask_arguments.ts";
import { toProvider } from "./_ask_provider.ts";

/** Asks one provider one question. */
export async function ask(
  args: readonly string[],
  terminal: Terminal,
): Promise<ExitCode> {
  using interruption = terminal.watchInterruption();
  const { signal } = interruption;
  const printer = new Printer(terminal);
  try {
    return await run(args, terminal, printer, signal);
  } catch (error) {
    await printer.leaveLine();
    if (signal.aborted) return EXIT_CODE.aborted;
    throw error;
  }
}

async function run(
  args: readonly string[],
  terminal: Terminal,
  printer: Printer,
  signal: AbortSignal,
): Promise<ExitCode> {
  const apiKey = terminal.environment.get("PARLEY_API_KEY");
  const { provider: id, model, baseUrl, json, ...parsed } = parseAskArguments(
    args,
  );
  if (parsed.help) {
    await terminal.write(HELP);
    return EXIT_CODE.ok;
  }
  if (parsed.prompt === undefined) {
    throw new UsageError('There is no prompt: see "parley ask --help"');
  }
  const provider = toProvider({ id, model, baseUrl, apiKey });
  const prompt = parsed.prompt === "-"
    ? (await abortable(new Response(terminal.input).text(), signal)).trimEnd()
    : parsed.prompt;
  for await (
    const event of provider.stream(prompt, { model, signal })
  ) {
    if (json) await terminal.write(`${JSON.stringify(event)}\n`);
    else await printer.print(event);
  }
  return EXIT_CODE.ok;
}

/** Writes an answer, and what there is to say about it. */
class Printer {
  readonly #terminal: Terminal;
  #isLineOpen = false;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  async print(event: ChatEvent): Promise<void> {
    switch (event.type) {
      case "text":
        return await this.#write(event.text);
      case "image": {
        const { image } = event;
        await this.#closeLine();
        return await this.#write(`${image.url ?? await image.dataUrl()}\n`);
      }
      case "warning":
        return await this.complain("warning", event.message);
      case "finish":
        await this.#closeLine();
        if (event.reason !== "stop") {
          await this.complain(
            "warning",
            `The answer ended by: ${event.reason}`,
          );
        }
        if (event.text !== undefined) {
          // What is written cannot be taken back.
          const change = "The upstream changed its answer at the end to:\n";
          await this.complain("warning", change + event.text);
        }
    }
  }

  async complain(kind: "warning" | "error", message: string): Promise<void> {
    await this.#terminal.writeError(`${kind}: ${message}\n`);
  }

  /** Lets a message not begin in the middle of the answer that a person sees. */
  async leaveLine(): Promise<void> {
    if (this.#isLineOpen && this.#terminal.isTerminal.errors) {
      await this.#terminal.writeError("\n");
    }
  }

  async #closeLine(): Promise<void> {
    if (this.#isLineOpen) await this.#write("\n");
  }

  async #write(text: string): Promise<void> {
    this.#isLineOpen = !text.endsWith("\n");
    // An upstream must not steer the terminal.
    const shown = this.#terminal.isTerminal.output
      ? text.replace(/(?![\t\n])\p{Cc}/gu, "")
      : text;
    await this.#terminal.write(shown);
  }
}
