import { toText } from "@parley/chat/provider";
import { ChatStore } from "../chats/chat_store.ts";
import { readCommandLine } from "../terminal/command_line.ts";
import { EXIT_CODE, type ExitCode, UsageError } from "../terminal/exit_code.ts";
import { MarkdownWriter } from "../terminal/markdown_writer.ts";
import { toPrintable } from "../terminal/printable.ts";
import { applyLook, toStyle } from "../terminal/style.ts";
import type { Terminal } from "../terminal/terminal.ts";

const HELP = `List, show and delete the chats that are kept.

Usage: parley chats [options]
       parley chats show ID...
       parley chats delete ID...

  --limit NUMBER    how many are listed (default: 20)
  --json            print JSON: a chat a line
  --help            print this
`;

/** Lists, shows and deletes chats. */
export async function chats(
  args: readonly string[],
  terminal: Terminal,
): Promise<ExitCode> {
  const line = readCommandLine(args, { flags: ["json"], values: ["limit"] });
  if (line.has("help")) {
    await terminal.write(HELP);
    return EXIT_CODE.ok;
  }
  using store = await ChatStore.open(terminal.environment);
  if (store === undefined) throw new UsageError("Chats are not kept here");
  const [action = "list", ...words] = line.words;
  const isJson = line.has("json");
  switch (action) {
    case "list":
      await list(
        store,
        toNumber(line.get("limit") ?? "20", "--limit"),
        isJson,
        terminal,
      );
      return EXIT_CODE.ok;
    case "show":
      for (const id of toIds(words)) await show(store, id, isJson, terminal);
      return EXIT_CODE.ok;
    case "delete":
      for (const id of toIds(words)) {
        if (!store.delete(id)) throw new UsageError(`There is no chat ${id}`);
      }
      return EXIT_CODE.ok;
    default:
      throw new UsageError(`"chats ${action}" is unknown: show or delete`);
  }
}

async function list(
  store: ChatStore,
  limit: number,
  isJson: boolean,
  terminal: Terminal,
): Promise<void> {
  const style = toStyle(terminal, "output");
  for (const chat of store.list(limit)) {
    const { id, title, model, updatedAt } = chat;
    const date = updatedAt.toISOString().slice(0, 16).replace("T", " ");
    await terminal.write(
      isJson
        ? `${JSON.stringify(chat)}\n`
        : `${style("yellow", String(id).padStart(4))}  ${style("dim", date)}  ${
          toPrintable(title)
        }  ${style("dim", toPrintable(model))}\n`,
    );
  }
}

async function show(
  store: ChatStore,
  id: number,
  isJson: boolean,
  terminal: Terminal,
): Promise<void> {
  const chat = store.get(id);
  if (chat === undefined) throw new UsageError(`There is no chat ${id}`);
  // What a thread is gone on with is as good as a password.
  const { conversation: _, ...shown } = chat;
  if (isJson) return await terminal.write(`${JSON.stringify(shown)}\n`);
  const style = toStyle(terminal, "output");
  const isColored = style === applyLook;
  const system = chat.system === undefined
    ? []
    : [{ role: "system", content: chat.system } as const];
  for (const message of [...system, ...chat.messages]) {
    const text = toPrintable(toText(message));
    const writer = new MarkdownWriter(style);
    const shown = isColored ? writer.write(text) + writer.end() : text;
    const label = style(["bold", "green"], `${message.role}:`);
    await terminal.write(`${label} ${shown.trimEnd()}\n\n`);
  }
}

function toNumber(text: string, name: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new UsageError(`${name} must be a whole number`);
}

function toIds(words: readonly string[]): readonly number[] {
  if (words.length === 0) throw new UsageError("Which chat? Give its number");
  return words.map((word) => toNumber(word, "The number of a chat"));
}
