import { RELEASE } from "./_facts.ts";
import { type History, type Law, type Laws, Violation } from "./_history.ts";
import { ENDING_LAWS, SHOWN_LAWS, WHOLE_LAWS } from "./_answer_laws.ts";
import { ATTEMPT_LAWS } from "./_attempt_laws.ts";
import { CHAT_LAWS } from "./_chat_laws.ts";
import {
  CHANGE_LAWS,
  OPEN_LAWS,
  type RouteChange,
  toRouteChanges,
} from "./_breaker_laws.ts";
import { FAILED_LAWS } from "./_failure_laws.ts";
import { GATEWAY_LAWS } from "./_gateway_laws.ts";
import { IDLE_LAWS, RELEASE_LAWS } from "./_release_laws.ts";
import { REQUEST_LAWS } from "./_request_laws.ts";
import { CHOICE_LAWS, isChoice } from "./_choice_laws.ts";
import { RATE_LAWS } from "./_rate_laws.ts";
import { ROUTE_LAWS } from "./_route_laws.ts";
import type { Change } from "./_stores.ts";
import type { Exchange, Outcome } from "./_outcome.ts";

/** What all is looked at. */
type Subject = Exchange | Outcome | RouteChange | History;

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
    this.#all(REQUEST_LAWS, exchanges);
    if (hasRoutes) this.#all(OPEN_LAWS, exchanges);
    this.#all(
      CHOICE_LAWS,
      exchanges.filter((exchange) => isChoice(exchange, this.#history)),
    );
    this.#all(CHANGE_LAWS, toRouteChanges(this.#takeChanges()));
    this.#all(SHOWN_LAWS, [...open, ...ended]);
    const told = ended.filter(({ ending }) => ending !== "died");
    for (
      const laws of [
        ENDING_LAWS,
        ATTEMPT_LAWS,
        CHAT_LAWS,
        ...hasRoutes ? [ROUTE_LAWS] : [],
        ...world.over === "gateway" ? [GATEWAY_LAWS, RATE_LAWS] : [],
      ]
    ) this.#all(laws, told);
    const toEnding = (name: Outcome["ending"]) =>
      told.filter(({ ending }) => ending === name);
    this.#all(WHOLE_LAWS, toEnding("whole"));
    this.#all(FAILED_LAWS, toEnding("failed"));
    if (open.length === 0 && ended.length > 0) {
      this.#all(IDLE_LAWS, [this.#history]);
    }
    const left = [...this.#leaving, ...ended];
    const isDue = ({ endedAt = now }) => endedAt + RELEASE <= now;
    this.#all(RELEASE_LAWS, left.filter(isDue));
    this.#leaving = left.filter((outcome) => !isDue(outcome));
  }

  #all<T extends Subject>(
    laws: Laws<T>,
    subjects: readonly T[],
  ): void {
    if (subjects.length === 0) return;
    for (const [name, law] of Object.entries<Law<T>>(laws)) {
      for (const subject of subjects) {
        for (const reason of law(subject, this.#history)) {
          const text = `${toName(subject)} ${reason}`;
          throw new Violation(name, text, this.#history);
        }
      }
    }
  }
}
