import { type History, type Invariants, Violation } from "./_history.ts";
import { ANSWER_INVARIANTS } from "./_answer_invariants.ts";
import { ATTEMPT_INVARIANTS } from "./_attempt_invariants.ts";
import { BREAKER_INVARIANTS, ROUTE_INVARIANTS } from "./_breaker_invariants.ts";
import { GATEWAY_INVARIANTS } from "./_gateway_invariants.ts";
import { IDLE_INVARIANTS, RELEASE_INVARIANTS } from "./_release_invariants.ts";

function check(invariants: Invariants, history: History): void {
  for (const [name, invariant] of Object.entries(invariants)) {
    for (const reason of invariant(history)) {
      throw new Violation(name, reason, history);
    }
  }
}

/** Looks at a world while it goes on. */
export function checkMoment(history: History): void {
  check({ ...BREAKER_INVARIANTS, ...IDLE_INVARIANTS }, history);
}

/** Looks at a world that is over. */
export function checkEnd(history: History): void {
  check({
    ...ANSWER_INVARIANTS,
    ...ATTEMPT_INVARIANTS,
    ...GATEWAY_INVARIANTS,
    ...ROUTE_INVARIANTS,
    ...RELEASE_INVARIANTS,
  }, history);
}
