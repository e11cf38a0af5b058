import { type ChatEvent, isProviderError } from "@parley/chat";
import { abortable } from "@std/async/abortable";
import { HELP, parseAskArguments } from "./_ask_arguments.ts";
import { listProviders, toProvider } from "./_ask_provider.ts";

/** What {@linkcode ask} reads from and writes to. */
export interface AskIo {
  /** Standard input. */
  readonly input: ReadableStream<Uint8Array<ArrayBuffer>>;
  /** Writes to standard output. */
  write(text: string): Promise<void>;
  /** Writes to standard error. */
  writeError(text: string): Promise<void>;
  /** Whether standard output is a terminal. */
  readonly isTerminal: boolean;
  /** A key for the provider. */
  readonly apiKey?: string | undefined;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}

/**
 * Asks what the command line asks for.
 *
 * @param args The command line.
 * @param io What is read from and written to.
 * @returns The exit code.
 */
export async function ask(args: readonly string[], io: AskIo): Promise<number> {
  const printer = new Printer(io);
  try {
    await run(args, io, printer);
    return 0;
  } catch (error) {
    // Whoever reads has read enough, as `head` does.
    if (error instanceof Deno.errors.BrokenPipe) return 0;
    await printer.leaveLine();
    if (io.signal.aborted) return 130;
    await printer.complain("error", toSentence(error));
    return 1;
  }
}

async function run(
  args: readonly string[],
  io: AskIo,
  printer: Printer,
): Promise<void> {
  const { signal, apiKey } = io;
  const { provider: id, model, baseUrl, json, ...parsed } = parseAskArguments(
    args,
  );
  if (parsed.help) return await io.write(HELP);
  if (parsed.list) {
    const choice = { id, baseUrl, apiKey, json, signal };
    return await io.write(await listProviders(choice));
  }
  if (parsed.prompt === undefined) {
    throw new TypeError('There is no prompt: see "deno task ask --help"');
  }
  const provider = toProvider({ id, model, baseUrl, apiKey });
  const prompt = parsed.prompt === "-"
    ? (await abortable(new Response(io.input).text(), signal)).trimEnd()
    : parsed.prompt;
  for await (
    const event of provider.stream(prompt, { model, signal })
  ) {
    if (json) await io.write(`${JSON.stringify(event)}\n`);
    else await printer.print(event);
  }
}

/** Writes an answer, and what there is to say about it. */
class Printer {
  readonly #io: AskIo;
  #isLineOpen = false;

  constructor(io: AskIo) {
    this.#io = io;
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
    await this.#io.writeError(`${kind}: ${message}\n`);
  }

  /** Lets a message not begin in the middle of the answer that a person sees. */
  async leaveLine(): Promise<void> {
    if (this.#isLineOpen && this.#io.isTerminal) {
      await this.#io.writeError("\n");
    }
  }

  async #closeLine(): Promise<void> {
    if (this.#isLineOpen) await this.#write("\n");
  }

  async #write(text: string): Promise<void> {
    this.#isLineOpen = !text.endsWith("\n");
    // An upstream must not steer the terminal.
    const shown = this.#io.isTerminal
      ? text.replace(/(?![\t\n])\p{Cc}/gu, "")
      : text;
    await this.#io.write(shown);
  }
}

function toSentence(error: unknown): string {
  if (isProviderError(error)) {
    const { message, code, retryAfter } = error;
    const wait = retryAfter === undefined
      ? ""
      : `; try again in ${Math.ceil(retryAfter / 1000)} s`;
    return `${message} (${code}${wait})`;
  }
  return error instanceof Error ? error.message : String(error);
}
