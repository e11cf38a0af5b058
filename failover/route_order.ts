/**
 * In which order one run after another tries routes.
 *
 * @module
 */

import type { Clock } from "../mod.ts";
import type { Look } from "./circuit_breaker.ts";
import type { ResolvedRoute } from "./route.ts";
import { orderRoutes, type Strategy } from "./strategy.ts";

/** How to order routes. */
export interface RouteOrderOptions {
  /** The strategy. */
  readonly strategy: Strategy;
  /** Gives a number from 0 to 1. */
  readonly random: () => number;
  /** Where time comes from. */
  readonly clock: Clock;
}

/** Of how many routes it is remembered when they were tried. */
const MAX_TRIED = 1_000;

/**
 * Orders the routes of a run.
 *
 * @param routes The routes.
 * @param looks What is known of each of them, in the same order.
 */
export type RouteOrder = (
  routes: readonly ResolvedRoute[],
  looks: readonly Look[],
) => readonly ResolvedRoute[];

/**
 * Makes what orders the routes of one run after another.
 *
 * @param options How to order them.
 */
export function createRouteOrder(
  { strategy, random, clock }: RouteOrderOptions,
): RouteOrder {
  let turn = 0;
  /** When routes were last put first: one run at a time tries a slow one. */
  const triedAt = new Map<string, number>();

  return (routes, looks) => {
    const now = clock.now();
    const options = { strategy, turn: turn++, random, now };
    if (strategy !== "fastest") return orderRoutes(routes, looks, options);
    const tried = looks.map((look) => ({
      ...look,
      measuredAt: Math.max(look.measuredAt ?? 0, triedAt.get(look.key) ?? 0),
    }));
    const ordered = orderRoutes(routes, tried, options);
    const [first] = ordered;
    if (triedAt.size >= MAX_TRIED) triedAt.clear();
    if (first !== undefined) triedAt.set(first.key, now);
    return ordered;
  };
}
