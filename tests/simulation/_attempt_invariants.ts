import { findExchanges, type History, type Invariants } from "./_history.ts";
import type { Exchange } from "./_servers.ts";

/** How late a store may be, in milliseconds. */
export const LAG = 5_000;

/** Statuses for which chat-ui stores no message; of 404 another chat begins. */
const REFUSED = [429, 503, 404];

/** The longest that a run waits for a server, in milliseconds. */
const MAX_WAIT = 60_000;

/** Statuses that no second attempt may mend. */
const FINAL = [400, 401, 404];

/** For how long a server asks to be left alone, in milliseconds. */
export function findWait({ faults }: Exchange): number {
  const [fault] = faults;
  if (fault?.type !== "respond") return 0;
  const { headers = {} } = fault;
  return Number(headers["retry-after-ms"] ?? 0) ||
    1_000 * Number(headers["retry-after"] ?? 0);
}

/** Pairs of requests of one run to one server, one after the other. */
export function* findRepeats(
  { exchanges, outcomes }: History,
): Iterable<readonly [Exchange, Exchange]> {
  const last = new Map<string, Exchange>();
  const severalRuns = new Set(
    outcomes.filter(({ caller }) => caller.form === "tools")
      .map(({ caller }) => caller.question),
  );
  for (const exchange of exchanges) {
    const { question, server } = exchange;
    if (severalRuns.has(question)) continue;
    const key = `${question} ${server}`;
    const before = last.get(key);
    if (before !== undefined) yield [before, exchange];
    last.set(key, exchange);
  }
}

/** What must be true of requests, and of what is told of them. */
export const ATTEMPT_INVARIANTS: Invariants = {
  *"attempts are what the servers saw"(history) {
    const { world, outcomes } = history;
    if (world.servers.some(({ kind }) => kind === "chat-ui")) return;
    for (const outcome of outcomes) {
      const { caller, attempts, ending } = outcome;
      if (attempts === undefined || caller.form === "tools") continue;
      if (ending === "died") continue;
      const seen = findExchanges(history, outcome).length;
      // Who leaves, or loses a race, may do so before a request is sent.
      const isHedged = world.over !== "provider" &&
        world.failover.hedgeAfter !== null;
      const most = ending === "left" || isHedged ? seen + 1 : seen;
      if (attempts.length >= seen && attempts.length <= most) continue;
      yield `Question ${caller.question} has ${attempts.length} attempts, ` +
        `and was asked ${seen} times`;
    }
  },

  *"an attempt tells how a server answered it"(history) {
    for (const outcome of history.outcomes) {
      const { caller, attempts = [], ending, instance } = outcome;
      if (caller.form === "tools" || ending === "died") continue;
      const exchanges = findExchanges(history, outcome);
      for (const [server, { kind }] of history.world.servers.entries()) {
        if (kind !== "openai") continue;
        const { id } = history.instances[instance]?.providers[server] ?? {};
        const own = attempts.filter(({ provider }) => provider === id);
        const seen = exchanges.filter((exchange) => exchange.server === server);
        for (const [index, { status, code }] of own.entries()) {
          const answered = seen[index]?.status;
          if (answered === undefined || ending === "left") continue;
          const isGood = answered === 200 || code !== undefined;
          if (status === answered && isGood) continue;
          yield `Question ${caller.question} was answered ${answered} by ` +
            `server ${server}, and is told ${status} ${code}`;
        }
      }
    }
  },

  *"a request is repeated as often as it may be"(
    { world, exchanges, outcomes },
  ) {
    const counts = new Map<string, number>();
    for (const { question, server } of exchanges) {
      const key = `${question} ${server}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    for (const [key, count] of counts) {
      const [question = 0, server = 0] = key.split(" ").map(Number);
      const { maxRetries = 0 } = world.servers[server] ?? {};
      const caller = outcomes.find(({ caller }) => caller.question === question)
        ?.caller;
      const steps = caller?.form === "tools" ? 2 : 1;
      if (count <= steps * (1 + maxRetries)) continue;
      yield `Question ${question} is asked ${count} times of ${server}`;
    }
  },

  *"a request is not repeated before it may be"(history) {
    for (const [before, after] of findRepeats(history)) {
      const { question, server, closedAt = before.at } = before;
      const { kind } = history.world.servers[server] ?? {};
      if (kind === "chat-ui" && !REFUSED.includes(before.status ?? 0)) {
        yield `Question ${question} may be stored twice`;
      }
      if (kind !== "chat-ui" && FINAL.includes(before.status ?? 0)) {
        yield `Question ${question} is repeated after ${before.status}`;
      }
      if (findWait(before) > MAX_WAIT) {
        yield `Question ${question} waits for too long`;
      }
      if (after.at < closedAt + findWait(before)) {
        yield `Question ${question} is repeated after ${
          after.at - closedAt
        } ms`;
      }
    }
  },

  *"retries are within the budget"({ exchanges, outcomes, world }) {
    for (let instance = 0; instance < world.instances; instance++) {
      for (const [server] of world.servers.entries()) {
        const own = exchanges.filter((exchange) =>
          exchange.server === server && exchange.instance === instance
        );
        const questions = new Set(own.map(({ question }) => question));
        const mended = outcomes.filter(({ caller, ending }) =>
          ending === "whole" && questions.has(caller.question)
        );
        const given = mended.reduce(
          (sum, { caller }) =>
            sum - 0.8 +
            own.filter(({ question }) => question === caller.question).length,
          0,
        );
        const retries = own.length - questions.size;
        if (retries <= 60 + given) continue;
        yield `${retries} retries of server ${server}`;
      }
    }
  },
};
