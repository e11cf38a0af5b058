import { findRepeats, findWait, LAG } from "./_attempt_invariants.ts";
import { findExchanges, type History, type Invariants } from "./_history.ts";
import { isHarmless } from "./_random_faults.ts";
import type { Exchange } from "./_servers.ts";

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

/** Codes of what no other route may mend. */
const OWN_CODES = [
  "invalid-request",
  "invalid_request_error",
  "invalid_value",
  "Client takes nothing",
];

/** How long a run may take, in milliseconds, before its time is over. */
const LONGEST = 500_000;

/** Statuses that say nothing of how a server is. */
const OWN_FAULTS = [400];

function isUnhealthy({ faults, status = 0 }: Exchange): boolean {
  return !OWN_FAULTS.includes(status) &&
    faults.some((fault) => !isHarmless(fault));
}

/** The number of the server of a route. */
function toServer(key: string): number {
  return Number(key.slice("route-".length));
}

function isUndisturbed({ world }: History): boolean {
  return world.steps.every((step) =>
    step.do !== "trouble" && step.do !== "die"
  );
}

/** What must be true of routes once all is over. */
export const ROUTE_INVARIANTS: Invariants = {
  *"a route fails only where its server does"(history) {
    const { changes, exchanges, world } = history;
    // One that is slower than another counts as one that fails.
    if (world.failover.hedgeAfter !== null) return;
    for (const { key, before, after, at } of changes) {
      const { failures = 0 } = Object(after);
      if (!key.startsWith("route-")) continue;
      if (failures <= (Object(before).failures ?? 0)) continue;
      const hasFailed = exchanges.some((exchange) =>
        exchange.server === toServer(key) && isUnhealthy(exchange) &&
        Math.abs((exchange.closedAt ?? 0) - at) <= LAG
      );
      if (!hasFailed) yield `${key} fails, and nothing befell its server`;
    }
  },

  *"a run fails only once every route was asked"(history) {
    const { world, outcomes, servers, changes } = history;
    if (world.over === "provider") return;
    for (const outcome of outcomes) {
      const { caller, ending, text, code = "", instance } = outcome;
      const { startedAt, endedAt = Infinity } = outcome;
      if (ending !== "failed" || caller.wrong || caller.form === "tools") {
        continue;
      }
      // Who reads a result does not know what was shown of it.
      if (["result", "textStream"].includes(caller.form)) continue;
      // Nothing may be asked where something was shown, or all time is over.
      if (text !== "" || endedAt - startedAt > LONGEST) continue;
      const seen = findExchanges(history, outcome);
      if (seen.length === 0 || OWN_CODES.includes(code)) continue;
      const wasOpen = changes.some(({ after, at }) =>
        Object(after).openUntil !== undefined && at <= endedAt
      );
      const asked = new Set(seen.map(({ server }) => server));
      if (wasOpen || asked.size === servers.length) continue;
      yield `Question ${caller.question} fails with ${code} at instance ` +
        `${instance}, and was asked of ${asked.size} servers`;
    }
  },

  *"a probe is over when its run is"(history) {
    if (!isUndisturbed(history)) return;
    const last = new Map(
      history.changes.map(({ key, after }) => [key, Object(after)]),
    );
    for (const [key, { probeUntil }] of last) {
      if (probeUntil !== undefined) yield `${key} is still probed`;
    }
  },

  *"a route that is open is not asked again by the same run"(history) {
    if (!isUndisturbed(history) || history.world.over === "provider") return;
    for (const [before, after] of findRepeats(history)) {
      const { server, at, question } = after;
      const state = history.changes.findLast((change) =>
        change.key === `route-${server}` && change.at < at
      )?.after;
      if (Object(state).openUntil === undefined) continue;
      yield `Question ${question} is repeated at ${before.server}, which is open`;
    }
  },

  *"a server is left alone for as long as it asks"(history) {
    for (const { key, before, after, at } of history.changes) {
      if (!key.startsWith("route-")) continue;
      const { openUntil } = Object(after);
      if (openUntil === undefined || Object(before).openUntil) continue;
      const refused = history.exchanges.filter((exchange) =>
        exchange.server === toServer(key) && exchange.closedAt === at
      );
      const wait = Math.min(MAX_RETRY_AFTER, ...refused.map(findWait));
      if (refused.length === 0 || openUntil >= at + wait) continue;
      yield `${key} is asked to wait ${wait} ms, and opens for ${
        openUntil - at
      }`;
    }
  },
};

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
      const isProbe = before.probeUntil !== undefined;
      const isReopened = isProbe && after.probeUntil === undefined &&
        failures > (before.failures ?? 0);
      const { coolDown: coolDownBefore = coolDown } = before;
      if (isReopened && time !== Math.min(10_000, 2 * coolDownBefore)) {
        yield `${key} cools for ${time} after ${coolDownBefore}`;
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
