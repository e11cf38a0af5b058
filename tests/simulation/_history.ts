import type { Provider } from "../../mod.ts";
import type { LogEntry } from "@parley/gateway";
import { createRandom, FakeClock, type Fault } from "@parley/testing";
import type { Exchange, Outcome } from "./_outcome.ts";
import { type InstanceClock, RealWork } from "./_time.ts";
import { type Change, createStores, type Stores } from "./_stores.ts";
import type { ServerPlan, World } from "./_world.ts";

/** A server that things befall. */
export interface Server {
  readonly voice: string;
  befall(faults: readonly Fault[], times: number | null): void;
  mend(): void;
  /** Gives the way to it, until who goes it dies. */
  connect(death: AbortSignal): typeof fetch;
}

/** One process that runs the library. */
export interface Instance {
  readonly clock: InstanceClock;
  readonly realWork: RealWork;
  /** What is asked: a provider, or a failover. */
  readonly provider: Provider;
  readonly gateway: ((request: Request) => Promise<Response>) | undefined;
  readonly log: readonly LogEntry[];
  /** Is aborted by its death. */
  readonly signal: AbortSignal;
  die(): void;
}

/** A world as it runs, and all that has happened in it. */
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
  readonly realWork: RealWork;
  readonly stores: Stores;
  readonly servers: Server[];
  readonly instances: Instance[];
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
  note(text: string): void;
}

/** Opens a world in which nothing has happened yet. */
export function createHistory(world: World): History {
  const clock = new FakeClock();
  const start = clock.now();
  const happens = (...names: readonly string[]) =>
    world.steps.some((step) => names.includes(step.do));
  const changes: Change[] = [];
  const trace: string[] = [];
  const note = (text: string) =>
    void trace.push(`${clock.now() - start} ${text}`);
  return {
    world,
    isUndisturbed: !happens("trouble", "die", "jump"),
    isOnTime: world.skew === undefined && !happens("jump"),
    kinds: new Set(world.servers.map(({ kind }) => kind)),
    ...{ clock, start, changes, trace, note },
    realWork: new RealWork(),
    stores: createStores({
      isKv: world.isKv === true,
      clock,
      random: createRandom(world.seed),
      onChange(change) {
        changes.push({ ...change, at: clock.now() });
        note(`keeps ${JSON.stringify(change)}`);
      },
    }),
    ...{ servers: [], instances: [], outcomes: [], ended: [] },
    ...{ exchanges: [], strays: [] },
  };
}

/** Says what is wrong with something that has happened, each time. */
export type Law<T> = (subject: T, history: History) => Iterable<string>;

/** What must be true of something, by names. */
export type Laws<T> = Readonly<Record<string, Law<T>>>;

/** A law that does not hold. */
export class Violation extends Error {
  override readonly name = "Violation";
  readonly law: string;
  readonly history: History;

  constructor(law: string, reason: string, history: History) {
    super(`${law}: ${reason}`);
    this.law = law;
    this.history = history;
  }
}
