import {
  type Change,
  findKept,
  type History,
  type Invariants,
  isBefallen,
  type KeptRoute,
} from "./_history.ts";
import { findRepeated, findWait } from "./_retries.ts";
import type { Exchange } from "./_outcome.ts";

/** A change of what is kept of a route. */
interface RouteChange {
  readonly server: number;
  readonly before: KeptRoute;
  readonly after: KeptRoute;
  readonly at: number;
}

/** For how long nobody else probes a route, in milliseconds. */
const PROBE_TIME = 60_000;

/** How late a store may be, in milliseconds. */
const LAG = 5_000;

/** The longest that an upstream may ask to be left alone. */
const MAX_RETRY_AFTER = 600_000;

/** The longest cool-down, unless a server asks for more. */
const MAX_COOL_DOWN = 10_000;

/** Statuses that say nothing of how a server is. */
const OWN_FAULTS = [400];

const PREFIX = "route-";

/** Whether a server had all the time that it has before another is asked. */
function isSlow(
  { at: startedAt, outcome: { endedAt = Infinity } }: Exchange,
  at: number,
  { world: { failover: { hedgeAfter } } }: History,
): boolean {
  return typeof hedgeAfter === "number" && at - startedAt >= hedgeAfter &&
    endedAt >= at - LAG;
}

/** Reads a change, where it is one of a route. */
function toRouteChange(
  { key, before, after, at }: Change,
): RouteChange | undefined {
  if (!key.startsWith(PREFIX)) return undefined;
  const server = Number(key.slice(PREFIX.length));
  return { server, before: Object(before), after: Object(after), at };
}

/** What must be true of each change of what is kept of a route. */
export const CHANGE_INVARIANTS: Invariants<Change> = {
  *"a route fails only where its server does"(change, history) {
    const { server, before, after, at } = toRouteChange(change) ?? {};
    // One that is silent while a clock is set on counts as one that fails.
    if (server === undefined || at === undefined || !history.isOnTime) return;
    if ((after?.failures ?? 0) <= (before?.failures ?? 0)) return;
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
    const { server, before, after, at = 0 } = toRouteChange(change) ?? {};
    const { openUntil } = after ?? {};
    if (!history.isOnTime || openUntil === undefined) return;
    if (before?.openUntil !== undefined) return;
    const refused = history.exchanges.filter((exchange) =>
      exchange.server === server && exchange.closedAt === at
    );
    const wait = Math.min(MAX_RETRY_AFTER, ...refused.map(findWait));
    if (refused.length === 0 || openUntil >= at + wait) return;
    yield `is asked to wait ${wait} ms, and opens for ${openUntil - at}`;
  },

  *"a breaker counts within its bounds"(change, { world }) {
    const { failures: limit = 3, coolDown = 5_000 } = world.failover.breaker ??
      {};
    const { before, after } = toRouteChange(change) ?? {};
    if (after === undefined) return;
    const { failures = -1, openUntil, coolDown: time = coolDown } = after;
    if (failures < 0 || failures > (before?.failures ?? 0) + 1) {
      yield `has ${failures} failures after ${before?.failures}`;
    }
    if (time > MAX_COOL_DOWN || time < coolDown) yield `cools for ${time}`;
    if ((openUntil !== undefined) !== (failures >= limit)) {
      if (openUntil === undefined || failures === 0) {
        yield `opens at ${openUntil} after ${failures} failures`;
      }
    }
  },

  *"a breaker opens within its bounds"(change, history) {
    const { before, after, at = 0 } = toRouteChange(change) ?? {};
    const first = history.world.failover.breaker?.coolDown ?? 5_000;
    const { openUntil, probeUntil, failures = 0, coolDown = first } = after ??
      {};
    if (!history.isOnTime || openUntil === undefined || !before) return;
    const isReopened = before.probeUntil !== undefined &&
      probeUntil === undefined && failures > (before.failures ?? 0);
    const wanted = Math.min(MAX_COOL_DOWN, 2 * (before.coolDown ?? first));
    if (isReopened && coolDown !== wanted) {
      yield `cools for ${coolDown} after ${before.coolDown}`;
    }
    if (openUntil > at + MAX_RETRY_AFTER) yield "is open for too long";
    const isNew = before.openUntil === undefined || isReopened;
    if (isNew && openUntil < at + coolDown - LAG) {
      yield `opens for ${openUntil - at} ms`;
    }
    const { probeUntil: probed = 0 } = before;
    const isClaimed = probeUntil !== undefined && probeUntil !== probed;
    if (isClaimed && probeUntil < at + PROBE_TIME - LAG) {
      yield `is claimed for ${probeUntil - at} ms`;
    }
    if (probed > at && (probeUntil ?? 0) > probed) yield "is probed twice";
  },
};

/** What must be true of each request to a route. */
export const OPEN_INVARIANTS: Invariants<Exchange> = {
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
    const since = history.changes.filter((change) =>
      change.key === PREFIX + server && change.at >= startedAt
    );
    const isChanged = since.some(({ after }) =>
      Object(after).openUntil === undefined ||
      Object(after).probeUntil !== undefined
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
