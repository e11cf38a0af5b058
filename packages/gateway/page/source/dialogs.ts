import { find } from "./element.ts";

const keyField = find("key-field", HTMLInputElement);
const systemField = find("system-field", HTMLTextAreaElement);

/**
 * Asks the person for the API key.
 *
 * @param problem Why the one before did not do.
 * @returns The key; nothing where it is not told.
 */
export async function askForKey(problem = ""): Promise<string | undefined> {
  find("key-error", HTMLElement).textContent = problem;
  keyField.value = "";
  return await open("key-dialog") ? keyField.value.trim() : undefined;
}

/**
 * Asks the person what the model is told before all else.
 *
 * @param system What it is told now.
 * @returns The words; nothing where they shall stay.
 */
export async function askForSystem(
  system: string,
): Promise<string | undefined> {
  systemField.value = system;
  return await open("system-dialog") ? systemField.value.trim() : undefined;
}

/** Opens a dialog, and tells whether its form was sent. */
function open(id: string): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const dialog = find(id, HTMLDialogElement);
  const once = { once: true };
  dialog.querySelector("form")?.addEventListener(
    "submit",
    () => resolve(true),
    once,
  );
  dialog.addEventListener("close", () => resolve(false), once);
  dialog.querySelector<HTMLElement>("[data-cancel]")?.addEventListener(
    "click",
    () => dialog.close(),
    once,
  );
  dialog.showModal();
  return promise;
}
