import type { FakeClock } from "@parley/testing";
import type { Instance } from "./_instances.ts";
import { isHarmless } from "./_random_faults.ts";
import type { Outcome } from "./_outcome.ts";
import type { Exchange } from "./_exchange.ts";
import type { Server } from "./_servers.ts";
import type { StateChange } from "./_stores.ts";
import type { World } from "./_world.ts";

/** A change of what is kept, and when it was made. */
export type Change = StateChange & { readonly at: number };

/** What happened in a world. */
export interface History {
  readonly world: World;
  readonly clock: FakeClock;
  /** When it began. */
  readonly start: number;
  readonly servers: readonly Server[];
  readonly instances: readonly Instance[];
  /** All who asked, in the order in which they did. */
  readonly outcomes: Outcome[];
  /** Those of them who were answered or have left, in that order. */
  readonly ended: Outcome[];
  /** All requests for answers, in order. */
  readonly exchanges: Exchange[];
  readonly changes: Change[];
  /** What happened, a line each. */
  readonly trace: string[];
  /** How often time went on. */
  moments: number;
}

/** Gives what is wrong with something that has happened, a sentence each. */
export type Invariant<T> = (subject: T, history: History) => Iterable<string>;

/** What must be true of something, by names. */
export type Invariants<T> = Readonly<Record<string, Invariant<T>>>;

/** An invariant that does not hold. */
export class Violation extends Error {
  override readonly name = "Violation";
  /** The name of the invariant. */
  readonly invariant: string;
  readonly history: History;

  constructor(invariant: string, reason: string, history: History) {
    super(`${invariant}: ${reason}`);
    this.invariant = invariant;
    this.history = history;
  }
}

/** The requests of a caller. */
export function findExchanges(
  { exchanges }: History,
  { caller }: Outcome,
): readonly Exchange[] {
  return exchanges.filter(({ question }) => question === caller.question);
}

/** Who asked what a server was asked. */
export function findOutcome(
  { outcomes }: History,
  { question }: Pick<Exchange, "question">,
): Outcome | undefined {
  return outcomes.find(({ caller }) => caller.question === question);
}

/** Whether something befell a request that matters to who asked. */
export function isBefallen(exchange: Exchange, history: History): boolean {
  const { caller } = findOutcome(history, exchange) ?? {};
  const isStream = caller?.stream === true && caller.form !== "pictures";
  return exchange.faults.some((fault) => !isStream || !isHarmless(fault));
}

/** Whether no store had trouble, nobody died, and no clock was set. */
export function isUndisturbed({ world }: History): boolean {
  return world.steps.every((step) =>
    !["trouble", "die", "jump"].includes(step.do)
  );
}

/** Whether all clocks are right. */
export function isOnTime({ world }: History): boolean {
  return world.skew === undefined &&
    world.steps.every((step) => step.do !== "jump");
}

/** Whether a route was open at some time, so that it may be passed over. */
export function hasOpened({ changes }: History, until: number): boolean {
  return changes.some(({ after, at }) =>
    Object(after).openUntil !== undefined && at <= until
  );
}
