import { groupChats, toHash } from "./chat_groups.ts";
import type { ChatHead } from "./chat_store.ts";
import { button, element, find } from "./element.ts";

/** From which width on there is room beside a chat. */
const WIDE = "(min-width: 56rem)";

/** The list of chats: beside the chat, or before it where there is no room. */
export class ChatList {
  readonly #list = find("chat-list", HTMLElement);
  readonly #drawer = find("drawer", HTMLDialogElement);
  readonly #onDelete: (chat: ChatHead) => void;

  /** @param onDelete Is called with the chat that a person deletes. */
  constructor(onDelete: (chat: ChatHead) => void) {
    this.#onDelete = onDelete;
    const side = find("side", HTMLElement);
    const content = find("side-content", HTMLElement);
    const wide = matchMedia(WIDE);
    const place = () => {
      this.#drawer.close();
      (wide.matches ? side : this.#drawer).append(content);
    };
    wide.addEventListener("change", place);
    place();
    find("open-drawer", HTMLButtonElement).addEventListener(
      "click",
      () => this.#drawer.showModal(),
    );
    this.#drawer.addEventListener("click", ({ target }) => {
      const isLink = target instanceof HTMLAnchorElement;
      if (isLink || target === this.#drawer) this.close();
    });
  }

  /** Gives the chat the room that the list has taken. */
  close(): void {
    this.#drawer.close();
  }

  /**
   * Shows the chats.
   *
   * @param chats The chats, the one that was changed last first.
   * @param current The id of the one that is shown.
   */
  show(chats: readonly ChatHead[], current: string): void {
    const focused = document.activeElement;
    const href = focused instanceof HTMLAnchorElement &&
        this.#list.contains(focused)
      ? focused.getAttribute("href")
      : undefined;
    this.#list.replaceChildren(
      ...groupChats(chats, Date.now()).flatMap(({ label, chats }) => [
        element("h3", {}, label),
        element(
          "ul",
          { label },
          ...chats.map((chat) => this.#toItem(chat, chat.id === current)),
        ),
      ]),
    );
    if (chats.length === 0) {
      this.#list.append(element("p", {}, "Your chats will be listed here."));
    }
    if (!href) return;
    this.#list.querySelector<HTMLElement>(`a[href="${CSS.escape(href)}"]`)
      ?.focus();
  }

  #toItem(chat: ChatHead, isCurrent: boolean): HTMLElement {
    const title = chat.title || "Untitled";
    const link = element("a", {}, title);
    link.href = toHash(chat.id);
    link.title = title;
    if (isCurrent) link.ariaCurrent = "page";
    const remove = button("Delete", {
      class: "plain",
      label: `Delete chat: ${title}`,
      onClick: () => this.#onDelete(chat),
    });
    return element("li", {}, link, remove);
  }
}
