import { find } from "./find.js";

const dialog = find("key-dialog", HTMLDialogElement);
const form = find("key-form", HTMLFormElement);
const field = find("key-field", HTMLInputElement);
const complaint = find("key-error", HTMLParagraphElement);

/**
 * Asks the person for the API key.
 *
 * @param {string} [problem] Why the one before did not do.
 * @returns {Promise<string | undefined>} The key; nothing where it is not told.
 */
export function askForKey(problem = "") {
  const { promise, resolve } = Promise.withResolvers();
  complaint.textContent = problem;
  field.value = "";
  dialog.returnValue = "";
  dialog.showModal();
  form.onsubmit = () => resolve(field.value.trim());
  dialog.onclose = () => resolve(undefined);
  find("key-cancel", HTMLButtonElement).onclick = () => dialog.close();
  return promise;
}
