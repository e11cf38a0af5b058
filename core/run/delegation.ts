/**
 * A provider that asks others in its place, as a failover does. Types only.
 *
 * @module
 */

import type { AttemptLog } from "./attempt_log.ts";
import type { Clocks } from "../http/clocks.ts";
import type { PartialCollector } from "./partial_collector.ts";
import type { ProviderDefinition, RunContext } from "../chat/definition.ts";
import type { ChatEvent } from "../chat/events.ts";
import type { Within } from "../streams/abortable.ts";

/** The batches of one answer; the last one is returned. */
export type AnswerBatches = Pick<
  AsyncGenerator<readonly ChatEvent[], readonly ChatEvent[] | undefined>,
  "next" | "return"
>;

/** {@linkcode RunContext} with what only such a provider needs. */
export interface DelegatingContext extends RunContext {
  /** Gets what is handed on. */
  readonly partial: PartialCollector;
  /** Gets the attempts of those that are asked. */
  readonly log: AttemptLog;
  /** Waits no longer than the run goes on. */
  readonly within: Within;
  /** Its clocks, of which `total` runs. */
  readonly clocks: Pick<Clocks, "setAlarm">;
}

/** What makes a provider that asks others in its place. */
export interface DelegatingDefinition
  extends Omit<ProviderDefinition, "respond"> {
  /**
   * Asks others, whose own runs read, retry and watch the clocks: of its own
   * run only the clock `total` is left, and what it gives is handed on as it is.
   *
   * @param run What to answer.
   */
  delegate(run: DelegatingContext): AnswerBatches;
}

/** What makes a provider, as a run knows it. */
export type RunDefinition = ProviderDefinition | DelegatingDefinition;
