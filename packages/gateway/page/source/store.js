/**
 * An answer that was given up for another one.
 *
 * @typedef {{ reason: string, model: string, text: string }} Restart
 */

/**
 * A message of the person, or an answer.
 *
 * @typedef {object} Turn
 * @property {"user" | "assistant"} role Who wrote it.
 * @property {"whole" | "writing" | "stopped" | "failed"} state What became of it.
 * @property {string} text The text.
 * @property {string} reasoning What the model thought.
 * @property {string[]} images The addresses of its pictures.
 * @property {Restart[]} restarts What it was before.
 * @property {string} model The model that was asked, then the one that answers.
 * @property {string} usage What it took.
 * @property {string} note What there is to say about it.
 */

/**
 * What a tab knows.
 *
 * @typedef {object} Session
 * @property {string} model The model that is picked.
 * @property {string} draft The message that is not sent yet.
 * @property {Turn[]} turns The conversation.
 * @property {{ model: string, token: string } | null} conversation The same, as the gateway sealed it.
 */

const SESSION = "parley.session";
const KEY = "parley.key";

/**
 * Makes a turn.
 *
 * @param {Pick<Turn, "role"> & Partial<Turn>} turn What is known of it.
 * @returns {Turn} The turn.
 */
export function createTurn(turn) {
  return {
    state: "whole",
    text: "",
    reasoning: "",
    images: [],
    restarts: [],
    model: "",
    usage: "",
    note: "",
    ...turn,
  };
}

/**
 * @param {any} turn What may be a turn.
 * @returns {boolean} Whether it can be shown.
 */
function isTurn({ role, images, restarts, ...texts }) {
  return (role === "user" || role === "assistant") &&
    [...images, ...Object.values(texts), ...restarts.flatMap(Object.values)]
      .every((value) => typeof value === "string");
}

/**
 * Tells what the tab knew before it was loaded again.
 *
 * @param {Storage} storage The storage of the tab.
 * @returns {Session} What it knew.
 */
export function loadSession(storage) {
  /** @type {Session} */
  const empty = { model: "", draft: "", turns: [], conversation: null };
  try {
    const stored = JSON.parse(storage.getItem(SESSION) ?? "{}");
    const turns = (stored.turns ?? []).map(createTurn);
    for (const turn of turns) {
      if (!isTurn(turn)) return empty;
      // Nobody writes on after the page has gone.
      if (turn.state !== "writing") continue;
      turn.state = "stopped";
      turn.note = "Stopped: the page was left.";
    }
    return { ...empty, ...stored, turns };
  } catch {
    return empty;
  }
}

/**
 * Keeps what the tab knows, without its pictures where there is no room for
 * them.
 *
 * @param {Storage} storage The storage of the tab.
 * @param {Session} session What it knows.
 */
export function saveSession(storage, session) {
  const turns = session.turns.map((turn) => ({ ...turn, images: [] }));
  for (const kept of [session, { ...session, turns }]) {
    try {
      return storage.setItem(SESSION, JSON.stringify(kept));
    } catch {
      // The storage is full.
    }
  }
}

/**
 * Tells the API key.
 *
 * @param {Storage} storage The storage of the tab.
 * @returns {string} The key, or "".
 */
export function loadKey(storage) {
  return storage.getItem(KEY) ?? "";
}

/**
 * Keeps the API key.
 *
 * @param {Storage} storage The storage of the tab.
 * @param {string} key The key.
 */
export function saveKey(storage, key) {
  storage.setItem(KEY, key);
}
