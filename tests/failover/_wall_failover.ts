import { createFailover, type FailoverOptions } from "../../failover/mod.ts";
import {
  createOpenAiCompatible,
  type Provider,
  type ProviderOptions,
} from "../../mod.ts";
import { FakeClock } from "@parley/testing";
import { settle } from "../fuzz/_settle.ts";
import { createWall, type Wall } from "./_wall.ts";

/** Makes a provider of one model of a wall. */
export function createWallProvider(
  model: string,
  options: ProviderOptions,
): Provider {
  const { baseUrl = "https://wall.example" } = options;
  return createOpenAiCompatible({
    ...options,
    baseUrl: `${baseUrl}/v1`,
    id: `wall-${model}`,
    models: [model],
  });
}

/** What a test of a situation works with. */
export interface Situation {
  readonly wall: Wall;
  readonly clock: FakeClock;
  readonly failover: Provider;
  /** Waits for a promise: time goes on only where all else has happened. */
  settle<T>(promise: Promise<T>): Promise<T>;
  /** Milliseconds since the situation began. */
  elapsed(): number;
}

/** Makes a failover over models of a wall, without a network or time. */
export function createSituation(
  models: readonly string[],
  options: FailoverOptions & { readonly outage?: number } = {},
): Situation {
  const { outage, ...failoverOptions } = options;
  const clock = new FakeClock();
  const start = clock.now();
  const wall = createWall({ clock, outage });
  const { fetch } = wall;
  return {
    wall,
    clock,
    failover: createFailover(
      models.map((model) =>
        createWallProvider(model, { fetch, clock, random: () => 0 })
      ),
      { clock, ...failoverOptions },
    ),
    settle: (promise) => settle(clock, promise),
    elapsed: () => clock.now() - start,
  };
}
