/**
 * Attempts, told to whoever wants no more than that.
 *
 * @module
 */

import type { Attempt, Provider } from "../mod.ts";
import { observe } from "./observe.ts";

/**
 * Makes a provider that tells of its attempts, those of the routes of a failover
 * too.
 *
 * @param provider The provider or failover.
 * @param onAttempt Is called for each attempt of a run, in order, once the run is
 * over. What it throws, the reader of the run is told.
 * @returns The same provider.
 *
 * @example
 * ```ts
 * import { createAiChats } from "@parley/chat";
 * import { withAttempts } from "@parley/chat/telemetry";
 * import { assertEquals } from "@std/assert";
 *
 * const codes: unknown[] = [];
 * const aiChats = withAttempts(
 *   createAiChats({
 *     fetch: () => Promise.resolve(new Response("no", { status: 401 })),
 *   }),
 *   ({ provider, code }) => void codes.push(provider, code),
 * );
 * await aiChats.generate("Hello").catch(() => {});
 * assertEquals(codes, ["AiChats", "authentication"]);
 * ```
 */
export function withAttempts<P extends Provider>(
  provider: P,
  onAttempt: (attempt: Attempt) => void,
): P {
  return observe(provider, () => ({
    start: (read) => read(),
    add() {},
    end: (attempts) => attempts.forEach((attempt) => onAttempt(attempt)),
  }));
}
