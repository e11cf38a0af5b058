import type { History } from "./_history.ts";
import type { Exchange, Outcome } from "./_outcome.ts";
import { isFirst, isHarmless } from "./_random_faults.ts";

/** The longest that a run waits for a server, in milliseconds. */
export const MAX_WAIT = 60_000;

/** Statuses that a second attempt may mend. */
const PASSING = [200, 408, 429, 500, 503];

/** How many further attempts a server gets before it answers. */
const BUDGET = 60;

/** What an answer gives back of that. */
const GIVEN_BACK = 0.2;

/** What a server says of when to try again. */
function toAdvice({ faults: [fault] }: Exchange) {
  return fault?.type === "respond" ? fault.headers ?? {} : {};
}

/** For how long a server asks to be left alone, in milliseconds. */
export function findWait(exchange: Exchange): number {
  const advice = toAdvice(exchange);
  return Number(advice["retry-after-ms"] ?? 0) ||
    1_000 * Number(advice["retry-after"] ?? 0);
}

/** Whether another attempt may mend a status: who failed knows best. */
export function isPassing(exchange: Exchange): boolean {
  const { status = 0 } = exchange;
  const { "x-should-retry": advice } = toAdvice(exchange);
  return advice === undefined ? PASSING.includes(status) : advice === "true";
}

/** In how many requests a run asks a server for all that it wants. */
export function countSteps(exchange: Exchange, { world }: History): number {
  const { form, words } = exchange.outcome.caller;
  if (form === "tools") return 2;
  const isOne = world.over === "gateway" && form === "pictures" &&
    world.servers.some(({ draws }) => draws === "one");
  return isOne ? words : 1;
}

/** The requests of the same caller to the same server before one, in order. */
export function findBefore(exchange: Exchange): readonly Exchange[] {
  const { outcome: { exchanges }, server } = exchange;
  return exchanges.slice(0, exchanges.indexOf(exchange))
    .filter((other) => other.server === server);
}

/** The request that one repeats; there is none where a run has several steps. */
export function findRepeated(
  exchange: Exchange,
  history: History,
): Exchange | undefined {
  return countSteps(exchange, history) > 1
    ? undefined
    : findBefore(exchange).at(-1);
}

/** How often a caller lets a server be asked. */
export function countAttempts({ plan, outcome }: Exchange): number {
  return 1 + (outcome.caller.maxRetries ?? plan.maxRetries);
}

/** How many further attempts a server has left for an instance. */
export function countBudget(
  { server, outcome }: Exchange,
  { outcomes, ended }: History,
): { readonly least: number; readonly most: number } {
  const { instance } = outcome;
  function count({ caller, exchanges, ending }: Outcome) {
    const own = exchanges.filter((other) => other.server === server);
    // Who was slower and is asked again gets back what it took then.
    const last = own.slice(own.slice(0, -1).findLastIndex((e) => e.left) + 1);
    const isGiven = ending === "whole" && own.length > 0;
    const steps = caller.form === "tools" ? 2 : 1;
    return {
      // A second step may be no further attempt, and gives back, too.
      taken: Math.max(0, own.length - 1),
      sure: Math.max(0, own.length - steps),
      given: isGiven ? last.length - 1 + GIVEN_BACK : 0,
      back: (steps - 1) * GIVEN_BACK,
    };
  }
  const own = outcomes.filter((other) => other.instance === instance);
  const before = ended.filter((other) =>
    other.instance === instance && (other.endedAt ?? 0) < (outcome.endedAt ?? 0)
  );
  const toLeft = (left: number, other: Outcome) =>
    left - count(other).taken + count(other).given;
  const others = own.filter((other) => !before.includes(other));
  return {
    // Who is not answered may have taken one more, and waited.
    least: before.reduce(
      (left, other) =>
        Math.min(
          BUDGET,
          toLeft(left, other) - Number(other.ending !== "whole"),
        ),
      BUDGET,
    ) - others.reduce((sum, other) => sum + count(other).taken + 1, 0),
    most: own.map(count).reduce(
      (left, { sure, given, back }) => left - sure + given + back,
      BUDGET,
    ),
  };
}

/** Whether a failure may pass, and nothing of an answer has come. */
export function mayPass(exchange: Exchange): boolean {
  const { plan, faults: [fault], outcome: { caller } } = exchange;
  const { maxRetryDelay = MAX_WAIT, stream, form } = caller;
  if (plan.kind !== "openai" || findWait(exchange) > maxRetryDelay) {
    return false;
  }
  switch (fault?.type) {
    case "refuse":
      return true;
    case "respond":
      return isPassing(exchange);
    case "insert":
      return plan.kind === "openai" && stream && form !== "pictures" &&
        isFirst(fault) && !isHarmless(fault);
  }
  return false;
}
