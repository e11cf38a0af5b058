import { ChatList } from "./chat_list.ts";
import { fromHash, toHash } from "./chat_groups.ts";
import { ChatSession } from "./chat_session.ts";
import { type ChatHead, ChatStore } from "./chat_store.ts";
import { toSentence } from "./answering.ts";
import { getLimits, listModels, type Model } from "./client.ts";
import { Composer } from "./composer.ts";
import { askForKey, askForSystem } from "./dialogs.ts";
import { button, element, find } from "./element.ts";
import { GatewayError } from "./gateway_error.ts";
import { LogView } from "./log_view.ts";
import { ModelPicker } from "./model_picker.ts";
import { loadKey, loadModel, saveKey, saveModel } from "./tab_storage.ts";
import { offerUndo } from "./toast.ts";
import type { Turn } from "./turns.ts";

const scroller = find("scroller", HTMLElement);
const log = find("chat", HTMLElement);
const keyButton = find("key", HTMLButtonElement);
const problem = find("problem", HTMLElement);
const status = find("status", HTMLElement);

let key = loadKey();

/** The most characters of the address of a picture. */
const MAX_PICTURE = 1_500_000;

/** What the gateway takes, until it says so itself. */
let limits = { imageBodyBytes: 1_000_000 };

const store = new ChatStore("parley", (id) => {
  void listChats();
  if (id === session.chat.id) void session.reload();
});

const session = new ChatSession({
  store,
  withKey,
  bytes: () => limits.imageBodyBytes,
  onTurns: refresh,
  onGrowth(turn) {
    logView.grow(turn);
    const restart = turn.restarts.at(-1);
    if (restart === undefined || turn.text !== "") return;
    status.textContent = `Restarted: ${restart.reason}, now ${restart.model}`;
  },
  onLost: () =>
    say("This browser does not keep chats: it has no room for them."),
});

const logView = new LogView(log, scroller, find("to-end", HTMLButtonElement), {
  onEdit: (turn, text) => ask((model) => session.edit(turn, text, model)),
  onRegenerate: () => ask((model) => session.regenerate(model)),
  onDelete: (turn) => void deleteTurn(turn),
});

const list = new ChatList((chat) => void deleteChat(chat));
const picker = new ModelPicker(({ id }) => {
  saveModel(id);
  composer.focus();
});
const composer = new Composer({
  onSend: (message) => {
    const { picked } = picker;
    if (session.isBusy || picked === undefined) return false;
    if (message.images.length > 0 && !picked.sees) {
      say(
        `"${picked.id}" sees no pictures: pick another model, or remove them.`,
      );
      return false;
    }
    problem.hidden = true;
    ask((model) => session.send(message, model));
    return true;
  },
  pictureLimit: () => Math.min(limits.imageBodyBytes / 4, MAX_PICTURE),
  onStop: () => session.stop(),
  onProblem: say,
});

async function loadLimits(): Promise<void> {
  limits = await getLimits().catch(() => limits);
}

/** Asks a model, and shows the question at once. */
function ask(act: (model: Model) => Promise<void>): void {
  const model = picker.picked;
  if (model === undefined || session.isBusy) return;
  composer.focus();
  const asked = act(model);
  logView.scrollToEnd();
  void asked.then(listChats);
}

/** Makes the page show what there is. */
function refresh(): void {
  const { chat, isRunning } = session;
  const { turns, system } = chat;
  find("welcome", HTMLElement).hidden = turns.length > 0;
  log.hidden = turns.length === 0;
  composer.setRunning(isRunning);
  logView.show(turns);
  const last = turns.at(-1);
  const isWhole = last?.role === "assistant" && last.state === "whole";
  status.textContent = isRunning ? "Answering…" : isWhole ? "Answered." : "";
  find("system", HTMLElement).classList.toggle("set", system !== "");
  document.title = chat.title === "" ? "Parley" : `${chat.title} · Parley`;
  const hash = turns.length > 0 ? toHash(chat.id) : "";
  if (hash !== location.hash && (hash !== "" || fromHash(location.hash))) {
    history.replaceState(null, "", hash || location.pathname);
  }
  if (isRunning) void listChats();
}

async function listChats(): Promise<void> {
  const chats = await store.list().catch(() => []);
  list.show(chats, session.chat.id);
}

async function openChat(id: string): Promise<void> {
  await session.open(id);
  logView.scrollToEnd();
  await listChats();
}

async function deleteChat({ id }: ChatHead): Promise<void> {
  const chat = await store.load(id);
  if (chat === undefined) return;
  session.discard(id);
  await store.remove(id);
  if (session.chat.id === id) await session.open("");
  await listChats();
  offerUndo("Chat deleted.", async () => {
    await store.save(chat, chat.turns);
    await listChats();
  });
}

async function deleteTurn(turn: Turn): Promise<void> {
  const { chat } = session;
  await session.removeTurn(turn);
  offerUndo("Message deleted.", () => {
    if (session.chat === chat) void session.restoreTurn(turn);
  });
}

/** Says what is wrong, and lets it be tried again where that may help. */
function say(text: string, onRetry?: () => void): void {
  const close = () => problem.hidden = true;
  const retry = button("Try again", {
    class: "quiet",
    onClick: onRetry ?? close,
  });
  if (onRetry === undefined) retry.textContent = "Close";
  problem.replaceChildren(element("span", {}, text), retry);
  problem.hidden = false;
}

/** Asks again with another key, as long as the gateway wants one. */
async function withKey<Result>(
  attempt: (key: string) => Promise<Result>,
): Promise<Result> {
  while (true) {
    try {
      return await attempt(key);
    } catch (error) {
      if (!(error instanceof GatewayError) || error.status !== 401) throw error;
      keyButton.hidden = false;
      const given = await askForKey(key === "" ? "" : "This key is refused.");
      if (given === undefined) throw error;
      key = given;
      saveKey(key);
    }
  }
}

async function loadModels(): Promise<void> {
  try {
    picker.setModels(await withKey(listModels), loadModel());
    problem.hidden = true;
  } catch (error) {
    say(toSentence(error), () => void loadModels());
  }
}

find("new", HTMLButtonElement).addEventListener("click", async () => {
  list.close();
  history.pushState(null, "", location.pathname);
  await openChat("");
  composer.focus();
});

find("system", HTMLButtonElement).addEventListener("click", async () => {
  const system = await askForSystem(session.chat.system);
  if (system !== undefined) await session.instruct(system);
});

keyButton.addEventListener("click", async () => {
  const given = await askForKey();
  if (given === undefined) return;
  key = given;
  saveKey(key);
  await loadModels();
});

find("skip", HTMLAnchorElement).addEventListener("click", (event) => {
  // The address of the page is that of the chat.
  event.preventDefault();
  find("prompt", HTMLTextAreaElement).focus();
});

addEventListener("hashchange", () => {
  const id = fromHash(location.hash);
  if (id !== session.chat.id) void openChat(id);
});

addEventListener("keydown", (event) => {
  const isForDialog = document.querySelector("dialog[open]") !== null;
  if (event.key === "Escape" && !event.isComposing && !isForDialog) {
    session.stop();
  }
});

keyButton.hidden = key === "";
await Promise.all([
  openChat(fromHash(location.hash)),
  loadLimits(),
  loadModels(),
]);
// Who was quicker than the page stays where they are.
if (document.activeElement === document.body) composer.focus();
