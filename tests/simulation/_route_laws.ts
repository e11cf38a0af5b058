import {
  findAnswer,
  findKept,
  hasEvents,
  hasOpened,
  toOwnTime,
} from "./_facts.ts";
import { toRouteKey } from "./_instances.ts";
import type { History, Laws } from "./_history.ts";
import type { Exchange, Outcome } from "./_outcome.ts";

/** For how long a run waits for the store, in milliseconds. */
const PATIENCE = 1_000;

/** For how long it is left alone then. */
const REST = 10_000;

/** When a run began that was held up before its first request. */
function toHeldUp({ caller, startedAt, exchanges }: Outcome) {
  const [first] = exchanges;
  const isSlow = caller.pace !== undefined || caller.pause !== undefined;
  if (isSlow || first === undefined) return undefined;
  return first.at - startedAt >= PATIENCE ? startedAt : undefined;
}

/** The first request of a run that may ask another server beside it. */
export function findFirst(
  { caller, exchanges }: Outcome,
  history: History,
): Exchange | undefined {
  const { servers } = history.world;
  const isOne = servers.length < 2 || !caller.stream ||
    // A picture is dear.
    ["tools", "pictures"].includes(caller.form);
  const [first] = exchanges;
  return isOne || !history.isUndisturbed || first?.plan.kind !== "openai"
    ? undefined
    : first;
}

/** What must be true of the routes that a run has asked. */
export const ROUTE_LAWS: Laws<Outcome> = {
  *"the next route is asked at once where one has failed"(outcome, history) {
    const { world, isUndisturbed } = history;
    if (!isUndisturbed) return;
    // Who has time before the next may try again meanwhile.
    if (world.failover.hedgeAfter !== null) return;
    const { form } = outcome.caller;
    if (form === "tools" || toOwnTime(outcome.caller) > 0) return;
    for (const [index, { server, at }] of outcome.exchanges.entries()) {
      const before = outcome.exchanges.slice(0, index);
      const last = before.at(-1);
      const { closedAt = Infinity, plan } = last ?? {};
      // Whether a breaker opens while one waits is not known before.
      const isOther = last && last.server !== server && plan?.kind === "openai";
      if (!isOther || closedAt >= at || hasOpened(history, at)) continue;
      const isBeside = before.some((other) =>
        other !== last && (other.closedAt ?? Infinity) > closedAt
      );
      if (!isBeside) yield `waits ${at - closedAt} ms for server ${server}`;
    }
  },

  *"the next route is asked where one is silent"(outcome, history) {
    const { hedgeAfter } = history.world.failover;
    const first = findFirst(outcome, history);
    if (typeof hedgeAfter !== "number" || first === undefined) return;
    const due = first.at + hedgeAfter;
    const { spokeAt = Infinity, closedAt = Infinity } = first;
    const { endedAt = Infinity, exchanges: [, ...others] } = outcome;
    if (Math.min(spokeAt, closedAt, endedAt) <= due) return;
    const isHedged = others.some(({ at }) => at <= due);
    if (isHedged || hasOpened(history, due)) return;
    yield `waits for server ${first.server} alone`;
  },

  *"a route that is too slow counts as one that fails"(outcome, history) {
    const { failover: { hedgeAfter }, isNested } = history.world;
    if (typeof hedgeAfter !== "number") return;
    // Of those that are one route, the whole is too slow.
    if (isNested) return;
    if (outcome.ending !== "whole" || outcome.caller.form === "tools") return;
    if (!history.isUndisturbed || hasOpened(history, Infinity)) return;
    for (const exchange of outcome.exchanges) {
      const { server, plan, at, spokeAt, closedAt = at, left } = exchange;
      if (plan.kind !== "openai" || spokeAt !== undefined) continue;
      const isLost = left !== undefined && closedAt - at >= hedgeAfter &&
        outcome.exchanges.every((other) => other.at < closedAt);
      if (!isLost || outcome.endedAt === closedAt) continue;
      const isCounted = history.changes.some(({ key, before, after, at }) =>
        key === toRouteKey(server) && at >= closedAt &&
        Object(after).failures > (Object(before).failures ?? 0)
      );
      if (!isCounted) yield `gave up server ${server}`;
    }
  },

  *"a route that fails counts as one that does"(outcome, history) {
    const { world: { steps, failover, isNested }, changes } = history;
    const isKept = steps.every((step) =>
      step.do !== "die" && step.do !== "jump" &&
      (step.do !== "trouble" || ["none", "contend"].includes(step.trouble.type))
    );
    // Of those that are asked at once, one may be lost and have failed before.
    if (!isKept || isNested || failover.hedgeAfter !== null) return;
    if (outcome.ending !== "failed") return;
    const last = new Map(outcome.exchanges.map((one) => [one.server, one]));
    for (const [server, { status = 0, closedAt = Infinity }] of last) {
      const isOpen = findKept(history, server, closedAt - 1).openUntil;
      if (status < 500 || isOpen !== undefined) continue;
      const isCounted = changes.some(({ key, after, at }) =>
        key === toRouteKey(server) && Object(after).failures > 0 &&
        at >= closedAt && at <= closedAt + PATIENCE
      );
      if (!isCounted) yield `fails at server ${server}`;
    }
  },

  *"it is kept how fast a route was"(outcome, history) {
    const { caller, ending, endedAt = 0, exchanges } = outcome;
    if (history.world.over !== "failover" || ending !== "whole") return;
    if (!hasEvents(caller) || !history.isUndisturbed) return;
    if (!caller.stream || exchanges.length > 1) return;
    const { server = -1, plan } = findAnswer(outcome) ?? {};
    if (plan?.kind !== "openai") return;
    const { firstTokenMs } = findKept(history, server, endedAt);
    if (firstTokenMs === undefined) yield `is answered by ${server}`;
  },

  *"a store that is silent holds up one run, and then none"(outcome, history) {
    const startedAt = toHeldUp(outcome);
    const { over, isNested } = history.world;
    if (startedAt === undefined || over !== "failover" || isNested) return;
    if (!history.isOnTime) return;
    for (const other of history.outcomes) {
      const before = toHeldUp(other);
      if (other.instance !== outcome.instance || before === undefined) continue;
      const since = startedAt - before - PATIENCE;
      if (since > 0 && since < REST) yield "waits for the store again";
    }
  },
};
