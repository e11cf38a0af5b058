import { find } from "./element.ts";
import { PictureInput } from "./picture_input.ts";
import { loadDraft, saveDraft } from "./tab_storage.ts";
import type { Turn } from "./turns.ts";

/** What the box for messages is connected with. */
export interface ComposerOptions {
  /** Sends a message, and tells whether it could be sent. */
  readonly onSend: (message: Pick<Turn, "text" | "images">) => boolean;
  /** Tells the most characters of the address of a picture. */
  readonly pictureLimit: () => number;
  /** Stops the answer. */
  readonly onStop: () => void;
  /** Says what is wrong. */
  readonly onProblem: (text: string) => void;
}

/** The most lines of the box, where the style sheet cannot tell. */
const MAX_LINES = 8;

/** Where a person types with a finger, a keyboard would jump up. */
const touch = matchMedia("(pointer: coarse)");

/** The box in which a message is written. */
export class Composer {
  readonly #form = find("composer", HTMLFormElement);
  readonly #prompt = find("prompt", HTMLTextAreaElement);
  readonly #send = find("send", HTMLButtonElement);
  readonly #stop = find("stop", HTMLButtonElement);
  readonly #pictures: PictureInput;
  readonly #options: ComposerOptions;

  /** @param options What it is connected with. */
  constructor(options: ComposerOptions) {
    this.#options = options;
    this.#pictures = new PictureInput(options.pictureLimit, options.onProblem);
    this.#prompt.value = loadDraft();
    this.#fit();
    this.#stop.addEventListener("click", () => options.onStop());
    this.#prompt.addEventListener("input", () => {
      saveDraft(this.#prompt.value);
      this.#fit();
    });
    this.#prompt.addEventListener("keydown", (event) => {
      // Enter also takes what an input method proposes.
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      // Keyboards of phones have no other key for a line.
      if (touch.matches) return;
      event.preventDefault();
      this.#form.requestSubmit();
    });
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
  }

  /** Gives the box the focus, where no keyboard jumps up. */
  focus(): void {
    if (!touch.matches) this.#prompt.focus();
  }

  /**
   * Shows what can be done.
   *
   * @param isRunning Whether an answer is being written.
   */
  setRunning(isRunning: boolean): void {
    // What has the focus must not vanish under it.
    const vanishes = isRunning ? this.#send : this.#stop;
    if (document.activeElement === vanishes) this.focus();
    this.#send.hidden = isRunning;
    this.#stop.hidden = !isRunning;
  }

  #submit(): void {
    const text = this.#prompt.value.trim();
    const { pictures: images } = this.#pictures;
    if (text === "" && images.length === 0) return;
    if (!this.#options.onSend({ text, images })) return;
    this.#prompt.value = "";
    saveDraft("");
    this.#pictures.clear();
    this.#fit();
  }

  #fit(): void {
    if (CSS.supports("field-sizing", "content")) return;
    const lines = this.#prompt.value.split("\n").length;
    this.#prompt.rows = Math.min(MAX_LINES, lines);
  }
}
