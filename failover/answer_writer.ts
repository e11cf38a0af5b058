/**
 * What a reader gets of answers that may break off and begin anew. Types only.
 *
 * @module
 */

import type { ChatEvent, ErrorCode, PartialAnswer } from "../mod.ts";

/** Who answers. */
export interface Answerer {
  /** The id of the provider. */
  readonly provider: string;
  /** The id of the model. */
  readonly model: string;
}

/** Turns the events of one answer after another into those of one. */
export interface AnswerWriter {
  /** Whether another answer may follow the one that is being written. */
  canRestart(): boolean;
  /** Gives what another answer is to go on with; empty where it begins anew. */
  toPrefix(): string;
  /** Gives what was held back until it was too large to be held. */
  toHeld?(): PartialAnswer | undefined;
  /**
   * Begins an answer.
   *
   * @param answerer Who gives it.
   * @param reason Why the one before broke off.
   * @param isPrefill Whether it goes on with the prefix by itself, unasked.
   * @returns The events to hand on.
   */
  begin(
    answerer: Answerer,
    reason: ErrorCode,
    isPrefill?: boolean,
  ): readonly ChatEvent[];
  /**
   * Goes on with it.
   *
   * @param events Its events, the last of all being `finish`.
   * @returns The events to hand on.
   * @throws {ProviderError} If the answer is not what was shown already, with
   * code `incomplete`.
   */
  write(events: readonly ChatEvent[]): readonly ChatEvent[];
}
