import { findKept, isBefallen, type KeptRoute } from "./_facts.ts";
import type { History, Laws } from "./_history.ts";
import type { Change } from "./_stores.ts";
import type { Exchange } from "./_outcome.ts";
import { findRepeated, findWait } from "./_retries.ts";
import type { StoreTrouble } from "./_world.ts";

/** A change of what is kept of a route. */
export interface RouteChange {
  readonly key: string;
  readonly server: number;
  readonly before: KeptRoute;
  readonly after: KeptRoute;
  readonly at: number;
}

/** For how long nobody else probes a route, in milliseconds. */
const PROBE_TIME = 60_000;

/** For how long a run waits for a store, in milliseconds. */
const PATIENCE = 1_000;

/** How late a store may be, in milliseconds. */
const LAG = 5_000;

/** The longest that an upstream may ask to be left alone. */
const MAX_RETRY_AFTER = 600_000;

/** The longest cool-down, unless a server asks for more. */
const MAX_COOL_DOWN = 10_000;

/** Statuses that say nothing of how a server is. */
const OWN_FAULTS = [400];

/** Whether a server had all the time that it has before another is asked. */
function isSlow(
  { at: startedAt, outcome: { endedAt = Infinity } }: Exchange,
  at: number,
  { world: { failover: { hedgeAfter } } }: History,
): boolean {
  return typeof hedgeAfter === "number" && at - startedAt >= hedgeAfter &&
    endedAt >= at - LAG;
}

