import {
  findExchanges,
  hasOpened,
  type History,
  type Invariants,
  isOnTime,
  isUndisturbed,
} from "./_history.ts";
import { isProviderError } from "../../mod.ts";
import { findWait } from "./_request_invariants.ts";
import { findAnswer } from "./_answer_invariants.ts";
import { hasEvents, type Outcome, toOwnTime } from "./_outcome.ts";

/** Codes of what no other route may mend. */
const OWN_CODES = [
  "invalid-request",
  "invalid_request_error",
  "invalid_value",
  "Client takes nothing",
];

/** For how long a run waits for the store, in milliseconds. */
const PATIENCE = 1_000;

/** For how long it is left alone then. */
const REST = 10_000;

/** For how long a route may say nothing where another is left. */
const FIRST_TOKEN = 30_000;

/** How long a run may take, in milliseconds, before its time is over. */
const LONGEST = 500_000;

/** When a run began that was held up before its first request. */
function toHeldUp(outcome: Outcome, history: History): number | undefined {
  const { caller, startedAt } = outcome;
  const [first] = findExchanges(history, outcome);
  const isSlow = caller.pace !== undefined || caller.pause !== undefined;
  if (isSlow || first === undefined) return undefined;
  return first.at - startedAt >= PATIENCE ? startedAt : undefined;
}

