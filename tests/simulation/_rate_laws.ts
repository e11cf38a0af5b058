import { toKey } from "./_facts.ts";
import type { History, Laws } from "./_history.ts";
import type { Outcome } from "./_outcome.ts";

const MINUTE = 60_000;

/** For how long a gateway waits for its store, in milliseconds. */
const PATIENCE = 2_000;

/** How OpenAI writes durations, in milliseconds. */
const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: MINUTE };

function parseDuration(text: string): number {
  const parts = Array.from(
    text.matchAll(/([\d.]+)(ms|s|m)/g),
    ([, count, unit = ""]) => Number(count) * (UNITS[unit] ?? NaN),
  );
  return Math.round(parts.reduce((sum, ms) => sum + ms, 0));
}

function isRefusedFor(reason: string, { refusal }: Outcome): boolean {
  return refusal?.startsWith(reason) === true;
}

/** Whether there is no place for a request. */
function isFull({ world }: History, { openBefore }: Outcome): boolean {
  const { concurrency, concurrencyPerKey } = world.gateway;
  return openBefore.all >= (concurrency ?? Infinity) ||
    openBefore.ofKey >= (concurrencyPerKey ?? Infinity);
}

/** When those were let in that count with a request. */
function findLetIn(history: History, outcome: Outcome): readonly number[] {
  const { world, outcomes } = history;
  const { isShared } = world.gateway;
  const toMinute = (one: Outcome) => Math.floor(toTime(history, one) / MINUTE);
  return outcomes.slice(0, outcomes.indexOf(outcome)).filter((other) =>
    isSameKey(other, outcome) && !isRefusedFor("Too many requests", other) &&
    (isShared
      ? toMinute(other) === toMinute(outcome)
      : other.instance === outcome.instance &&
        other.startedAt > outcome.startedAt - MINUTE)
  ).map(({ startedAt }) => startedAt);
}

/** When a request came, by the clock of its gateway. */
function toTime({ world }: History, { startedAt, instance }: Outcome): number {
  return startedAt + (world.skew?.[instance] ?? 0);
}

/** Whether two requests come with the same key. */
function isSameKey({ caller }: Outcome, other: Outcome): boolean {
  return caller.wrong !== "key" && other.caller.wrong !== "key" &&
    toKey(caller) === toKey(other.caller);
}

/** Whether it is known which requests are counted before which. */
function isCounted(history: History): boolean {
  const { steps, instances } = history.world;
  const isLate = steps.every((step) =>
    step.do !== "die" && step.do !== "jump" &&
    (step.do !== "trouble" || step.trouble.type === "none" ||
      // A store may be asked twice for one thing.
      step.trouble.type === "lag" && 2 * step.trouble.ms < PATIENCE)
  );
  return history.isUndisturbed || (isLate && instances === 1);
}

/** Whether no store counted a request, and a moment later none either. */
function isWithoutStore({ world, start }: History, outcome: Outcome): boolean {
  const troubles = world.steps.filter((step) => step.do === "trouble");
  const at = outcome.startedAt - start;
  const before = troubles.findLast((step) => step.at < at);
  const next = troubles.find((step) => step.at >= at);
  return before !== undefined && at + 2 * PATIENCE < (next?.at ?? Infinity) &&
    ["fail", "silent", "lost-reply"].includes(before.trouble.type);
}

/** What must be true of how many requests a gateway lets in. */
export const RATE_LAWS: Laws<Outcome> = {
  *"as many requests are let in at once as there are places"(
    outcome,
    history,
  ) {
    const { caller, openBefore, status, ending } = outcome;
    const { all, ofKey, leaving } = openBefore;
    if (status === undefined) return;
    if (caller.wrong === "key") return;
    // Who left at once has not read why.
    if (status === 429 && ending === "left") return;
    const isRefused = isRefusedFor("Too many requests at once", outcome);
    // A store that is silent is waited for by who has left, too.
    if (isFull(history, outcome) === isRefused || leaving > 0) return;
    yield `is ${isRefused ? "not " : ""}let in: ${all} are open, and ` +
      `${ofKey} with its key`;
  },

  *"as many requests are let in a minute as may be"(outcome, history) {
    const { world } = history;
    const { requestsPerMinute: limit } = world.gateway;
    const { caller, status, headers, ending, startedAt } = outcome;
    if (!limit || !isCounted(history)) return;
    if (status === undefined || ending === "left") return;
    if (isFull(history, outcome) || caller.wrong === "key") return;
    const letIn = findLetIn(history, outcome);
    const before = letIn.length;
    const isRefused = isRefusedFor("Too many requests in a minute", outcome);
    if (isRefused !== before >= limit) {
      yield `comes after ${before} of ${limit}, and its status is ${status}`;
    }
    const [oldest = 0] = letIn;
    const wait = world.gateway.isShared
      ? MINUTE - toTime(history, outcome) % MINUTE
      : oldest + MINUTE - startedAt;
    if (isRefused && headers?.get("retry-after-ms") !== `${wait}`) {
      yield `may come again after ${wait} ms`;
    }
    const reset = world.gateway.isShared
      ? wait
      : MINUTE + (isRefused ? letIn.at(-1) ?? 0 : startedAt) - startedAt;
    const told = headers?.get("x-ratelimit-reset-requests") ?? "";
    if (parseDuration(told) !== Math.ceil(reset)) {
      yield `is told of ${told}, not ${reset}`;
    }
    const left = headers?.get("x-ratelimit-remaining-requests");
    if (left === `${Math.max(0, limit - before - 1)}`) return;
    yield `comes after ${before} of ${limit}, and is told of ${left} left`;
  },

  *"an instance lets in as many as may be while its store fails"(
    outcome,
    history,
  ) {
    const { requestsPerMinute, isShared } = history.world.gateway;
    if (!requestsPerMinute || !isShared || !history.isOnTime) return;
    const letIn = history.outcomes.filter((other) =>
      other.instance === outcome.instance && isSameKey(other, outcome) &&
      other.startedAt <= outcome.startedAt &&
      other.startedAt > outcome.startedAt - MINUTE &&
      other.status !== undefined && other.status !== 429 &&
      isWithoutStore(history, other)
    );
    if (letIn.length <= requestsPerMinute) return;
    yield `is number ${letIn.length}`;
  },

  *"nobody is refused for what did not come"(outcome, history) {
    const { world, outcomes } = history;
    // Those of other instances may be counted before.
    const { startedAt, endedAt = Infinity } = outcome;
    if (!isRefusedFor("Too many requests in a minute", outcome)) return;
    if (!history.isOnTime) return;
    const { length } = outcomes.filter((other) =>
      isSameKey(other, outcome) && other.startedAt <= endedAt &&
      other.startedAt > startedAt - MINUTE
    );
    if (length > (world.gateway.requestsPerMinute ?? Infinity)) return;
    yield `is refused as number ${length}`;
  },
};
