import { createCopyButton } from "./copy.ts";
import { button, element, showText } from "./element.ts";
import { createPicture } from "./picture_view.ts";
import { ProseView } from "./prose_view.ts";
import type { Restart, Turn } from "./turns.ts";

/** What can be done with a message. */
export interface TurnActions {
  /** Sends it again in other words. */
  readonly onEdit: (turn: Turn, text: string) => void;
  /** Deletes it. */
  readonly onDelete: (turn: Turn) => void;
  /** Asks for it once more. */
  readonly onRegenerate: () => void;
}

/** A message on the page. */
export class TurnView {
  /** What shows it. */
  readonly element: HTMLElement = element("article");
  readonly #origin = element("p", { class: "origin" });
  readonly #restarts = element("div", { class: "restarts" });
  readonly #thoughts = new ProseView();
  readonly #reasoning = element("details", { class: "reasoning" });
  readonly #thinking = element("summary");
  readonly #text = element("div", { class: "said" });
  readonly #prose = new ProseView();
  readonly #pictures = element("div", { class: "pictures" });
  readonly #note = element("p", { class: "note" });
  readonly #buttons = element("div", { class: "actions" });
  readonly #copy: HTMLButtonElement;
  readonly #retry: HTMLButtonElement;
  readonly #regenerate: HTMLButtonElement;
  readonly #actions: TurnActions;
  #turn: Turn;
  #restartCount = 0;
  #images: readonly string[] = [];

  /**
   * @param turn The message.
   * @param actions What can be done with it.
   */
  constructor(turn: Turn, actions: TurnActions) {
    this.#turn = turn;
    this.#actions = actions;
    const isMine = turn.role === "user";
    this.element.className = turn.role;
    this.element.ariaLabel = isMine ? "You" : "Answer";
    this.#reasoning.append(this.#thinking, this.#thoughts.element);
    const onClick = () => actions.onRegenerate();
    this.#retry = button("Try again", { class: "quiet retry", onClick });
    this.#regenerate = button("Regenerate", { class: "plain", onClick });
    this.#copy = createCopyButton(
      isMine ? "Copy message" : "Copy answer",
      () => this.#turn.text,
    );
    this.#buttons.append(
      this.#copy,
      isMine
        ? button("Edit", {
          class: "plain",
          label: "Edit message",
          onClick: () => this.#edit(),
        })
        : this.#regenerate,
      button("Delete", {
        class: "plain",
        label: isMine ? "Delete message" : "Delete answer",
        onClick: () => actions.onDelete(this.#turn),
      }),
    );
    const parts = isMine ? [this.#pictures, this.#text] : [
      this.#origin,
      this.#restarts,
      this.#reasoning,
      this.#prose.element,
      this.#pictures,
    ];
    this.element.append(...parts, this.#note, this.#retry, this.#buttons);
    this.update(turn, true);
  }

  /**
   * Shows the message as it is now.
   *
   * @param turn The message.
   * @param isLast Whether it is the last of its chat.
   */
  update(turn: Turn, isLast: boolean): void {
    this.#turn = turn;
    const { state, text, reasoning, note } = turn;
    const isWriting = state === "writing";
    this.element.dataset.state = state;
    // A reader is told the answer when it is whole, not word by word.
    this.element.ariaBusy = String(isWriting);
    showText(
      this.#origin,
      [turn.model, turn.usage].filter(Boolean).join(" · "),
    );
    showText(this.#note, note);
    this.#note.setAttribute("role", state === "failed" ? "alert" : "note");
    this.#showRestarts(turn.restarts);
    this.#showPictures(turn.images);
    if (turn.role === "user") showText(this.#text, text);
    else {
      this.#reasoning.hidden = reasoning === "";
      this.#thoughts.update(reasoning, !isWriting);
      const isThinking = isWriting && text === "";
      this.#thinking.textContent = isThinking ? "Thinking…" : "Thoughts";
      this.#prose.update(text, !isWriting);
      this.#prose.element.hidden = text === "" && !isWriting;
    }
    const isOver = isLast && !isWriting && turn.role === "assistant";
    this.#retry.hidden = !isOver || state === "whole";
    this.#regenerate.hidden = !isOver || state !== "whole";
    this.#copy.hidden = text === "";
    this.#buttons.hidden = isWriting;
  }

  #showRestarts(restarts: readonly Restart[]): void {
    this.#restarts.append(
      ...restarts.slice(this.#restartCount).map(toRestart),
    );
    this.#restartCount = restarts.length;
  }

  #showPictures(images: readonly string[]): void {
    if (images === this.#images) return;
    const name = this.#turn.role === "user" ? "Attachment" : "Picture";
    const shown = this.#images.length;
    const isMore = this.#images.every((image, index) =>
      image === images[index]
    );
    const pictures = images.map((image, index) =>
      isMore && index < shown
        ? this.#pictures.children[index] ?? ""
        : createPicture(image, `${name} ${index + 1}`)
    );
    this.#pictures.replaceChildren(...pictures);
    this.#images = images;
  }

  /** Lets the person write the message in other words, where it stands. */
  #edit(): void {
    if (this.element.querySelector("form") !== null) return;
    const field = element("textarea", { label: "Edit message" });
    field.value = this.#turn.text;
    const send = element("button", {}, "Send again");
    const close = () => {
      form.remove();
      this.element.classList.remove("edited");
      this.#copy.focus();
    };
    const form = element(
      "form",
      { class: "edit" },
      field,
      element("p", {}, "What follows this message is removed."),
      element(
        "div",
        { class: "buttons" },
        button("Cancel", { class: "quiet", onClick: close }),
        send,
      ),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const text = field.value.trim();
      if (text !== "") this.#actions.onEdit(this.#turn, text);
    });
    form.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.isComposing) return;
      event.stopPropagation();
      close();
    });
    this.element.classList.add("edited");
    this.element.append(form);
    field.focus();
  }
}

function toRestart({ reason, model, text }: Restart): HTMLElement {
  const summary = element(
    "summary",
    {},
    "Restarted: ",
    element("span", { class: "reason" }, reason),
    ", now ",
    element("span", { class: "now" }, model),
  );
  return element(
    "details",
    { class: "restart" },
    summary,
    element("del", {}, text),
  );
}
