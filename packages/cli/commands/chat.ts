import {
  type OpenedTalk,
  openTalk,
  TALK_HELP,
  TALK_OPTIONS,
} from "../answers/open_talk.ts";
import { printAnswer } from "../answers/print_answer.ts";
import { chooseModel } from "../models/choose_model.ts";
import { complain } from "../terminal/complain.ts";
import { readCommandLine } from "../terminal/command_line.ts";
import { EXIT_CODE, type ExitCode, UsageError } from "../terminal/exit_code.ts";
import { type LineSource, openLineSource } from "../terminal/line_source.ts";
import { toPrintable } from "../terminal/printable.ts";
import { toStyle } from "../terminal/style.ts";
import { toSuggestion } from "../terminal/suggestion.ts";
import type { Terminal } from "../terminal/terminal.ts";

const COMMANDS_HELP =
  `  /model [MODEL]     tell the model, or ask another one from now on
  /system [TEXT]     tell the instructions, or give others; "-" for none
  /new               begin a new chat
  /help              print this
  /exit              leave, as Ctrl-D does

Lines between """ and """ are one message, and so is what is pasted.
Ctrl-C stops an answer; what has come of it stays in the chat.
`;

const HELP = `Chat with a model.

Usage: parley chat [options]

${TALK_HELP}  --help               print this

In a chat:

${COMMANDS_HELP}`;

/** What opens and closes a message of several lines. */
const QUOTES = '"""';

/** A line that is a command: a path has another slash. */
const COMMAND = /^\/([a-z]*)(?:\s+(.*))?$/i;

/** How many earlier questions the arrow keys reach. */
const HISTORY_SIZE = 500;

/** Chats with a model. */
export async function chat(
  args: readonly string[],
  terminal: Terminal,
): Promise<ExitCode> {
  const line = readCommandLine(args, TALK_OPTIONS);
  if (line.has("help")) {
    await terminal.write(HELP);
    return EXIT_CODE.ok;
  }
  if (line.words.length > 0) {
    throw new UsageError('A chat takes no question: see "parley chat --help"');
  }
  using opened = await openOnce(line, terminal);
  const history = opened.store?.listQuestions(HISTORY_SIZE) ?? [];
  await using lines = openLineSource(
    terminal,
    history.filter((question) => !question.includes("\n")),
  );
  const session = new ChatSession(terminal, opened, lines);
  await session.greet();
  while (await session.takeTurn());
  return EXIT_CODE.ok;
}

async function openOnce(
  line: Parameters<typeof openTalk>[0],
  terminal: Terminal,
): Promise<OpenedTalk> {
  using interruption = terminal.watchInterruption();
  return await openTalk(line, terminal, interruption.signal);
}

/** One chat after another at one prompt. */
class ChatSession {
  readonly #terminal: Terminal;
  readonly #opened: OpenedTalk;
  readonly #lines: LineSource;

  constructor(terminal: Terminal, opened: OpenedTalk, lines: LineSource) {
    this.#terminal = terminal;
    this.#opened = opened;
    this.#lines = lines;
  }

  /** Tells who is asked. */
  async greet(): Promise<void> {
    await this.#note(
      `${this.#opened.talk.model.name} (/help, Ctrl-D to leave)`,
    );
  }

  /** Reads a line and does what it says; tells whether to go on. */
  async takeTurn(): Promise<boolean> {
    const typed = await this.#readMessage();
    if (typed === undefined) return false;
    if (typed.trim() === "") return true;
    try {
      const [, name, text = ""] = COMMAND.exec(typed) ?? [];
      if (name !== undefined) return await this.#obey(name, text.trim());
      await this.#ask(typed);
      return true;
    } catch (error) {
      if (error instanceof Deno.errors.BrokenPipe) throw error;
      await complain(error, this.#terminal);
      return true;
    }
  }

  /** Reads a message, of several lines where it begins with quotes. */
  async #readMessage(): Promise<string | undefined> {
    const style = toStyle(this.#terminal, "output");
    const parts: string[] = [];
    while (true) {
      const prompt = parts.length === 0 ? "> " : "… ";
      const typed = await this.#lines.read(style("green", prompt));
      if (typed.type === "end") return undefined;
      if (typed.type === "interrupt") {
        parts.length = 0;
        await this.#note("Ctrl-D leaves");
        continue;
      }
      const { line } = typed;
      if (parts.length === 0 && !line.startsWith(QUOTES)) return line;
      parts.push(line);
      const message = parts.join("\n");
      if (message.length > 3 && message.trimEnd().endsWith(QUOTES)) {
        return message.trimEnd().slice(QUOTES.length, -QUOTES.length).trim();
      }
    }
  }

  async #ask(question: string): Promise<void> {
    using interruption = this.#lines.watchInterruption();
    const { signal } = interruption;
    try {
      await printAnswer(this.#opened.talk, question, this.#terminal, {
        signal,
      });
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  /** Does what a line with a slash says; tells whether to go on. */
  async #obey(name: string, text: string): Promise<boolean> {
    const { talk, context } = this.#opened;
    switch (name) {
      case "exit":
      case "quit":
      case "bye":
        return false;
      case "help":
        await this.#terminal.writeError(COMMANDS_HELP);
        return true;
      case "new":
        talk.begin();
        await this.#note("A new chat");
        return true;
      case "model": {
        if (text !== "") {
          using interruption = this.#lines.watchInterruption();
          talk.model = await chooseModel(
            { model: text, before: talk.model },
            context,
            interruption.signal,
          );
        }
        await this.#note(talk.model.name);
        return true;
      }
      case "system":
        if (text !== "") talk.system = text === "-" ? undefined : text;
        await this.#note(talk.system ?? "There are no instructions");
        return true;
      default: {
        const names = ["/exit", "/help", "/model", "/new", "/system"];
        const suggestion = toSuggestion(`/${name}`, names) || ": see /help";
        throw new UsageError(`"/${name}" is unknown${suggestion}`);
      }
    }
  }

  async #note(text: string): Promise<void> {
    const style = toStyle(this.#terminal, "errors");
    await this.#terminal.writeError(`${style("dim", toPrintable(text))}\n`);
  }
}
