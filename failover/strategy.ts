/**
 * In which order routes are tried.
 *
 * @module
 */

import type { Look } from "./circuit_breaker.ts";
import { toSpeedRank } from "./route_speed.ts";

/**
 * In which order routes are tried: as they are given, each in turn the first,
 * by chance according to their weights, or the one with the fastest first token
 * first, where the others get their turn now and then to be measured again.
 */
export type Strategy = "ordered" | "round-robin" | "weighted" | "fastest";

/** What a route may say of its place in the order. */
export interface Weighted {
  /**
   * For "weighted": how often it comes first, in proportion to the others; one
   * of 0 comes after them.
   *
   * @default {1}
   */
  readonly weight?: number | undefined;
}

/** How to order routes. */
export interface OrderOptions {
  /** The strategy. */
  readonly strategy: Strategy;
  /** Which run it is, counted from 0. */
  readonly turn: number;
  /** Gives a number from 0 to 1. */
  readonly random: () => number;
  /** The time. */
  readonly now: number;
}

/** A route, and what decides its place: the least comes first. */
interface Ranked<R> {
  readonly route: R;
  readonly rank: number;
}

/** Orders by rank; what has the same rank, also a rank of infinity, stays. */
function byRank<R>(ranked: readonly Ranked<R>[]): R[] {
  return ranked
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ route }) => route);
}

/**
 * A time that is long for a small weight. The least of such times belongs to
 * each route as often as its weight says: a draw without replacement, of
 * {@link https://doi.org/10.1016/j.ipl.2005.11.003 | Efraimidis and Spirakis}.
 */
function drawRank(weight: number, random: () => number): number {
  if (!(weight > 0)) return Infinity;
  return Math.min(Number.MAX_VALUE, -Math.log(1 - random()) / weight);
}

/** Whether a route must not be asked yet. */
function isShut(look: Look | undefined): boolean {
  return look !== undefined && look.isOpen && !look.isDue;
}

/**
 * Orders routes. One that is open and must not be probed comes last, the one
 * that is due next first; one that may be probed keeps its place, as it is
 * through ordinary runs that a route is found well again.
 *
 * @param routes The routes.
 * @param looks What is known of each of them, in the same order.
 * @param options How to order them.
 * @returns All of them, in the order in which to try them.
 */
export function orderRoutes<R extends Weighted>(
  routes: readonly R[],
  looks: readonly Look[],
  { strategy, turn, random, now }: OrderOptions,
): readonly R[] {
  if (strategy === "ordered" && !looks.some(isShut)) return routes;
  const seen = routes.map((route, index) => ({ route, look: looks[index] }));
  const usable = seen.filter(({ look }) => !isShut(look));
  const shut = seen.filter(({ look }) => isShut(look));
  const first = usable.length === 0 ? 0 : turn % usable.length;

  function toRank(
    { route, look }: typeof seen[number],
    index: number,
  ): number {
    switch (strategy) {
      case "ordered":
        return index;
      case "round-robin":
        return index < first ? index + usable.length : index;
      case "weighted":
        return drawRank(route.weight ?? 1, random);
      case "fastest":
        return toSpeedRank(look ?? {}, now);
    }
  }

  return [
    ...byRank(
      usable.map((item, index) => ({
        route: item.route,
        rank: toRank(item, index),
      })),
    ),
    ...byRank(
      shut.map(({ route, look }) => ({ route, rank: look?.openUntil ?? 0 })),
    ),
  ];
}
