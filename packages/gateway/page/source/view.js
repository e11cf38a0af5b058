/** @import { Turn } from "./store.js" */
/** @import { Block } from "./prose.js" */
import { toBlocks, toSpans } from "./prose.js";

/**
 * Makes an element. Its children are only ever elements and text: nothing that
 * a model writes is read as HTML.
 *
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name The name of its tag.
 * @param {string} className Its class.
 * @param {...(Node | string)} children What is in it.
 * @returns {HTMLElementTagNameMap[Name]} The element.
 */
export function element(name, className, ...children) {
  const made = document.createElement(name);
  if (className !== "") made.className = className;
  made.append(...children);
  return made;
}

/** A message on the page. */
export class TurnView {
  /** @type {string[]} */
  #blocks = [];
  #restartCount = 0;
  #imageCount = 0;
  #origin = element("p", "origin");
  #restarts = element("div", "restarts");
  #thoughts = element("div", "thoughts");
  #reasoning = element("details", "reasoning");
  #prose = element("div", "prose");
  #pictures = element("div", "pictures");
  #note = element("p", "note");

  /** @param {Turn} turn The message. */
  constructor(turn) {
    this.element = element("article", turn.role);
    this.element.ariaLabel = turn.role === "user" ? "You" : "Answer";
    this.#reasoning.append(element("summary", "", "Thoughts"), this.#thoughts);
    this.element.append(
      this.#origin,
      this.#restarts,
      this.#reasoning,
      this.#prose,
      this.#pictures,
      this.#note,
    );
    this.update(turn);
  }

  /** @param {Turn} turn The message as it is now. */
  update(turn) {
    const { role, state, text, reasoning, images, restarts, note } = turn;
    this.element.dataset.state = state;
    // A reader is told the answer when it is whole, not word by word.
    this.element.ariaBusy = String(state === "writing");
    show(this.#origin, [turn.model, turn.usage].filter(Boolean).join(" · "));
    show(this.#thoughts, reasoning);
    this.#reasoning.hidden = reasoning === "";
    show(this.#note, note);
    this.#note.setAttribute("role", state === "failed" ? "alert" : "note");
    for (const restart of restarts.slice(this.#restartCount)) {
      this.#restarts.append(toRestart(restart));
    }
    if (restarts.length > this.#restartCount) {
      this.#pictures.replaceChildren();
      this.#imageCount = 0;
    }
    this.#restartCount = restarts.length;
    for (const image of images.slice(this.#imageCount)) {
      this.#pictures.append(toPicture(image, ++this.#imageCount));
    }
    this.#pictures.hidden = images.length === 0;
    if (role === "user") show(this.#prose, text);
    else this.#write(text);
    this.#prose.hidden = text === "" && state !== "writing";
  }

  /**
   * Changes only the parts of the text that are new, so that what is selected
   * stays so.
   *
   * @param {string} text The text.
   */
  #write(text) {
    const blocks = toBlocks(text);
    const keys = blocks.map((block) => JSON.stringify(block));
    const same = keys.findIndex((key, index) => key !== this.#blocks[index]);
    const kept = same === -1 ? keys.length : same;
    while (this.#prose.children.length > kept) this.#prose.lastChild?.remove();
    for (const block of blocks.slice(kept)) this.#prose.append(toNode(block));
    this.#blocks = keys;
  }
}

/**
 * @param {HTMLElement} element An element that holds text, or is hidden.
 * @param {string} text The text.
 */
function show(element, text) {
  element.hidden = text === "";
  if (element.textContent !== text) element.textContent = text;
}

/**
 * @param {Block} block A part of an answer.
 * @returns {HTMLElement} What shows it.
 */
function toNode({ type, text, language }) {
  if (type === "code") {
    const code = element("pre", "", element("code", "", text));
    code.tabIndex = 0;
    code.role = "group";
    code.ariaLabel = language === "" ? "Code" : `Code: ${language}`;
    code.dataset.language = language;
    return code;
  }
  const spans = toSpans(text).map(({ type, text }) =>
    type === "text" ? text : element(type, "", text)
  );
  return element(type === "heading" ? "h3" : "p", "", ...spans);
}

/**
 * @param {Turn["restarts"][number]} restart What was given up.
 * @returns {HTMLElement} What shows it.
 */
function toRestart({ reason, model, text }) {
  const summary = element(
    "summary",
    "",
    "Restarted: ",
    element("span", "reason", reason),
    ", now ",
    element("span", "now", model),
  );
  return element("details", "restart", summary, element("del", "", text));
}

/**
 * @param {string} address The address of a picture.
 * @param {number} number Its number in the answer.
 * @returns {HTMLElement} What shows it.
 */
function toPicture(address, number) {
  if (!address.startsWith("data:image/")) {
    // Nobody is asked but the gateway, unless the person wants it.
    const link = element("a", "", `Open picture ${number}`);
    if (/^https?:\/\//.test(address)) link.href = address;
    link.rel = "noreferrer";
    link.target = "_blank";
    return link;
  }
  const picture = element("img", "");
  picture.src = address;
  picture.alt = `Picture ${number} of the answer`;
  return picture;
}
