/**
 * {@linkcode ChatStream} over a run.
 *
 * @module
 */

import type { BatchesOptions, ChatStream } from "../chat/chat_stream.ts";
import { collectResult } from "./collect_result.ts";
import { EventStream } from "./event_stream.ts";
import { toPartialAnswer } from "./partial_collector.ts";
import type { Attempt, PartialAnswer } from "../chat/attempt.ts";
import type { ChatResult } from "../chat/results.ts";
import type { Run } from "./run.ts";
import type { ChatEvent } from "../chat/events.ts";

/** Reads one {@linkcode Run}, once. */
export class RunStream extends EventStream<ChatEvent> implements ChatStream {
  readonly #run: Run;
  #result: Promise<ChatResult> | undefined;

  constructor(run: Run) {
    super(run);
    this.#run = run;
    // Not in one line: what an assignment to a property makes is taken by V8 for a
    // method that lives for ever, and the run would be kept with it.
    const discard = () => this.discard();
    run.onAbort = discard;
  }

  get partial(): PartialAnswer {
    return toPartialAnswer(this.#run.partial);
  }

  get attempts(): readonly Attempt[] {
    return this.#run.toAttempts();
  }

  override batches(
    { keepText = true }: BatchesOptions = {},
  ): AsyncIterableIterator<readonly ChatEvent[], undefined> {
    const batches = super.batches();
    if (!keepText) this.#run.partial.maxKept = 0;
    return batches;
  }

  async text(): Promise<string> {
    return (await this.result()).text;
  }

  async result(): Promise<ChatResult> {
    if (this.#result === undefined) {
      this.claim("result()");
      this.#result = collectResult(this.#run);
    }
    return await this.#result;
  }
}
