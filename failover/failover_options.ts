/**
 * What can be set for a failover.
 *
 * @module
 */

import * as z from "zod/mini";
import {
  callable,
  checkFields,
  createCheck,
  filled,
  having,
  integer,
  milliseconds,
  toOptions,
} from "../core/chat/option_schemas.ts";
import { invalidOption, toPath } from "../core/chat/options.ts";
import { once } from "../core/streams/once.ts";
import { isObject } from "../core/streams/values.ts";
import type { Clock, Limits, Timeouts } from "../mod.ts";
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
 * - `continue`: for readers that can only append. What was shown stands, and the
 *   next route is asked to go on with it, which it does in its own words: as the
 *   last message, where its server takes that, else by an instruction. What it
 *   repeats is left out; a warning and `finish.continued` say so. An answer of
 *   which more than text was shown, such as a picture or the call of a tool, or
 *   which is to be an object, fails instead.
 * - `hold`: nothing is shown before an answer is whole.
 * - `error`: the run fails, with the partial answer.
 */
export type OnPartial = "restart" | "match" | "continue" | "hold" | "error";

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
  /** What is kept of an answer, whoever gives it; each route has its own, too. */
  readonly limits?:
    | Pick<Limits, "answerLength" | "answerImageBytes">
    | undefined;
  /** Where time comes from; for tests. */
  readonly clock?: Clock | undefined;
  /** Gives numbers from 0 to 1; for tests. */
  readonly random?: (() => number) | undefined;
  /** Gives UUIDs; for tests. */
  readonly randomUuid?: (() => string) | undefined;
}

const WEIGHT = "a number from 0";

function time(): z.ZodMiniType {
  const wanted = "milliseconds above 0";
  return z.number(wanted).check(z.positive(wanted));
}

/**
 * Checks the options of a failover.
 *
 * @param options The options.
 * @throws {ProviderError} If one is wrong, with code `invalid-request`.
 */
export const checkFailoverOptions: (options: unknown) => void =
  /* @__PURE__ */ createCheck(() => ({
    id: filled("a name"),
    label: z.string("a name"),
    onPartial: z.enum(
      ["restart", "match", "continue", "hold", "error"],
      '"restart", "match", "continue", "hold" or "error"',
    ),
    strategy: z.enum(
      ["ordered", "round-robin", "weighted", "fastest"],
      '"ordered", "round-robin", "weighted" or "fastest"',
    ),
    hedgeAfter: milliseconds(),
    maxRetryDelay: integer(0),
    breaker: toOptions({
      failures: integer(1),
      coolDown: time(),
      maxCoolDown: time(),
      probeTime: time(),
    }),
    store: having(["get", "update"], "a store of routes"),
    // The provider that a failover is made into checks these.
    timeouts: z.unknown(),
    limits: z.unknown(),
    clock: z.unknown(),
    random: callable(),
    randomUuid: callable(),
  }));

const toProvider = /* @__PURE__ */ once(() =>
  z.looseObject(
    { id: z.string("a name"), stream: callable() },
    "a provider, as its factory or getProvider() gives",
  )
);

const toRoute = /* @__PURE__ */ once(() =>
  toOptions({
    provider: toProvider(),
    model: z.string("the name of a model"),
    timeouts: z.unknown(),
    maxRetries: integer(0),
    weight: z.number(WEIGHT).check(z.nonnegative(WEIGHT)),
    name: filled("a name"),
  })
);

const toRoutesByName = /* @__PURE__ */ once(() =>
  z.record(z.string(), z.unknown(), "routes, or routes by names of models")
);

function checkList(routes: unknown, at: readonly PropertyKey[]): void {
  if (!Array.isArray(routes) || routes.length === 0) {
    throw invalidOption(
      toPath(at),
      "is not valid: expected a list of providers or routes",
    );
  }
  for (const [index, route] of routes.entries()) {
    const isRoute = isObject(route) && route.provider !== undefined;
    checkFields(isRoute ? toRoute() : toProvider(), route, [...at, index]);
  }
}

/**
 * Checks a list of routes, or one for each name of a model.
 *
 * @param routes The routes.
 * @throws {ProviderError} If one is wrong or a list is empty, with code
 * `invalid-request`.
 */
export function checkRoutes(routes: unknown): void {
  if (Array.isArray(routes)) return checkList(routes, ["routes"]);
  checkFields(toRoutesByName(), routes, ["routes"]);
  for (const [name, list] of Object.entries(Object(routes))) {
    checkList(list, ["routes", name]);
  }
}
