import type { History, Invariants } from "./_history.ts";

/** What is kept of a route. */
interface Kept {
  readonly failures?: number;
  readonly openUntil?: number;
  readonly coolDown?: number;
  readonly probeUntil?: number;
}

/** The longest that an upstream may ask to be left alone. */
const MAX_RETRY_AFTER = 600_000;

/** Gives what has changed since it was last looked at. */
function* changesOf(
  history: History,
): Iterable<{ readonly key: string; before: Kept; after: Kept; at: number }> {
  for (
    const { key, before, after, at } of history.changes.slice(history.checked)
  ) {
    if (!key.startsWith("route-")) continue;
    yield { key, before: Object(before), after: Object(after), at };
  }
  history.checked = history.changes.length;
}

/** What must be true of the state of routes at any time. */
export const BREAKER_INVARIANTS: Invariants = {
  *"a breaker is within its bounds"(history) {
    const { failures: limit = 3, coolDown = 5_000 } =
      history.world.failover.breaker ?? {};
    for (const { key, before, after, at } of changesOf(history)) {
      const { failures = -1, openUntil, coolDown: time = coolDown } = after;
      if (failures < 0) yield `${key} has ${failures} failures`;
      if (time > 10_000 || time < coolDown) yield `${key} cools for ${time}`;
      if (openUntil === undefined) {
        if (failures >= limit) yield `${key} is closed after ${failures}`;
        continue;
      }
      if (openUntil > at + MAX_RETRY_AFTER) yield `${key} is open for too long`;
      if (failures === 0) yield `${key} is open without a failure`;
      if (before.probeUntil !== undefined && after.probeUntil !== undefined) {
        const isHeld = before.probeUntil > at;
        if (isHeld && after.probeUntil > before.probeUntil) {
          yield `${key} is probed twice`;
        }
      }
    }
  },
};
