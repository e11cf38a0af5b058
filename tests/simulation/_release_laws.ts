import { hasOpened, RELEASE, toOwnTime } from "./_facts.ts";
import type { History, Laws } from "./_history.ts";
import type { Exchange, Outcome } from "./_outcome.ts";
import { findFirst } from "./_route_laws.ts";

/** For how long a server may say nothing, in milliseconds. */
const FIRST_TOKEN = 180_000;
const SHORT_FIRST_TOKEN = 30_000;
export const IDLE = 60_000;

/** What must be true while nobody asks. */
export const IDLE_LAWS: Laws<History> = {
  *"no timer outlives its runs"({ kinds, instances, world, isUndisturbed }) {
    // A last word to a server may take seconds.
    if (kinds.has("chat-ui")) return;
    // A store that is late is told of all, and waited for by nobody.
    if (world.gateway.isShared && !isUndisturbed) return;
    for (const [index, { clock, signal }] of instances.entries()) {
      if (signal.aborted || clock.timers === 0) continue;
      yield `Instance ${index} has ${clock.timers} timers, and does nothing`;
    }
  },

  *"a probe is over when its run is"({ changes, isUndisturbed }) {
    if (!isUndisturbed) return;
    const last = new Map(changes.map(({ key, after }) => [key, Object(after)]));
    for (const [key, { probeUntil }] of last) {
      if (probeUntil !== undefined) yield `${key} is still probed`;
    }
  },

  *"nobody else is asked, and nobody else gets a key"({ strays }) {
    if (strays.length > 0) yield `${strays} are asked`;
  },

  *"the log has each request once"({ world, outcomes, instances }) {
    if (world.over !== "gateway") return;
    for (const [index, { log, signal }] of instances.entries()) {
      const { length } = outcomes.filter(({ instance }) => instance === index);
      const ids = new Set(log.map(({ requestId }) => requestId));
      const isRight = log.length === length && ids.size === length;
      if (signal.aborted || isRight) continue;
      yield `${length} requests have ${log.length} entries of ${ids.size}`;
    }
  },
};

/** Whether words came before a server fell silent. */
function hasComeFar({ faults }: Exchange): boolean {
  return faults.some((fault) =>
    "after" in fault && fault.after !== undefined &&
    "events" in fault.after && fault.after.events > 4
  );
}

/** What must be true of what callers leave behind, a moment after their end. */
export const RELEASE_LAWS: Laws<Outcome> = {
  *"no connection outlives its caller"({ exchanges, endedAt = 0 }) {
    for (const { server, plan, closedAt = Infinity } of exchanges) {
      if (plan.kind === "chat-ui" || closedAt <= endedAt + RELEASE) continue;
      yield `is over, and server ${server} is connected until ${closedAt}`;
    }
  },

  *"a server that would go on alone is told to stop"(outcome) {
    const { caller, ending, text, meant, exchanges } = outcome;
    // Its last word may have come.
    if (ending !== "left" || meant.includes(text)) return;
    if (toOwnTime(caller) > 0) return;
    for (const { plan, server, path, status, ...seen } of exchanges) {
      if (plan.kind !== "chat-ui" || status !== 200 || seen.isStopped) continue;
      if (seen.left === undefined || seen.faults.length > 0) continue;
      yield `leaves server ${server} at ${path} alone`;
    }
  },

  *"nobody listens to the signal of a caller whose run is over"(
    { signal, ending },
  ) {
    if (!signal || signal.signal.aborted || ending === "died") return;
    if (signal.listeners > 0) yield `has ${signal.listeners} listeners`;
  },

  *"a server learns why its caller left"({ caller, ending, ...outcome }) {
    const { reason, startedAt, exchanges } = outcome;
    if (ending !== "left" || caller.leave?.how !== "abort") return;
    const leftAt = startedAt + caller.leave.after;
    for (const { server, plan, closedAt, left } of exchanges) {
      if (plan.kind === "chat-ui" || closedAt !== leftAt) continue;
      if (left?.reason === undefined || left.reason === reason) continue;
      yield `leaves for ${reason}, and server ${server} is told ${left.reason}`;
    }
  },

  *"a server that says nothing is left"(outcome, history) {
    const { caller, ending, exchanges } = outcome;
    // Who goes back an hour begins to wait anew.
    if (ending === "died" || !history.isOnTime) return;
    const first = history.world.failover.hedgeAfter === null
      ? findFirst(outcome, history)
      : undefined;
    for (const exchange of exchanges) {
      const { at, wordAt = at, closedAt = Infinity, server, plan } = exchange;
      const isLeft = exchange === first && !hasOpened(history, at);
      const limit = isLeft && exchange.spokeAt === undefined
        ? SHORT_FIRST_TOKEN
        : hasComeFar(exchange) && caller.stream
        ? IDLE
        : FIRST_TOKEN;
      // Words that wait for others come later.
      const { pace, piece = 1 } = plan;
      const silence = closedAt - wordAt - pace * (piece - 1);
      if (plan.kind !== "openai") continue;
      if (silence <= limit + toOwnTime(caller) + RELEASE) continue;
      yield `waits for server ${server} for ${silence} ms`;
    }
  },
};