/** What must be true of the routes that a run has asked. */
export const ROUTE_INVARIANTS: Invariants<Outcome> = {
  *"a run fails only once every route was asked"(outcome, history) {
    const { world, servers } = history;
    const { caller, ending, text, code = "", instance } = outcome;
    const { startedAt, endedAt = Infinity } = outcome;
    if (world.over === "provider" || ending !== "failed") return;
    if (caller.wrong || caller.form === "tools") return;
    // A chat at chat-ui may be in use.
    const isKept = world.servers.some(({ kind }) => kind === "chat-ui");
    if (isKept && caller.chat !== undefined) return;
    // Who reads a result does not know what was shown of it.
    if (["result", "textStream"].includes(caller.form)) return;
    // Nothing may be asked where something was shown, or all time is over.
    const longest = Math.min(caller.total ?? LONGEST, LONGEST);
    if (text !== "" || endedAt - startedAt >= longest) return;
    const seen = findExchanges(history, outcome);
    if (seen.length === 0 || OWN_CODES.includes(code)) return;
    const asked = new Set(seen.map(({ server }) => server));
    if (asked.size === servers.length || hasOpened(history, endedAt)) return;
    yield `Question ${caller.question} fails with ${code} at instance ` +
      `${instance}, and was asked of ${asked.size} servers`;
  },

  *"the next route is asked where one is silent"(outcome, history) {
    const { world } = history;
    const { over, failover: { hedgeAfter }, servers } = world;
    const { caller, ending, endedAt = Infinity } = outcome;
    if (over === "provider" || servers.length < 2 || ending === "died") return;
    if (typeof hedgeAfter !== "number" || !caller.stream) return;
    // A picture is dear.
    if (["tools", "pictures"].includes(caller.form)) return;
    if (!isUndisturbed(history)) return;
    const [first, ...others] = findExchanges(history, outcome);
    if (first === undefined) return;
    const due = first.at + hedgeAfter;
    const { spokeAt = Infinity, closedAt = Infinity } = first;
    if (servers[first.server]?.kind !== "openai") return;
    if (Math.min(spokeAt, closedAt, endedAt) <= due) return;
    const isHedged = others.some(({ at }) => at <= due);
    if (isHedged || hasOpened(history, due)) return;
    yield `Question ${caller.question} waits for server ${first.server} alone`;
  },

  *"a route that is too slow counts as one that fails"(outcome, history) {
    const { over, failover: { hedgeAfter }, servers } = history.world;
    if (over === "provider" || typeof hedgeAfter !== "number") return;
    if (outcome.ending !== "whole" || outcome.caller.form === "tools") return;
    if (!isUndisturbed(history) || hasOpened(history, Infinity)) return;
    const exchanges = findExchanges(history, outcome);
    for (const { server, at, spokeAt, closedAt = at, left } of exchanges) {
      if (servers[server]?.kind !== "openai" || spokeAt !== undefined) continue;
      const isLost = left !== undefined && closedAt - at >= hedgeAfter &&
        exchanges.every((other) => other.at < closedAt);
      if (!isLost || outcome.endedAt === closedAt) continue;
      const isCounted = history.changes.some(({ key, before, after, at }) =>
        key === `route-${server}` && at >= closedAt &&
        Object(after).failures > (Object(before).failures ?? 0)
      );
      if (isCounted) continue;
      yield `Question ${outcome.caller.question} gave up server ${server}`;
    }
  },

  *"a route that says nothing is left soon where others are"(
    outcome,
    history,
  ) {
    const { over, failover: { hedgeAfter }, servers } = history.world;
    const { caller, ending } = outcome;
    if (over === "provider" || servers.length < 2 || ending === "died") return;
    if (hedgeAfter !== null || !caller.stream || !isUndisturbed(history)) {
      return;
    }
    if (["tools", "pictures"].includes(caller.form)) return;
    const [first] = findExchanges(history, outcome);
    if (first === undefined || hasOpened(history, first.at)) return;
    const { server, at, spokeAt, closedAt = Infinity } = first;
    if (servers[server]?.kind !== "openai" || spokeAt !== undefined) return;
    if (closedAt - at <= FIRST_TOKEN + toOwnTime(caller)) return;
    yield `Question ${caller.question} waits for server ${server} for ${
      closedAt - at
    } ms`;
  },

  *"it is kept how fast a route was"(outcome, history) {
    const { over, servers } = history.world;
    const { caller, ending, endedAt = 0 } = outcome;
    if (over !== "failover" || ending !== "whole") return;
    if (!hasEvents(caller) || !isUndisturbed(history)) return;
    if (!caller.stream || findExchanges(history, outcome).length > 1) return;
    const answer = findAnswer(history, outcome);
    if (servers[answer?.server ?? -1]?.kind !== "openai") return;
    const kept = history.changes.findLast(({ key, at }) =>
      key === `route-${answer?.server}` && at <= endedAt
    )?.after;
    if (Object(kept).firstTokenMs !== undefined) return;
    yield `Question ${caller.question} is answered by ${answer?.server}`;
  },

  *"an error asks to wait as its servers do"(outcome, history) {
    const { caller, ending, error } = outcome;
    if (ending !== "failed" || !isProviderError(error)) return;
    // Its own time may be over before.
    if (error.code === "timeout") return;
    if (caller.wrong || caller.form === "tools") return;
    const exchanges = findExchanges(history, outcome);
    if (
      exchanges.some(({ status }) => status === undefined || status === 200)
    ) {
      return;
    }
    const last = new Map(
      exchanges.map((exchange) => [exchange.server, exchange]),
    );
    const waits = [...last.values()].map(findWait).filter((wait) => wait > 0);
    const wanted = waits.length === 0 ? undefined : Math.min(...waits);
    if (exchanges.length === 0 || error.retryAfter === wanted) return;
    yield `Question ${caller.question} is told to wait ${error.retryAfter}, ` +
      `and not ${wanted}`;
  },

  *"a store that is silent holds up one run, and then none"(outcome, history) {
    const { outcomes, world } = history;
    const startedAt = toHeldUp(outcome, history);
    if (startedAt === undefined || world.over !== "failover") return;
    if (!isOnTime(history)) return;
    for (const other of outcomes) {
      const before = toHeldUp(other, history);
      if (other.instance !== outcome.instance || before === undefined) continue;
      const since = startedAt - before - PATIENCE;
      if (since <= 0 || since >= REST) continue;
      yield `Question ${outcome.caller.question} waits for the store again`;
    }
  },
};
