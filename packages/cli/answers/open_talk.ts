import { ChatStore, type StoredChat } from "../chats/chat_store.ts";
import { chooseModel } from "../models/choose_model.ts";
import type { ServerContext } from "../models/server.ts";
import { findFolders } from "../settings/folders.ts";
import { readRequestOptions } from "../settings/request_options.ts";
import { readSettings } from "../settings/settings.ts";
import type { CommandLine } from "../terminal/command_line.ts";
import { UsageError } from "../terminal/exit_code.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { Talk } from "./talk.ts";

const FLAGS = ["continue", "no-save"] as const;
const VALUES = ["base-url", "chat", "model", "system"] as const;
const LISTS = ["option"] as const;

/** What commands that talk have in common. */
export const TALK_OPTIONS = {
  flags: FLAGS,
  values: VALUES,
  lists: LISTS,
  alias: {
    c: "continue",
    m: "model",
    n: "no-save",
    o: "option",
    s: "system",
  },
} as const;

/** What `--help` says of them. */
export const TALK_HELP =
  `  -m, --model MODEL    "server/model", a server, an alias of the settings, or a
                       model of the usual server
  -s, --system TEXT    what the model is instructed with
  -c, --continue       go on with the last chat
  --chat ID            go on with another one (see "parley chats")
  -o, --option NAME=VALUE
                       a setting of the request, such as temperature=0.2
  --base-url URL       another server that speaks like OpenAI's, or as the server
                       of --model does
  -n, --no-save        keep nothing of it
`;

/** A talk, and what it was made by. */
export interface OpenedTalk extends Disposable {
  readonly talk: Talk;
  readonly context: ServerContext;
  readonly store: ChatStore | undefined;
}

/**
 * Makes the talk that a command line asks for.
 *
 * @throws {UsageError} If it makes no sense.
 */
export async function openTalk(
  line: CommandLine<
    typeof FLAGS[number],
    typeof VALUES[number],
    typeof LISTS[number]
  >,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<OpenedTalk> {
  const { environment } = terminal;
  const settings = await readSettings(environment);
  const context: ServerContext = { settings, environment };
  const options = readRequestOptions(line.list("option"), settings.options);
  using resources = new DisposableStack();
  const store = await ChatStore.open(environment);
  if (store !== undefined) resources.use(store);
  else if (!line.has("no-save")) await warnOfFolders(terminal);
  const chat = findChat(line.has("continue"), line.get("chat"), store);
  const model = await chooseModel(
    {
      model: line.get("model"),
      baseUrl: line.get("base-url"),
      before: chat && { name: chat.model, baseUrl: chat.baseUrl },
    },
    context,
    signal,
  );
  const system = line.get("system") ?? (chat ? undefined : settings.system);
  const talk = new Talk({
    model,
    system,
    options,
    chat,
    store: line.has("no-save") ? undefined : store,
  });
  const kept = resources.move();
  return { talk, context, store, [Symbol.dispose]: () => kept.dispose() };
}

/** Tells that there are folders which the program may not use. */
async function warnOfFolders(terminal: Terminal): Promise<void> {
  const folders = findFolders(terminal.environment);
  if (folders === undefined) return;
  await terminal.writeError(
    "warning: No chat is kept, and no settings are read, without " +
      `--allow-read=${folders.settings},${folders.data} and ` +
      `--allow-write=${folders.data}\n`,
  );
}

function findChat(
  isLast: boolean,
  id: string | undefined,
  store: ChatStore | undefined,
): StoredChat | undefined {
  if (!isLast && id === undefined) return undefined;
  if (store === undefined) throw new UsageError("Chats are not kept here");
  const chat = store.get(id === undefined ? undefined : Number(id));
  if (chat !== undefined) return chat;
  throw new UsageError(
    id === undefined
      ? "There is no chat to go on with"
      : `There is no chat ${id}: see "parley chats"`,
  );
}
