import {
  type Change,
  type History,
  type Invariant,
  type Invariants,
  Violation,
} from "./_history.ts";
import { ENDING_INVARIANTS, SHOWN_INVARIANTS } from "./_answer_invariants.ts";
import { ATTEMPT_INVARIANTS } from "./_attempt_invariants.ts";
import { CHAT_INVARIANTS } from "./_chat_invariants.ts";
import { CHANGE_INVARIANTS, OPEN_INVARIANTS } from "./_breaker_invariants.ts";
import { FAILED_INVARIANTS } from "./_failure_invariants.ts";
import { GATEWAY_INVARIANTS } from "./_gateway_invariants.ts";
import {
  IDLE_INVARIANTS,
  RELEASE,
  RELEASE_INVARIANTS,
} from "./_release_invariants.ts";
import { REQUEST_INVARIANTS } from "./_request_invariants.ts";
import { CHOICE_INVARIANTS, isChoice } from "./_choice_invariants.ts";
import { RATE_INVARIANTS } from "./_rate_invariants.ts";
import { WHOLE_INVARIANTS } from "./_whole_invariants.ts";
import { ROUTE_INVARIANTS } from "./_route_invariants.ts";
import type { Exchange, Outcome } from "./_outcome.ts";

/** What all is looked at. */
type Subject = Exchange | Outcome | Change | History;

/** Says of what something is wrong. */
function toName(subject: Subject): string {
  if ("caller" in subject) return `Question ${subject.caller.question}`;
  if ("outcome" in subject) {
    return `${toName(subject.outcome)} to server ${subject.server}`;
  }
  return "key" in subject ? subject.key : "World";
}

/** Takes what is new of a list, each time. */
function createNews<T>(list: readonly T[]): () => readonly T[] {
  let seen = 0;
  return () => {
    const news = list.slice(seen);
    seen = list.length;
    return news;
  };
}

/** Looks at a world after each step: at what is new in it. */
export class Watch {
  readonly #history: History;
  readonly #takeExchanges: () => readonly Exchange[];
  readonly #takeChanges: () => readonly Change[];
  readonly #takeEnded: () => readonly Outcome[];
  /** Who is to have let go of everything soon. */
  #leaving: readonly Outcome[] = [];

  constructor(history: History) {
    this.#history = history;
    this.#takeExchanges = createNews(history.exchanges);
    this.#takeChanges = createNews(history.changes);
    this.#takeEnded = createNews(history.ended);
  }

  /** Looks at what the last step has brought. */
  check(): void {
    const { clock, outcomes, world } = this.#history;
    const now = clock.now();
    const ended = this.#takeEnded();
    const open = outcomes.filter(({ ending }) => ending === undefined);
    const exchanges = this.#takeExchanges();
    const hasRoutes = world.over !== "provider";
    this.#all(REQUEST_INVARIANTS, exchanges);
    if (hasRoutes) this.#all(OPEN_INVARIANTS, exchanges);
    this.#all(
      CHOICE_INVARIANTS,
      exchanges.filter((exchange) => isChoice(exchange, this.#history)),
    );
    this.#all(CHANGE_INVARIANTS, this.#takeChanges());
    this.#all(SHOWN_INVARIANTS, [...open, ...ended]);
    const told = ended.filter(({ ending }) => ending !== "died");
    for (
      const invariants of [
        ENDING_INVARIANTS,
        ATTEMPT_INVARIANTS,
        CHAT_INVARIANTS,
        ...hasRoutes ? [ROUTE_INVARIANTS] : [],
        ...world.over === "gateway"
          ? [GATEWAY_INVARIANTS, RATE_INVARIANTS]
          : [],
      ]
    ) this.#all(invariants, told);
    const toEnding = (name: Outcome["ending"]) =>
      told.filter(({ ending }) => ending === name);
    this.#all(WHOLE_INVARIANTS, toEnding("whole"));
    this.#all(FAILED_INVARIANTS, toEnding("failed"));
    if (open.length === 0 && ended.length > 0) {
      this.#all(IDLE_INVARIANTS, [this.#history]);
    }
    const left = [...this.#leaving, ...ended];
    const isDue = ({ endedAt = now }) => endedAt + RELEASE <= now;
    this.#all(RELEASE_INVARIANTS, left.filter(isDue));
    this.#leaving = left.filter((outcome) => !isDue(outcome));
  }

  #all<T extends Subject>(
    invariants: Invariants<T>,
    subjects: readonly T[],
  ): void {
    if (subjects.length === 0) return;
    for (const [name, invariant] of Object.entries<Invariant<T>>(invariants)) {
      for (const subject of subjects) {
        for (const reason of invariant(subject, this.#history)) {
          const text = `${toName(subject)} ${reason}`;
          throw new Violation(name, text, this.#history);
        }
      }
    }
  }
}
