import type { FakeClock } from "@parley/testing";
import type { Instance } from "./_instances.ts";
import type { Outcome } from "./_outcome.ts";
import type { Exchange, Server } from "./_servers.ts";
import type { StateChange } from "./_stores.ts";
import type { World } from "./_world.ts";

/** What happened in a world. */
export interface History {
  readonly world: World;
  readonly clock: FakeClock;
  /** When it began. */
  readonly start: number;
  readonly servers: readonly Server[];
  readonly instances: readonly Instance[];
  readonly outcomes: Outcome[];
  /** All requests for answers, in order. */
  readonly exchanges: Exchange[];
  readonly changes: (StateChange & { readonly at: number })[];
  /** What happened, a line each. */
  readonly trace: string[];
  /** How many of the changes were looked at. */
  checked: number;
  /** How often time went on. */
  moments: number;
}

/** Gives what is wrong, a sentence each. */
export type Invariant = (history: History) => Iterable<string>;

/** What must be true of what happened, by names. */
export type Invariants = Readonly<Record<string, Invariant>>;

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
