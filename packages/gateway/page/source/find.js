/**
 * Finds an element of the page.
 *
 * @template {HTMLElement} Kind
 * @param {string} id Its id.
 * @param {new () => Kind} kind What it is.
 * @returns {Kind} The element.
 */
export function find(id, kind) {
  const found = document.getElementById(id);
  if (found instanceof kind) return found;
  throw new Error(`There is no #${id} that is a ${kind.name}`);
}
