import type { FakeClock } from "@parley/testing";
import type { Instance } from "./_instances.ts";
import { isHarmless } from "./_random_faults.ts";
import type { Exchange, Outcome } from "./_outcome.ts";
import type { Server } from "./_servers.ts";
import type { StateChange } from "./_stores.ts";
import type { ServerPlan, World } from "./_world.ts";

/** A change of what is kept, and when it was made. */
export type Change = StateChange & { readonly at: number };

/** What happened in a world. */
export interface History {
  readonly world: World;
  /** Whether no store had trouble, nobody died, and no clock was set. */
  readonly isUndisturbed: boolean;
  /** Whether all clocks are right. */
  readonly isOnTime: boolean;
  /** What kinds of servers there are. */
  readonly kinds: ReadonlySet<ServerPlan["kind"]>;
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
  /** What was asked of others than the servers. */
  readonly strays: string[];
  readonly changes: Change[];
  /** What happened, a line each. */
  readonly trace: string[];
  /** How often time went on. */
  moments: number;
}

/** What is known of a world before it runs. */
export function toFacts(
  world: World,
): Pick<History, "world" | "isUndisturbed" | "isOnTime" | "kinds"> {
  const happens = (...names: readonly string[]) =>
    world.steps.some((step) => names.includes(step.do));
  return {
    world,
    isUndisturbed: !happens("trouble", "die", "jump"),
    isOnTime: world.skew === undefined && !happens("jump"),
    kinds: new Set(world.servers.map(({ kind }) => kind)),
  };
}

/** Says what is wrong with something that has happened, each time. */
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

/** Whether something befell a request that matters to who asked. */
export function isBefallen({ faults, outcome: { caller } }: Exchange): boolean {
  const isStream = caller.stream && caller.form !== "pictures";
  return faults.some((fault) => !isStream || !isHarmless(fault));
}

/** What was kept of a route last, until some time. */
export function findKept(
  { changes }: History,
  server: number,
  until: number,
): KeptRoute {
  const change = changes.findLast(({ key, at }) =>
    key === `route-${server}` && at <= until
  );
  return Object(change?.after);
}

/** What is kept of a route. */
export interface KeptRoute {
  readonly failures?: number;
  readonly openUntil?: number;
  readonly coolDown?: number;
  readonly probeUntil?: number;
  readonly firstTokenMs?: number;
  readonly measuredAt?: number;
}

/** Whether a route was open at some time, so that it may be passed over. */
export function hasOpened({ changes }: History, until: number): boolean {
  return changes.some(({ after, at }) =>
    Object(after).openUntil !== undefined && at <= until
  );
}
