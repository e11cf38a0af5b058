/**
 * Who cuts an answer at its stop words, of which several routes say a part.
 *
 * @module
 */

import type { ChatOptions } from "../mod.ts";
import type { ReadOptions } from "../core/run/answer_reader.ts";
import { toOuterRun } from "../core/run/outer_run.ts";
import {
  createStopCutter,
  type StopCutter,
  toStopWords,
} from "../core/run/stop_cutter.ts";
import type { OnPartial } from "./failover_options.ts";

/**
 * Whether an answer is joined of those of several routes.
 *
 * @param onPartial What becomes of an answer that breaks off.
 */
export function isJoined(onPartial: OnPartial): boolean {
  return onPartial === "match" || onPartial === "continue";
}

/**
 * Tells how the answer of a failover is read. Where it is joined of several, it
 * is cut here, and not at each route: a stop word may begin in one answer and end
 * in the next.
 *
 * @param options The options of the run.
 * @param onPartial What becomes of an answer that breaks off.
 */
export function toReadOptions(
  options: ChatOptions,
  onPartial: OnPartial,
): ReadOptions {
  const { cutter } = toOuterRun(options);
  const stop = toStopWords(options);
  // An object comes of one answer, which its route cuts before it reads it.
  if (cutter || stop === undefined || !isJoined(onPartial) || options.output) {
    return { cutter, drains: true };
  }
  return { stop, cutter: createStopCutter(stop), drains: true };
}

/** Lets a route say all until another cutter has cut. */
export class RouteCutter implements StopCutter {
  readonly #cutter: StopCutter;

  /**
   * Makes a cutter for routes.
   *
   * @param cutter The one that cuts.
   */
  constructor(cutter: StopCutter) {
    this.#cutter = cutter;
  }

  get isCut(): boolean {
    return this.#cutter.isCut;
  }

  add(piece: string): string {
    return piece;
  }

  end(): string {
    return "";
  }
}
