/** What an element has from the start. */
export interface ElementInit {
  /** Its class. */
  readonly class?: string;
  /** Its name, where nothing that is seen tells it. */
  readonly label?: string;
  /** What a click does. */
  readonly onClick?: (event: MouseEvent) => void;
}

/**
 * Makes an element. Its children are only ever elements and text: nothing that
 * a model writes is read as HTML.
 *
 * @param name The name of its tag.
 * @param init What it has.
 * @param children What is in it.
 * @returns The element.
 */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  init: ElementInit = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  if (init.class !== undefined) made.className = init.class;
  if (init.label !== undefined) made.ariaLabel = init.label;
  const { onClick } = init;
  if (onClick !== undefined) {
    made.addEventListener("click", (event) => {
      if (event instanceof MouseEvent) onClick(event);
    });
  }
  made.append(...children);
  return made;
}

/**
 * Makes a button that sends no form.
 *
 * @param text What it says.
 * @param init What it has.
 * @returns The button.
 */
export function button(text: string, init: ElementInit): HTMLButtonElement {
  const made = element("button", init, text);
  made.type = "button";
  return made;
}

/**
 * Finds an element of the page.
 *
 * @param id Its id.
 * @param kind What it is.
 * @returns The element.
 */
export function find<Kind extends HTMLElement>(
  id: string,
  kind: new () => Kind,
): Kind {
  const found = document.getElementById(id);
  if (found instanceof kind) return found;
  throw new Error(`There is no #${id} that is a ${kind.name}`);
}

/**
 * Shows a text in an element, or hides it where there is none.
 *
 * @param place The element.
 * @param text The text.
 */
export function showText(place: HTMLElement, text: string): void {
  place.hidden = text === "";
  if (place.textContent !== text) place.textContent = text;
}
