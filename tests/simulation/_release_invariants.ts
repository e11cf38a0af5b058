import {
  findExchanges,
  type History,
  type Invariants,
  isOnTime,
  isUndisturbed,
} from "./_history.ts";
import { type Outcome, toOwnTime } from "./_outcome.ts";
import type { Exchange } from "./_exchange.ts";

/** Within how many milliseconds nothing is left of a run that is over. */
export const RELEASE = 200;

/** For how long a server may say nothing, in milliseconds. */
const FIRST_TOKEN = 180_000;
const IDLE = 60_000;

/** What must be true while nobody asks. */
export const IDLE_INVARIANTS: Invariants<History> = {
  *"no timer outlives its runs"({ world, instances }) {
    // A last word to a server may take seconds.
    if (world.servers.some(({ kind }) => kind === "chat-ui")) return;
    for (const [index, { clock, signal }] of instances.entries()) {
      if (signal.aborted || clock.timers === 0) continue;
      yield `Instance ${index} has ${clock.timers} timers, and does nothing`;
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
};

/** Whether words came before a server fell silent. */
function hasComeFar({ faults }: Exchange): boolean {
  return faults.some((fault) =>
    "after" in fault && fault.after !== undefined &&
    "events" in fault.after && fault.after.events > 4
  );
}

/** What must be true of what callers leave behind, a moment after their end. */
export const RELEASE_INVARIANTS: Invariants<Outcome> = {
  *"no connection outlives its caller"(outcome, history) {
    const { caller, endedAt = 0 } = outcome;
    for (const { server, closedAt } of findExchanges(history, outcome)) {
      if (history.world.servers[server]?.kind === "chat-ui") continue;
      if (closedAt !== undefined && closedAt <= endedAt + RELEASE) continue;
      yield `Question ${caller.question} is over, and server ${server} ` +
        `is connected until ${closedAt}`;
    }
  },

  *"nobody listens to the signal of a caller whose run is over"(
    { caller, signal, ending },
  ) {
    if (signal?.signal.aborted || ending === "died") return;
    const listeners = signal?.listeners ?? 0;
    if (listeners === 0) return;
    yield `Question ${caller.question} has ${listeners} listeners`;
  },

  *"a server learns why its caller left"(outcome, history) {
    const { caller, ending, reason } = outcome;
    if (ending !== "left" || caller.leave?.how !== "abort") return;
    const leftAt = outcome.startedAt + caller.leave.after;
    for (const exchange of findExchanges(history, outcome)) {
      const { server, closedAt, left } = exchange;
      if (history.world.servers[server]?.kind === "chat-ui") continue;
      if (closedAt !== leftAt || left?.reason === undefined) continue;
      if (left.reason === reason) continue;
      yield `Question ${caller.question} leaves for ${reason}, and server ` +
        `${server} is told ${left.reason}`;
    }
  },

  *"a server that says nothing is left"(outcome, history) {
    const { caller, ending } = outcome;
    // Who goes back an hour begins to wait anew.
    if (ending === "died" || !isOnTime(history)) return;
    const unread = toOwnTime(caller);
    for (const exchange of findExchanges(history, outcome)) {
      const { at, wordAt, closedAt = Infinity, server } = exchange;
      if (history.world.servers[server]?.kind !== "openai") continue;
      const limit = hasComeFar(exchange) && caller.stream ? IDLE : FIRST_TOKEN;
      const since = wordAt ?? at;
      if (closedAt - since <= limit + unread + RELEASE) continue;
      yield `Question ${caller.question} waits for server ${server} for ${
        closedAt - since
      } ms`;
    }
  },
};
