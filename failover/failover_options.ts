/**
 * What can be set for a failover.
 *
 * @module
 */

import * as z from "zod/mini";
import { type Clock, ProviderError, type Timeouts } from "../mod.ts";
import type { BreakerOptions } from "./circuit_breaker.ts";
import type { RouteStore } from "./route_state.ts";
import type { Strategy } from "./strategy.ts";

/**
 * What becomes of an answer whose route fails after it was shown in part.
 *
 * - `restart`: an event `restart` says that it is void, and the next route
 *   begins anew. `text()`, `result()` and `partial` honour it.
 * - `match`: for readers that can only append. The next route is read in
 *   silence while it says what was shown already, and goes on after it; where
 *   it says anything else, it has failed with code `incomplete`.
 * - `hold`: nothing is shown before an answer is whole.
 * - `error`: the run fails, with the partial answer.
 */
export type OnPartial = "restart" | "match" | "hold" | "error";

/** What can be set for a failover. */
export interface FailoverOptions {
  /**
   * The id of the failover, which is a provider itself.
   *
   * @default {"Failover"}
   */
  readonly id?: string | undefined;
  /**
   * The name that people know it by.
   *
   * @default {its id}
   */
  readonly label?: string | undefined;
  /**
   * What becomes of an answer whose route fails after it was shown in part.
   *
   * @default {"restart"}
   */
  readonly onPartial?: OnPartial | undefined;
  /**
   * Which route comes first: the order given, each in its turn, by weight and
   * chance, or the one whose first token came soonest of late.
   *
   * @default {"ordered"}
   */
  readonly strategy?: Strategy | undefined;
  /**
   * Milliseconds without a first token after which the next route is asked too;
   * the first to speak goes on, and the other is cancelled. Only of answers that
   * come in pieces. `null` asks one route after the other.
   *
   * @default {10_000}
   */
  readonly hedgeAfter?: number | null | undefined;
  /**
   * The longest `Retry-After` that is waited for while another route is left,
   * in milliseconds.
   *
   * @default {5_000}
   */
  readonly maxRetryDelay?: number | undefined;
  /** When a route that fails is left alone, and for how long. */
  readonly breaker?: BreakerOptions | undefined;
  /**
   * Where the health of routes is kept.
   *
   * @default {a memory of its own}
   */
  readonly store?: RouteStore | undefined;
  /**
   * Clocks of every route; `total` is that of the whole run.
   *
   * @default {while another route is left, 30 s to the first token and 20 s of
   * silence of an answer that comes in pieces, unless the owner of the provider
   * or the caller says otherwise; else those of the provider}
   */
  readonly timeouts?: Timeouts | undefined;
  /** Where time comes from; for tests. */
  readonly clock?: Clock | undefined;
  /** Gives numbers from 0 to 1; for tests. */
  readonly random?: (() => number) | undefined;
  /** Gives UUIDs; for tests. */
  readonly randomUuid?: (() => string) | undefined;
}

const MILLISECONDS = z.number().check(z.positive());
const ANY_FUNCTION = z.custom<() => unknown>((value) =>
  typeof value === "function"
);

const Options = z.strictObject({
  id: z.optional(z.string().check(z.minLength(1))),
  label: z.optional(z.string()),
  onPartial: z.optional(z.enum(["restart", "match", "hold", "error"])),
  strategy: z.optional(
    z.enum(["ordered", "round-robin", "weighted", "fastest"]),
  ),
  hedgeAfter: z.optional(z.nullable(MILLISECONDS)),
  maxRetryDelay: z.optional(z.int().check(z.nonnegative())),
  breaker: z.optional(z.strictObject({
    failures: z.optional(z.int().check(z.positive())),
    coolDown: z.optional(MILLISECONDS),
    maxCoolDown: z.optional(MILLISECONDS),
    probeTime: z.optional(MILLISECONDS),
  })),
  store: z.optional(
    z.looseObject({ get: ANY_FUNCTION, update: ANY_FUNCTION }),
  ),
  // The provider that a failover is made into checks these.
  timeouts: z.optional(z.unknown()),
  clock: z.optional(z.unknown()),
  random: z.optional(ANY_FUNCTION),
  randomUuid: z.optional(ANY_FUNCTION),
});

const Routes = z.array(z.union([
  z.strictObject({
    provider: z.looseObject({ id: z.string(), stream: ANY_FUNCTION }),
    model: z.optional(z.string()),
    timeouts: z.optional(z.unknown()),
    maxRetries: z.optional(z.int().check(z.nonnegative())),
    weight: z.optional(z.number().check(z.nonnegative())),
    name: z.optional(z.string().check(z.minLength(1))),
  }),
  z.looseObject({ id: z.string(), stream: ANY_FUNCTION }),
])).check(z.minLength(1));

const RoutesByName = z.record(z.string(), Routes);

function check(shape: z.ZodMiniType, value: unknown, what: string): void {
  const { error } = shape.safeParse(value);
  const [issue] = error?.issues ?? [];
  if (issue === undefined) return;
  const unknown = issue.code === "unrecognized_keys" ? issue.keys : [];
  const names = [...issue.path, ...unknown];
  throw new ProviderError(
    `${what} is not valid${names.length > 0 ? `: "${names.join(".")}"` : ""}`,
    { code: "invalid-request" },
  );
}

/**
 * Checks the options of a failover.
 *
 * @param options The options.
 * @throws {ProviderError} If one is wrong, with code `invalid-request`.
 */
export function checkFailoverOptions(options: unknown): void {
  check(Options, options, "Option of the failover");
}

/**
 * Checks a list of routes, or one for each name of a model.
 *
 * @param routes The routes.
 * @throws {ProviderError} If one is wrong or a list is empty, with code
 * `invalid-request`.
 */
export function checkRoutes(routes: unknown): void {
  const shape = Array.isArray(routes) ? Routes : RoutesByName;
  check(shape, routes, "List of routes");
}
