/** @import { Turn } from "./store.js" */
import { receive, toSentence } from "./answering.js";
import { GatewayError, listModels } from "./client.js";
import { askForKey } from "./dialog.js";
import { find } from "./find.js";
import { fillModels } from "./models.js";
import {
  createTurn,
  loadKey,
  loadSession,
  saveKey,
  saveSession,
} from "./store.js";
import { element, TurnView } from "./view.js";

const scroller = find("scroller", HTMLElement);
const welcome = find("welcome", HTMLDivElement);
const log = find("chat", HTMLDivElement);
const composer = find("composer", HTMLFormElement);
const prompt = find("prompt", HTMLTextAreaElement);
const select = find("model", HTMLSelectElement);
const send = find("send", HTMLButtonElement);
const stop = find("stop", HTMLButtonElement);
const keyButton = find("key", HTMLButtonElement);
const problem = find("problem", HTMLDivElement);
const status = find("status", HTMLParagraphElement);

const session = loadSession(sessionStorage);
let key = loadKey(sessionStorage);
/** @type {ReadonlySet<string>} */
let drawing = new Set();
/** @type {AbortController | undefined} */
let running;

/** Makes the page show what there is. */
function refresh() {
  const hasTurns = session.turns.length > 0;
  welcome.hidden = hasTurns;
  log.hidden = !hasTurns;
  const isRunning = running !== undefined;
  // What has the focus must not vanish under it.
  if (document.activeElement === (isRunning ? send : stop)) prompt.focus();
  send.hidden = isRunning;
  stop.hidden = !isRunning;
  log.querySelector(".retry")?.remove();
  const last = session.turns.at(-1);
  if (last?.role === "assistant" && last.state !== "whole" && !isRunning) {
    const isAtEnd = isScrolledDown();
    log.lastElementChild?.append(createRetry(() => {
      session.turns.pop();
      log.lastElementChild?.remove();
      answer();
    }));
    if (isAtEnd) scroller.scrollTop = scroller.scrollHeight;
  }
}

/**
 * @param {() => void} act What is tried again.
 * @returns {HTMLButtonElement} The button for it.
 */
function createRetry(act) {
  const button = element("button", "quiet retry", "Try again");
  button.type = "button";
  button.onclick = () => {
    prompt.focus();
    act();
  };
  return button;
}

/**
 * Asks again with another key, as long as the gateway wants one.
 *
 * @template Result
 * @param {() => Promise<Result>} attempt What needs a key.
 * @returns {Promise<Result>} What it gives.
 */
async function withKey(attempt) {
  while (true) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof GatewayError) || error.status !== 401) throw error;
      keyButton.hidden = false;
      const given = await askForKey(key === "" ? "" : "This key is refused.");
      if (given === undefined) throw error;
      key = given;
      saveKey(sessionStorage, key);
    }
  }
}

async function loadModels() {
  try {
    const models = await withKey(() => listModels(key));
    drawing = new Set(models.filter(({ draws }) => draws).map(({ id }) => id));
    fillModels(select, models, session.model);
    session.model = select.value;
    problem.hidden = true;
  } catch (error) {
    problem.replaceChildren(
      element("span", "", toSentence(error)),
      createRetry(loadModels),
    );
    problem.hidden = false;
  }
}

/** Asks for an answer to the conversation so far. */
async function answer() {
  const { model } = session;
  const turn = createTurn({ role: "assistant", state: "writing", model });
  const view = new TurnView(turn);
  session.turns.push(turn);
  log.append(view.element);
  const controller = new AbortController();
  const { signal } = controller;
  running = controller;
  refresh();
  scroller.scrollTop = scroller.scrollHeight;
  status.textContent = "Answering…";
  let frame = 0;
  const how = {
    draws: drawing.has(model),
    signal,
    onChange() {
      // Once for each picture of the screen, however fast the answer is.
      frame ||= requestAnimationFrame(() => {
        frame = 0;
        show(turn, view);
      });
    },
  };
  try {
    await withKey(() => receive(session, turn, { ...how, key }));
    turn.state = "whole";
  } catch (error) {
    turn.state = signal.aborted ? "stopped" : "failed";
    turn.note = signal.aborted ? "Stopped." : toSentence(error);
  }
  cancelAnimationFrame(frame);
  show(turn, view);
  // Otherwise a new chat has begun.
  if (running !== controller) return;
  running = undefined;
  status.textContent = turn.state === "whole" ? "Answered." : "";
  refresh();
  saveSession(sessionStorage, session);
}

/**
 * @param {Turn} turn An answer.
 * @param {TurnView} view What shows it.
 */
function show(turn, view) {
  const isAtEnd = isScrolledDown();
  view.update(turn);
  if (isAtEnd) scroller.scrollTop = scroller.scrollHeight;
  const restart = turn.restarts.at(-1);
  if (restart !== undefined && turn.state === "writing") {
    status.textContent = `Restarted: ${restart.reason}, now ${restart.model}`;
  }
}

function isScrolledDown() {
  const { scrollTop, clientHeight, scrollHeight } = scroller;
  return scrollTop + clientHeight > scrollHeight - 48;
}

function fitPrompt() {
  // Where the style sheet cannot do it.
  if (CSS.supports("field-sizing", "content")) return;
  prompt.rows = Math.min(8, prompt.value.split("\n").length);
}

composer.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = prompt.value.trim();
  if (running !== undefined || text === "" || session.model === "") return;
  const turn = createTurn({ role: "user", text });
  session.turns.push(turn);
  log.append(new TurnView(turn).element);
  prompt.value = "";
  session.draft = "";
  fitPrompt();
  answer();
  saveSession(sessionStorage, session);
});

prompt.addEventListener("input", () => {
  session.draft = prompt.value;
  fitPrompt();
});

prompt.addEventListener("keydown", (event) => {
  // Enter also takes what an input method proposes.
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  composer.requestSubmit();
});

addEventListener("keydown", (event) => {
  const isForDialog = document.querySelector("dialog[open]") !== null;
  if (event.key === "Escape" && !event.isComposing && !isForDialog) {
    running?.abort();
  }
});

stop.addEventListener("click", () => running?.abort());

select.addEventListener("change", () => {
  session.model = select.value;
  saveSession(sessionStorage, session);
});

find("new", HTMLButtonElement).addEventListener("click", () => {
  running?.abort();
  running = undefined;
  session.turns = [];
  session.conversation = null;
  saveSession(sessionStorage, session);
  log.replaceChildren();
  status.textContent = "";
  refresh();
  prompt.focus();
});

keyButton.addEventListener("click", async () => {
  const given = await askForKey();
  if (given === undefined) return;
  key = given;
  saveKey(sessionStorage, key);
  await loadModels();
});

addEventListener("pagehide", () => saveSession(sessionStorage, session));

prompt.value = session.draft;
keyButton.hidden = key === "";
log.append(...session.turns.map((turn) => new TurnView(turn).element));
fitPrompt();
refresh();
scroller.scrollTop = scroller.scrollHeight;
await loadModels();
