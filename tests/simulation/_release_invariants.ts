import { findExchanges, type Invariants } from "./_history.ts";
import type { Exchange } from "./_servers.ts";

/** Within how many milliseconds a connection is closed that nobody reads. */
const RELEASE = 200;

/** For how long a server may say nothing, in milliseconds. */
const FIRST_TOKEN = 180_000;
const IDLE = 60_000;

/** What must be true at any time of what is left. */
export const IDLE_INVARIANTS: Invariants = {
  *"no timer outlives its runs"({ world, outcomes, instances }) {
    // A last word to a server may take seconds, and so may a store that lags.
    if (world.servers.some(({ kind }) => kind === "chat-ui")) return;
    if (world.steps.some((step) => step.do === "trouble")) return;
    const busy = new Set<number>();
    for (const { instance, ending } of outcomes) {
      if (ending === undefined) busy.add(instance);
    }
    for (const [index, { clock, signal }] of instances.entries()) {
      if (signal.aborted || busy.has(index) || clock.timers === 0) continue;
      yield `Instance ${index} has ${clock.timers} timers, and does nothing`;
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

/** What must be true of what is left. */
export const RELEASE_INVARIANTS: Invariants = {
  *"no connection outlives its caller"(history) {
    for (const outcome of history.outcomes) {
      const { caller, endedAt = 0 } = outcome;
      for (const { server, closedAt } of findExchanges(history, outcome)) {
        if (history.world.servers[server]?.kind === "chat-ui") continue;
        if (closedAt !== undefined && closedAt <= endedAt + RELEASE) continue;
        yield `Question ${caller.question} is over, and server ${server} ` +
          `is connected until ${closedAt}`;
      }
    }
  },

  *"nobody listens to the signal of a caller whose run is over"({ outcomes }) {
    for (const { caller, signal, ending } of outcomes) {
      if (signal?.signal.aborted || ending === "died") continue;
      const listeners = signal?.listeners ?? 0;
      if (listeners === 0) continue;
      yield `Question ${caller.question} has ${listeners} listeners`;
    }
  },

  *"a server that says nothing is left"(history) {
    for (const outcome of history.outcomes) {
      const { caller, ending } = outcome;
      if (ending === "died") continue;
      const { pace = 0, pause: { ms = 0 } = {}, words } = caller;
      const unread = ms + 4 * words * pace;
      for (const exchange of findExchanges(history, outcome)) {
        const { at, wordAt, closedAt = Infinity, server } = exchange;
        if (history.world.servers[server]?.kind !== "openai") continue;
        const limit = hasComeFar(exchange) && caller.stream
          ? IDLE
          : FIRST_TOKEN;
        const since = wordAt ?? at;
        if (closedAt - since <= limit + unread + RELEASE) continue;
        yield `Question ${caller.question} waits for server ${server} for ${
          closedAt - since
        } ms`;
      }
    }
  },

  *"a run ends in time"({ outcomes }) {
    for (const { caller, startedAt, endedAt = Infinity } of outcomes) {
      if (endedAt - startedAt <= 900_000) continue;
      yield `Question ${caller.question} took ${endedAt - startedAt} ms`;
    }
  },
};
