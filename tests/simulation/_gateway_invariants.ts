import {
  findExchanges,
  type History,
  type Invariants,
  isOnTime,
  isUndisturbed,
} from "./_history.ts";
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

/** How many requests were let in that count with one. */
function countBefore(history: History, outcome: Outcome): number {
  const { world, outcomes } = history;
  const { isShared, requestsPerMinute } = world.gateway;
  const limit = requestsPerMinute ?? Infinity;
  const rivals = outcomes.slice(0, outcomes.indexOf(outcome)).filter((other) =>
    toKey(other.caller) === toKey(outcome.caller) &&
    (isShared || other.instance === outcome.instance) && !isFull(history, other)
  );
  if (isShared) {
    const toMinute = ({ startedAt, instance }: Outcome) =>
      Math.floor((startedAt + (world.skew?.[instance] ?? 0)) / MINUTE);
    const minute = toMinute(outcome);
    const count = rivals.filter((other) => toMinute(other) === minute).length;
    return Math.min(limit, count);
  }
  const letIn: number[] = [];
  const count = (now: number) =>
    letIn.filter((time) => time > now - MINUTE).length;
  for (const { startedAt } of rivals) {
    if (count(startedAt) < limit) letIn.push(startedAt);
  }
  return count(outcome.startedAt);
}

/** What must be true of what a gateway answers. */
export const GATEWAY_INVARIANTS: Invariants<Outcome> = {
  *"as many requests are let in at once as there are places"(
    outcome,
    history,
  ) {
    const { caller, openBefore: { all, ofKey }, status, ending } = outcome;
    if (status === undefined || ending === "died") return;
    // Who left at once has not read why.
    if (status === 429 && ending === "left") return;
    const isRefused = isRefusedFor("Too many requests at once", outcome);
    if (isFull(history, outcome) === isRefused) return;
    yield `Question ${caller.question} is ${isRefused ? "not " : ""}let in: ` +
      `${all} are open, and ${ofKey} with its key`;
  },

  *"as many requests are let in a minute as may be"(outcome, history) {
    const limit = history.world.gateway.requestsPerMinute;
    const { caller, status, headers, ending } = outcome;
    if (limit === null || !isUndisturbed(history)) return;
    if (status === undefined || ending === "left") return;
    if (isFull(history, outcome)) return;
    const before = countBefore(history, outcome);
    const isRefused = isRefusedFor("Too many requests in a minute", outcome);
    if (isRefused !== before >= limit) {
      yield `Question ${caller.question} comes after ${before} of ${limit}, ` +
        `and its status is ${status}`;
    }
    const left = headers?.get("x-ratelimit-remaining-requests");
    if (left === `${Math.max(0, limit - before - 1)}`) return;
    yield `Question ${caller.question} comes after ${before} of ${limit}, ` +
      `and is told that ${left} are left`;
  },

  *"nobody is refused for what did not come"(outcome, history) {
    const { world, outcomes } = history;
    const { caller, startedAt } = outcome;
    if (!isRefusedFor("Too many requests in a minute", outcome)) return;
    if (!isOnTime(history)) return;
    const { length } = outcomes.filter((other) =>
      toKey(other.caller) === toKey(caller) && other.startedAt <= startedAt &&
      other.startedAt > startedAt - MINUTE
    );
    if (length > (world.gateway.requestsPerMinute ?? Infinity)) return;
    yield `Question ${caller.question} is refused as number ${length}`;
  },

  *"the log has a request as it ended"(outcome, history) {
    const { caller, headers, status, ending, error, instance } = outcome;
    const id = headers?.get("x-request-id");
    if (!id || ending === "died") return;
    const log = history.instances[instance]?.log ?? [];
    const [entry] = log.filter(({ requestId }) => requestId === id);
    const name = `Question ${caller.question}`;
    // What was left may take a moment.
    if (entry === undefined && ending === "left") return;
    if (entry?.status !== status) yield `${name} has another status`;
    const isWhole = entry?.outcome === "complete";
    if (ending === "whole" && !isWhole) {
      yield `${name} is whole, and logged as ${entry?.outcome}`;
    }
    if (ending === "failed" && isWhole) yield `${name} is logged as whole`;
    if (ending === "left" && error && isWhole) {
      yield `${name} has left, and is logged as whole`;
    }
    if (ending === "left" || error !== undefined) return;
    const { provider, usage, ms = 0 } = entry ?? {};
    const took = (outcome.releasedAt ?? outcome.endedAt ?? 0) -
      outcome.startedAt;
    if (ms > took + 1 && isOnTime(history)) {
      yield `${name} took ${took}, and is logged with ${ms} ms`;
    }
    const { provider: answerer = provider } = outcome;
    if (ending === "whole" && provider !== answerer) {
      yield `${name} is answered by ${answerer}, not ${provider}`;
    }
    if (ending === "whole" && usage && usage.outputTokens !== outcome.tokens) {
      yield `${name} is logged with ${usage.outputTokens} tokens`;
    }
    if (history.world.servers.some(({ kind }) => kind === "chat-ui")) return;
    const seen = findExchanges(history, outcome).length;
    if ((entry?.attempts ?? 0) === seen) return;
    yield `${name} is logged with ${entry?.attempts} of ${seen} attempts`;
  },
};

/** What must be true of gateways while nobody asks. */
export const LOG_INVARIANTS: Invariants<History> = {
  *"the log has each request once"({ world, outcomes, instances }) {
    if (world.over !== "gateway") return;
    for (const [index, { log, signal }] of instances.entries()) {
      if (signal.aborted) continue;
      const { length } = outcomes.filter(({ instance }) => instance === index);
      const ids = new Set(log.map(({ requestId }) => requestId));
      if (log.length === length && ids.size === length) continue;
      yield `${length} requests have ${log.length} entries of ${ids.size}`;
    }
  },
};
