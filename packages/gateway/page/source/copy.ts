import { button } from "./element.ts";

/** Milliseconds for which a button says that it has done it. */
const SAID = 1_500;

/**
 * Copies a text.
 *
 * @param text The text.
 * @returns Whether it could be copied.
 */
async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // A page without TLS has no clipboard, but for what is selected.
    const field = document.createElement("textarea");
    field.value = text;
    field.className = "hidden";
    document.body.append(field);
    const focused = document.activeElement;
    field.select();
    const isCopied = document.execCommand("copy");
    field.remove();
    if (focused instanceof HTMLElement) focused.focus();
    return isCopied;
  }
}

/**
 * Makes a button that copies.
 *
 * @param label What it copies.
 * @param getText Gives the text.
 * @returns The button.
 */
export function createCopyButton(
  label: string,
  getText: () => string,
): HTMLButtonElement {
  const made = button("Copy", {
    class: "plain",
    label,
    async onClick() {
      const isCopied = await copyText(getText());
      made.textContent = isCopied ? "Copied" : "Not copied";
      setTimeout(() => made.textContent = "Copy", SAID);
    },
  });
  return made;
}
