/**
 * Middleware that has nothing to do.
 *
 * @module
 */

import type { Context, Next } from "hono";

/**
 * Hands a request on as it is.
 *
 * @param _context The request.
 * @param next What comes after it.
 */
export async function passOn(_context: Context, next: Next): Promise<void> {
  await next();
}
