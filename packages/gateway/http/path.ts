/**
 * The path of a request.
 *
 * @module
 */

/**
 * Reads the path of a request. Clients join base URLs and paths, and often with a
 * slash too many: one that is doubled or at the end says nothing.
 *
 * @param request The request.
 * @returns The path, without its query.
 */
export function toPath({ url }: Request): string {
  const path = new URL(url).pathname.replace(/\/{2,}/g, "/");
  return path.length > 1 ? path.replace(/\/$/, "") : path;
}
