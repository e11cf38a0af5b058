/**
 * A provider that asks others in its place, as a failover does. Types only.
 *
 * @module
 */

import type { Attempt, PartialAnswer } from "./attempt.ts";
import type { ProviderDefinition, RunContext } from "./definition.ts";
import type { ChatEvent } from "./events.ts";

/** {@linkcode RunContext} with what only such a provider needs. */
export interface DelegatingContext<Own extends object = object>
  extends RunContext<Own> {
  /**
   * Reports the attempts of those that are asked, in place of its own.
   *
   * @param attempts Gives every attempt so far.
   */
  reportAttempts(attempts: () => readonly Attempt[]): void;
  /**
   * Reports what is held back, for the error of a run that fails.
   *
   * @param held Gives what there is of the answer.
   */
  reportHeld(held: () => PartialAnswer | undefined): void;
}

/** {@linkcode ProviderDefinition} as a run knows it. */
export interface RunDefinition<Own extends object = object>
  extends ProviderDefinition<Own> {
  /**
   * Whether it asks other providers, whose own runs retry and watch the clocks:
   * of its own run only the clock `total` is left.
   *
   * @default {false}
   */
  readonly delegates?: boolean | undefined;
  respond(
    run: DelegatingContext<Own>,
  ):
    | AsyncIterable<ChatEvent | Iterable<ChatEvent>>
    | Promise<AsyncIterable<ChatEvent | Iterable<ChatEvent>>>;
}
