/**
 * A value that is made when it is first asked for, so that an import waits for
 * none.
 *
 * @module
 */

/**
 * Makes a value when it is first asked for.
 *
 * @param make Makes it.
 */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
