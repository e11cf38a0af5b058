import { findExchanges, type Invariants, isOnTime } from "./_history.ts";
import type { Outcome } from "./_outcome.ts";

/** What must be true of what a caller is told of its attempts. */
export const ATTEMPT_INVARIANTS: Invariants<Outcome> = {
  *"attempts are what the servers saw"(outcome, history) {
    const { world } = history;
    const { caller, attempts, ending } = outcome;
    if (world.servers.some(({ kind }) => kind === "chat-ui")) return;
    if (attempts === undefined || caller.form === "tools") return;
    if (ending === "died") return;
    const seen = findExchanges(history, outcome).length;
    // Who leaves, or loses a race, may do so before a request is sent.
    const isHedged = world.over !== "provider" &&
      world.failover.hedgeAfter !== null;
    const most = ending === "left" || isHedged ? seen + 1 : seen;
    if (attempts.length >= seen && attempts.length <= most) return;
    yield `Question ${caller.question} has ${attempts.length} attempts, ` +
      `and was asked ${seen} times`;
  },

  *"an answer that chat-ui goes on with is found again"(outcome, history) {
    const { caller, attempts = [], ending, instance } = outcome;
    if (ending === "died" || caller.chat !== undefined) return;
    const { isOneVoice, failover } = history.world;
    // What is found may be another answer than the one that was shown.
    if (failover.onPartial === "match" && !isOneVoice) return;
    for (const exchange of findExchanges(history, outcome)) {
      const { server, faults: [fault], status, left } = exchange;
      const { id } = history.instances[instance]?.providers[server] ?? {};
      if (!history.world.servers[server]?.isNewest) continue;
      const isCut = fault?.type === "cut" || fault?.type === "reset";
      if (!isCut || status !== 200 || left !== undefined) continue;
      const lost = attempts.find(({ provider, code }) =>
        provider === id && (code === "incomplete" || code === "network")
      );
      if (lost === undefined) continue;
      yield `Question ${caller.question} fails with ${lost.code} at ${id}`;
    }
  },

  *"the last attempt is the one that answers"({ caller, ending, ...outcome }) {
    const { attempts = [], provider } = outcome;
    if (ending !== "whole" || caller.form === "tools") return;
    const last = attempts.at(-1);
    if (last === undefined || provider === undefined) return;
    if (last.provider === provider && last.code === undefined) return;
    yield `Question ${caller.question} is answered by ${provider}, and ` +
      `its last attempt is at ${last.provider}: ${last.code}`;
  },

  *"an attempt tells how a server answered it"(outcome, history) {
    const { caller, attempts = [], ending, instance } = outcome;
    if (caller.form === "tools" || ending === "died") return;
    const exchanges = findExchanges(history, outcome);
    for (const [server, { kind }] of history.world.servers.entries()) {
      if (kind !== "openai") continue;
      const { id } = history.instances[instance]?.providers[server] ?? {};
      const own = attempts.filter(({ provider }) => provider === id);
      const seen = exchanges.filter((exchange) => exchange.server === server);
      for (const [index, attempt] of own.entries()) {
        const { status, code, startedAt } = attempt;
        const { status: answered, at } = seen[index] ?? {};
        if (answered === undefined || ending === "left") continue;
        const isGood = answered === 200 || code !== undefined;
        if (status !== answered || !isGood) {
          yield `Question ${caller.question} was answered ${answered} by ` +
            `server ${server}, and is told ${status} ${code}`;
        }
        if (startedAt === undefined || !isOnTime(history)) continue;
        if (startedAt <= (at ?? 0)) continue;
        yield `Question ${caller.question} was asked at ${at}, ` +
          `and is told ${startedAt}`;
      }
    }
  },
};
