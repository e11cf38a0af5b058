import {
  type Change,
  findOutcome,
  type History,
  type Invariants,
  isBefallen,
  isOnTime,
  isUndisturbed,
} from "./_history.ts";
import { findRepeated, findWait } from "./_request_invariants.ts";
import type { Exchange } from "./_exchange.ts";

/** What is kept of a route. */
interface Kept {
  readonly failures?: number;
  readonly openUntil?: number;
  readonly coolDown?: number;
  readonly probeUntil?: number;
}

/** A change of what is kept of a route. */
interface RouteChange {
  readonly server: number;
  readonly before: Kept;
  readonly after: Kept;
  readonly at: number;
}

/** How late a store may be, in milliseconds. */
const LAG = 5_000;

/** The longest that an upstream may ask to be left alone. */
const MAX_RETRY_AFTER = 600_000;

/** The longest cool-down, unless a server asks for more. */
const MAX_COOL_DOWN = 10_000;

/** Statuses that say nothing of how a server is. */
const OWN_FAULTS = [400];

const PREFIX = "route-";

function isUnhealthy(exchange: Exchange, history: History): boolean {
  return !OWN_FAULTS.includes(exchange.status ?? 0) &&
    isBefallen(exchange, history);
}

/** Whether a server had all the time that it has before another is asked. */
function isSlow(exchange: Exchange, at: number, history: History): boolean {
  const { hedgeAfter } = history.world.failover;
  const { endedAt = Infinity } = findOutcome(history, exchange) ?? {};
  return typeof hedgeAfter === "number" && at - exchange.at >= hedgeAfter &&
    endedAt >= at - LAG;
}

/** Reads a change, where it is one of a route. */
function* toRouteChange(
  { key, before, after, at }: Change,
): Iterable<RouteChange> {
  if (!key.startsWith(PREFIX)) return;
  const server = Number(key.slice(PREFIX.length));
  yield { server, before: Object(before), after: Object(after), at };
}

/** What must be true of each change of what is kept of a route. */
export const CHANGE_INVARIANTS: Invariants<Change> = {
  *"a route fails only where its server does"(change, history) {
    const { exchanges, world } = history;
    for (const { server, before, after, at } of toRouteChange(change)) {
      // One that is silent while a clock is set on counts as one that fails.
      if (!isOnTime(history)) return;
      if ((after.failures ?? 0) <= (before.failures ?? 0)) return;
      // Who leaves a chat of chat-ui stops the answer of whoever is in it.
      if (world.servers[server]?.kind === "chat-ui") return;
      const hasFailed = exchanges.some((exchange) =>
        exchange.server === server &&
        (isUnhealthy(exchange, history) &&
            Math.abs((exchange.closedAt ?? 0) - at) <= LAG ||
          isSlow(exchange, at, history))
      );
      if (hasFailed) return;
      yield `Route ${server} fails, and nothing befell its server`;
    }
  },

  *"a server is left alone for as long as it asks"(change, history) {
    const { exchanges } = history;
    if (!isOnTime(history)) return;
    for (
      const { server, before, after: { openUntil }, at } of toRouteChange(
        change,
      )
    ) {
      if (openUntil === undefined || before.openUntil !== undefined) return;
      const refused = exchanges.filter((exchange) =>
        exchange.server === server && exchange.closedAt === at
      );
      const wait = Math.min(MAX_RETRY_AFTER, ...refused.map(findWait));
      if (refused.length === 0 || openUntil >= at + wait) return;
      yield `Route ${server} is asked to wait ${wait} ms, and opens for ${
        openUntil - at
      }`;
    }
  },

  *"a breaker counts within its bounds"(change, { world }) {
    const { failures: limit = 3, coolDown = 5_000 } = world.failover.breaker ??
      {};
    for (const { server, before, after } of toRouteChange(change)) {
      const { failures = -1, openUntil, coolDown: time = coolDown } = after;
      const key = `Route ${server}`;
      if (failures < 0) yield `${key} has ${failures} failures`;
      if (failures > (before.failures ?? 0) + 1) {
        yield `${key} has ${failures} failures after ${before.failures}`;
      }
      if (time > MAX_COOL_DOWN || time < coolDown) {
        yield `${key} cools for ${time}`;
      }
      if (openUntil === undefined && failures >= limit) {
        yield `${key} is closed after ${failures}`;
      }
      if (openUntil !== undefined && failures === 0) {
        yield `${key} is open without a failure`;
      }
    }
  },

  *"a breaker opens within its bounds"(change, history) {
    const { world, clock } = history;
    if (!isOnTime(history)) return;
    const first = world.failover.breaker?.coolDown ?? 5_000;
    for (const { server, before, after, at } of toRouteChange(change)) {
      const { openUntil, probeUntil, failures = 0, coolDown = first } = after;
      const key = `Route ${server}`;
      if (openUntil === undefined) return;
      const isReopened = before.probeUntil !== undefined &&
        probeUntil === undefined && failures > (before.failures ?? 0);
      const wanted = Math.min(
        MAX_COOL_DOWN,
        2 * (before.coolDown ?? first),
      );
      if (isReopened && coolDown !== wanted) {
        yield `${key} cools for ${coolDown} after ${before.coolDown}`;
      }
      if (openUntil > at + MAX_RETRY_AFTER) {
        yield `${key} is open for too long`;
      }
      const isNew = before.openUntil === undefined || isReopened;
      if (isNew && openUntil < clock.now() + coolDown - LAG) {
        yield `${key} opens for ${openUntil - at} ms`;
      }
      if (before.probeUntil === undefined || probeUntil === undefined) return;
      const isHeld = before.probeUntil > at;
      if (isHeld && probeUntil > before.probeUntil) {
        yield `${key} is probed twice`;
      }
    }
  },
};

/** What must be true of each request to a route. */
export const OPEN_INVARIANTS: Invariants<Exchange> = {
  *"a route that is open is not asked again by the same run"(
    exchange,
    history,
  ) {
    if (!isUndisturbed(history) || history.world.over === "provider") return;
    if (findRepeated(history, exchange) === undefined) return;
    const { server, at, question } = exchange;
    const state = history.changes.findLast((change) =>
      change.key === `${PREFIX}${server}` && change.at < at
    )?.after;
    if (Object(state).openUntil === undefined) return;
    yield `Question ${question} is repeated at ${server}, which is open`;
  },
};
