import { findExchanges, type Invariants } from "./_history.ts";

/** Within how many milliseconds a connection is closed that nobody reads. */
const RELEASE = 200;

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

  *"no timer is left"({ clock, instances }) {
    if (clock.timers > 0) yield `${clock.timers} timers are left`;
    for (const [index, { clock, signal }] of instances.entries()) {
      if (clock.timers > 0 && !signal.aborted) {
        yield `Instance ${index} has ${clock.timers} timers`;
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
