import { type TurnActions, TurnView } from "./turn_view.ts";
import type { Turn } from "./turns.ts";

/** How far from its end a chat is still followed, in pixels. */
const NEAR = 48;

/** For how many times of what showing took nothing is shown. */
const REST = 3;

/** The messages of a chat. */
export class LogView {
  readonly #log: HTMLElement;
  readonly #scroller: HTMLElement;
  readonly #actions: TurnActions;
  readonly #views = new Map<string, TurnView>();
  #timer: number | undefined;
  #cost = 0;
  #follows = true;
  #top = 0;

  /**
   * @param log Where the messages are.
   * @param scroller What scrolls them.
   * @param toEnd Goes to the end of the chat.
   * @param actions What can be done with a message.
   */
  constructor(
    log: HTMLElement,
    scroller: HTMLElement,
    toEnd: HTMLElement,
    actions: TurnActions,
  ) {
    this.#log = log;
    this.#scroller = scroller;
    this.#actions = actions;
    scroller.addEventListener("scroll", () => {
      const { scrollTop } = scroller;
      const isAtEnd = this.#isAtEnd();
      // Who scrolls up wants to read what is there.
      if (isAtEnd || scrollTop < this.#top) this.#follows = isAtEnd;
      this.#top = scrollTop;
      toEnd.hidden = this.#follows;
    }, { passive: true });
    toEnd.addEventListener("click", () => this.scrollToEnd());
    const observer = new ResizeObserver(() => {
      if (this.#follows) this.scrollToEnd();
    });
    // Pictures and colours come later; a keyboard takes room.
    observer.observe(log);
    observer.observe(scroller);
  }

  /** Goes to the end of the chat, and follows it from there. */
  scrollToEnd(): void {
    this.#follows = true;
    this.#scroller.scrollTop = this.#scroller.scrollHeight;
  }

  #isAtEnd(): boolean {
    const { scrollTop, clientHeight, scrollHeight } = this.#scroller;
    return scrollTop + clientHeight > scrollHeight - NEAR;
  }

  /**
   * Shows messages. What is shown already stands.
   *
   * @param turns The messages.
   */
  show(turns: readonly Turn[]): void {
    this.#forget();
    const ids = new Set(turns.map(({ id }) => id));
    for (const [id, view] of this.#views) {
      if (ids.has(id)) continue;
      view.element.remove();
      this.#views.delete(id);
    }
    turns.forEach((turn, index) => {
      const isLast = index === turns.length - 1;
      const known = this.#views.get(turn.id);
      const view = known ?? new TurnView(turn, this.#actions);
      view.update(turn, isLast);
      this.#views.set(turn.id, view);
      const place = this.#log.children[index];
      if (place !== view.element) {
        this.#log.insertBefore(view.element, place ?? null);
      }
    });
  }

  /**
   * Shows what has been added to a message: at most once for each picture of the
   * screen, and where that is much work, so seldom that the page stays fluent.
   *
   * @param turn The message, which is the last.
   */
  grow(turn: Turn): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = requestAnimationFrame(() => {
        this.#timer = undefined;
        const started = performance.now();
        this.#views.get(turn.id)?.update(turn, true);
        this.#cost = performance.now() - started;
      });
    }, this.#cost * REST);
  }

  #forget(): void {
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    cancelAnimationFrame(this.#timer);
    this.#timer = undefined;
  }
}
