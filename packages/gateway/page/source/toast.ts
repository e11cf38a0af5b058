import { button, element, find } from "./element.ts";

/** Milliseconds for which something can be undone. */
const SHOWN = 8_000;

const place = find("toast", HTMLElement);
let timer: number | undefined;

/**
 * Says for a while what was done, and lets it be undone.
 *
 * @param text What was done.
 * @param onUndo Undoes it.
 */
export function offerUndo(text: string, onUndo: () => void): void {
  clearTimeout(timer);
  const close = () => place.hidden = true;
  const undo = button("Undo", {
    class: "plain",
    onClick() {
      close();
      onUndo();
    },
  });
  place.replaceChildren(element("span", {}, text), undo);
  place.hidden = false;
  timer = setTimeout(close, SHOWN);
}