/** Finds the changes of what is kept of routes. */
export function toRouteChanges(
  changes: readonly Change[],
): readonly RouteChange[] {
  return changes.flatMap((change) => {
    const [, place] = /^route(?:#(\d))?$/.exec(change.key) ?? [, ""];
    if (place === "") return [];
    const server = Number(place ?? 1) - 1;
    return [{ ...change, server, before: Object(change.before) }];
  });
}

/** What must be true of each change of what is kept of a route. */
export const CHANGE_LAWS: Laws<RouteChange> = {
  *"a route fails only where its server does"(change, history) {
    const { server, before, after, at } = change;
    // One that is silent while a clock is set on counts as one that fails.
    if (!history.isOnTime) return;
    if ((after.failures ?? 0) <= (before.failures ?? 0)) return;
    // Who leaves a chat of chat-ui stops the answer of whoever is in it.
    if (history.world.servers[server]?.kind === "chat-ui") return;
    const hasFailed = history.exchanges.some((exchange) =>
      exchange.server === server &&
      (isSlow(exchange, at, history) || isBefallen(exchange) &&
          !OWN_FAULTS.includes(exchange.status ?? 0) &&
          Math.abs((exchange.closedAt ?? 0) - at) <= LAG)
    );
    if (!hasFailed) yield "fails, and nothing befell its server";
  },

  *"a server is left alone for as long as it asks"(change, history) {
    const { server, before, after: { openUntil }, at } = change;
    if (!history.isOnTime || openUntil === undefined) return;
    if (before.openUntil !== undefined) return;
    const refused = history.exchanges.filter((exchange) =>
      exchange.server === server && exchange.closedAt === at
    );
    const wait = Math.min(MAX_RETRY_AFTER, ...refused.map(findWait));
    if (refused.length === 0 || openUntil >= at + wait) return;
    yield `is asked to wait ${wait} ms, and opens for ${openUntil - at}`;
  },

  *"a breaker counts and opens within its bounds"(change, history) {
    const { failures: limit = 3, coolDown: first = 5_000 } =
      history.world.failover.breaker ?? {};
    const { before, after, at } = change;
    const { failures = -1, openUntil, coolDown = first, probeUntil } = after;
    const { failures: had = 0, probeUntil: probed = 0 } = before;
    const isCounted = failures === 0 || failures === had + 1 ||
      failures === had && before.openUntil !== undefined;
    if (!isCounted) {
      yield `has ${failures} failures after ${had}`;
    }
    if (coolDown > MAX_COOL_DOWN || coolDown < first) {
      yield `cools for ${coolDown}`;
    }
    const isOpen = openUntil !== undefined;
    if (isOpen !== (failures >= limit) && (!isOpen || failures === 0)) {
      yield `opens at ${openUntil} after ${failures} failures`;
    }
    const wasProbed = history.changes.some(({ key, after }) =>
      key === change.key && Object(after).probeUntil !== undefined
    );
    if (before.openUntil !== undefined && !isOpen && !wasProbed) {
      yield "closes, and nobody probes it";
    }
    if (!history.isOnTime || !isOpen) return;
    const isReopened = before.probeUntil !== undefined &&
      probeUntil === undefined && failures > had;
    const wanted = Math.min(MAX_COOL_DOWN, 2 * (before.coolDown ?? first));
    if (isReopened && coolDown !== wanted) {
      yield `cools for ${coolDown} after ${before.coolDown}`;
    }
    if (openUntil > at + MAX_RETRY_AFTER) yield "is open for too long";
    const isNew = before.openUntil === undefined || isReopened;
    if (isNew && openUntil < at + coolDown - LAG) {
      yield `opens for ${openUntil - at} ms`;
    }
    const isClaimed = probeUntil !== undefined && probeUntil !== probed;
    if (isClaimed && probeUntil < at + PROBE_TIME - LAG) {
      yield `is claimed for ${probeUntil - at} ms`;
    }
    if (probed > at && (probeUntil ?? 0) > probed) yield "is probed twice";
  },

  *"all is recorded when a run is over"({ at }, { world, outcomes }) {
    const isLate = ({ trouble }: { readonly trouble: StoreTrouble }) =>
      // A store may be asked twice for one thing.
      trouble.type === "lag"
        ? 2 * trouble.ms > PATIENCE
        : trouble.type !== "none";
    if (world.steps.some((step) => step.do === "trouble" && isLate(step))) {
      return;
    }
    // Who leaves does not wait, and the dead write nothing down.
    const isOpen = outcomes.some(({ startedAt, endedAt = Infinity, ending }) =>
      startedAt <= at &&
      (endedAt >= at || ending === "left" || ending === "died")
    );
    if (!isOpen) yield "is written down though nobody asks";
  },
};

/** What must be true of each request to a route. */
export const OPEN_LAWS: Laws<Exchange> = {
  *"a route that is open is not asked again by the same run"(
    exchange,
    history,
  ) {
    if (!history.isUndisturbed) return;
    const before = findRepeated(exchange, history);
    // What is forgotten begins anew.
    if (before === undefined || before.status === 404) return;
    const { openUntil } = findKept(history, exchange.server, exchange.at - 1);
    if (openUntil !== undefined) yield "is repeated, and its route is open";
  },

  *"a route that is open is asked where it may be probed, or as the last"(
    { server, at, outcome },
    history,
  ) {
    const { world, servers, isUndisturbed, kinds } = history;
    const { startedAt, exchanges, caller } = outcome;
    if (world.isNested || !isUndisturbed) return;
    if (caller.form === "tools" || kinds.has("chat-ui")) return;
    const { openUntil } = findKept(history, server, startedAt - 1);
    const isChanged = toRouteChanges(history.changes).some((change) =>
      change.server === server && change.at >= startedAt &&
      (change.after.openUntil === undefined ||
        change.after.probeUntil !== undefined)
    );
    if (openUntil === undefined || isChanged) return;
    const others = exchanges.filter((other) => other.server !== server);
    const isBeside = others.some(({ at: since, closedAt = Infinity }) =>
      since < at && closedAt > at
    );
    const asked = new Set(others.map((other) => other.server));
    const isLeft = servers.some((_, other) =>
      other !== server && !asked.has(other) &&
      findKept(history, other, at).openUntil === undefined
    );
    if (isBeside || isLeft) yield "is asked, and its route is open";
  },
};
