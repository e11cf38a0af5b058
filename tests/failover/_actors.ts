import {
  createFailover,
  type FailoverOptions,
  type Route,
} from "../../failover/mod.ts";
import type {
  ChatEvent,
  ErrorCode,
  Provider,
  ProviderOptions,
} from "../../mod.ts";
import {
  defineProvider,
  type ProviderDefinition,
  type RunContext,
} from "../../core/provider.ts";
import { sleep } from "../../packages/testing/upstreams/_sleep.ts";
import { FakeClock } from "@parley/testing";
import { settle } from "../fuzz/_settle.ts";
import { hang } from "../_parrot.ts";

/** How an actor fails. */
export interface Failure {
  readonly code: ErrorCode;
  readonly retryable?: boolean;
  readonly retryAfter?: number;
}

/**
 * What an actor does next: says a text, lets milliseconds pass, falls silent
 * (`Infinity`), yields an event, or fails.
 */
export type Step = string | number | ChatEvent | Failure;

/** A provider that plays what a test says. */
export interface Actor {
  readonly provider: Provider;
  /** What it was asked. */
  readonly runs: readonly RunContext[];
  /** How many of its runs were left before their end. */
  readonly left: number;
  /** How many of its runs go on. */
  readonly open: number;
}

/** What a test may set for an actor. */
export interface ActorOptions {
  readonly clock: FakeClock;
  readonly definition?: Partial<ProviderDefinition>;
  readonly options?: ProviderOptions;
}

/**
 * Makes a provider that plays scripts.
 *
 * @param id Its id; its model is the same in small letters.
 * @param scripts What it does in its first attempt, the second and so on; the
 * last one counts for all later ones.
 * @param options The clock, and what is set for it.
 */
export function createActor(
  id: string,
  scripts: readonly (readonly Step[])[],
  { clock, definition, options }: ActorOptions,
): Actor {
  const runs: RunContext[] = [];
  let left = 0;
  let open = 0;

  async function* respond(run: RunContext): AsyncGenerator<ChatEvent> {
    const steps = scripts[runs.length] ?? scripts.at(-1) ?? [];
    runs.push(run);
    open++;
    let isOver = false;
    try {
      for (const step of steps) {
        if (step === Infinity) await hang(run);
        if (typeof step === "number") await sleep(step, run.signal, clock);
        else if (typeof step === "string") yield { type: "text", text: step };
        else if ("type" in step) yield step;
        else {
          isOver = true;
          throw run.fail(`It fails: ${step.code}`, step);
        }
      }
      isOver = true;
      yield { type: "finish", reason: "stop" };
    } finally {
      if (!isOver) left++;
      open--;
    }
  }

  const model = id.toLowerCase();
  const provider = defineProvider({
    id,
    label: id,
    url: `https://${model}.example`,
    baseUrl: `https://${model}.example`,
    working: true,
    defaultModel: model,
    models: [model],
    respond,
    ...definition,
  }, { clock, random: () => 0, maxRetries: 0, ...options });
  return {
    provider,
    runs,
    get left() {
      return left;
    },
    get open() {
      return open;
    },
  };
}

/** A failover over actors. */
export interface Stage {
  readonly clock: FakeClock;
  readonly failover: Provider;
  readonly actors: readonly Actor[];
  /** Waits for a promise; the clock goes on where nothing else happens. */
  settle<T>(promise: Promise<T>): Promise<T>;
  /** Milliseconds since the beginning. */
  elapsed(): number;
}

/**
 * Makes a failover over actors that are named A, B and so on.
 *
 * @param scripts What each of them plays, always the same.
 * @param options What is set for the failover.
 * @param routes What is set for each route.
 * @param definition What is particular to all of them.
 */
export function createStage(
  scripts: readonly (readonly Step[])[],
  options: FailoverOptions = {},
  routes: readonly Omit<Route, "provider">[] = [],
  definition: Partial<ProviderDefinition> = {},
): Stage {
  const clock = new FakeClock();
  const start = clock.now();
  const actors = scripts.map((script, index) =>
    createActor(String.fromCharCode(65 + index), [script], {
      clock,
      definition,
    })
  );
  const failover = createFailover(
    actors.map(({ provider }, index) => ({ provider, ...routes[index] })),
    { clock, random: () => 0, ...options },
  );
  return {
    clock,
    failover,
    actors,
    settle: (promise) => settle(clock, promise),
    elapsed: () => clock.now() - start,
  };
}
