import { findExchanges, type History, type Invariants } from "./_history.ts";
import { type Outcome, toKey } from "./_outcome.ts";

const MINUTE = 60_000;

function isRefusedFor(reason: string, { refusal }: Outcome): boolean {
  return refusal?.startsWith(reason) === true;
}

/** Whether there is no place for a request. */
function isFull({ world }: History, { openBefore }: Outcome): boolean {
  const { concurrency, concurrencyPerKey } = world.gateway;
  return openBefore.all >= concurrency ||
    openBefore.ofKey >= (concurrencyPerKey ?? Infinity);
}

/** How many requests count, and of what, at the time of one. */
function* countRequests(
  history: History,
): Iterable<{ readonly outcome: Outcome; readonly before: number }> {
  const { world, outcomes } = history;
  const { isShared, requestsPerMinute } = world.gateway;
  const limit = requestsPerMinute ?? Infinity;
  const counted = new Map<string, number[]>();
  for (const outcome of outcomes) {
    const { caller, instance, startedAt, ending } = outcome;
    if (isFull(history, outcome) || ending === "died") continue;
    const key = `${toKey(caller)} ${isShared ? "" : instance}`;
    const oldest = isShared
      ? Math.floor(startedAt / MINUTE) * MINUTE
      : startedAt - MINUTE + 0.001;
    const times = (counted.get(key) ?? []).filter((time) => time >= oldest);
    counted.set(key, times);
    yield { outcome, before: times.length };
    if (times.length < limit) times.push(startedAt);
  }
}

/** What must be true of gateways. */
export const GATEWAY_INVARIANTS: Invariants = {
  *"as many requests are let in at once as there are places"(history) {
    if (history.world.over !== "gateway") return;
    for (const outcome of history.outcomes) {
      const { caller, openBefore: { all, ofKey }, status, ending } = outcome;
      if (status === undefined || ending === "died") continue;
      // Who left at once has not read why.
      if (status === 429 && ending === "left") continue;
      const isRefused = isRefusedFor("Too many requests at once", outcome);
      if (isFull(history, outcome) === isRefused) continue;
      yield `Question ${caller.question} is ${
        isRefused ? "not " : ""
      }let in: ` +
        `${all} are open, and ${ofKey} with its key`;
    }
  },

  *"as many requests are let in a minute as may be"(history) {
    const { world } = history;
    const limit = world.gateway.requestsPerMinute;
    const isSure = world.steps.every((step) =>
      step.do !== "trouble" && step.do !== "die"
    );
    if (world.over !== "gateway" || limit === null || !isSure) return;
    for (const { outcome, before } of countRequests(history)) {
      const { caller, status, headers, ending } = outcome;
      if (status === undefined || ending === "left") continue;
      const isRefused = isRefusedFor("Too many requests in a minute", outcome);
      if (isRefused !== before >= limit) {
        yield `Question ${caller.question} comes after ${before} of ${limit}, ` +
          `and its status is ${status}`;
      }
      const left = headers?.get("x-ratelimit-remaining-requests");
      if (left === `${Math.max(0, limit - before - 1)}`) continue;
      yield `Question ${caller.question} comes after ${before} of ${limit}, ` +
        `and is told that ${left} are left`;
    }
  },

  *"the log has each request once, as it ended"(history) {
    const { world, outcomes, instances } = history;
    if (world.over !== "gateway") return;
    const hasChatUi = world.servers.some(({ kind }) => kind === "chat-ui");
    for (const [index, { log, signal }] of instances.entries()) {
      if (signal.aborted) continue;
      const own = outcomes.filter(({ instance }) => instance === index);
      if (log.length !== own.length) {
        yield `${own.length} requests have ${log.length} entries`;
      }
      for (const outcome of own) {
        const { caller, headers, status, ending, error } = outcome;
        const id = headers?.get("x-request-id");
        if (!id) continue;
        const [entry] = log.filter(({ requestId }) => requestId === id);
        const name = `Question ${caller.question}`;
        if (entry?.status !== status) yield `${name} has another status`;
        const isWhole = entry?.outcome === "complete";
        if (ending === "whole" && !isWhole) {
          yield `${name} is whole, and logged as ${entry?.outcome}`;
        }
        if (ending === "failed" && isWhole) yield `${name} is logged as whole`;
        if (ending === "left" && error && isWhole) {
          yield `${name} has left, and is logged as whole`;
        }
        if (hasChatUi || ending === "left") continue;
        const seen = findExchanges(history, outcome).length;
        if ((entry?.attempts ?? 0) === seen || error !== undefined) continue;
        yield `${name} is logged with ${entry?.attempts} of ${seen} attempts`;
      }
    }
  },
};
