/**
 * One answer out of those of several routes.
 *
 * @module
 */

import { type ChatEvent, type FinishEvent, isProviderError } from "../mod.ts";
import { AnswerReader, type ReadResult } from "../core/run/answer_reader.ts";
import type {
  AnswerBatches,
  DelegatingContext,
} from "../core/run/delegation.ts";
import { toConversationEvent } from "../core/run/parse_conversation.ts";
import { type FailoverRules, FailoverRun } from "./failover_run.ts";
import { DONE } from "../core/streams/leaving.ts";
import type { RouteRun } from "./route_run.ts";

/** How an answer ends that is cut at a stop word. */
const CUT: FinishEvent = { type: "finish", reason: "stop" };

function isNoCall({ type }: ChatEvent): boolean {
  return type !== "tool-call" && type !== "tool-call-error";
}

/**
 * Hands on what one route after another says, as one answer. It reads no stream
 * and watches no clock: their own runs do.
 */
export class FailoverAnswer implements AnswerBatches {
  readonly #context: DelegatingContext;
  readonly #run: FailoverRun;
  readonly #reader: AnswerReader;
  /** The route whose answer is being shown. */
  #speaker: RouteRun | undefined;
  /** What fails the run once the events before it are handed on. */
  #failure: ReadResult["failure"];

  /**
   * Makes an answer; nobody is asked yet.
   *
   * @param context The run of the failover.
   * @param rules What is the same for all runs of the failover.
   */
  constructor(context: DelegatingContext, rules: FailoverRules) {
    this.#context = context;
    this.#run = new FailoverRun(context, rules);
    this.#reader = new AnswerReader(context.partial, this.#run.reading);
  }

  /**
   * Reads on in the answer of the route that speaks, or asks the next one.
   *
   * No generator: each that hands on what another yields would cost some promises
   * for each network piece.
   *
   * @returns The next events of one answer, the last of them as what is returned.
   * @throws {ProviderError} If no route answers.
   */
  async next(): ReturnType<AnswerBatches["next"]> {
    const { within, signal } = this.#context;
    const { outcomes, reading, writer } = this.#run;
    try {
      for (;;) {
        if (this.#failure !== undefined) throw this.#failure.error;
        const isNew = this.#speaker === undefined;
        const speaker = this.#speaker ??= await within(this.#run.findSpeaker());
        let written: readonly ChatEvent[];
        try {
          if (isNew) written = this.#begin(speaker);
          else {
            const { value } = await within(speaker.next());
            if (value === undefined) {
              throw this.#context.fail("Answer ends before it is whole", {
                code: "incomplete",
              });
            }
            written = writer.write(value);
          }
        } catch (error) {
          signal.throwIfAborted();
          // It may be its answer that is refused, which goes on.
          await within(speaker.stream.cancel());
          this.#speaker = undefined;
          if (reading.cutter?.isCut) {
            // The caller has all of it: only what the route would keep is lost.
            outcomes.fail(speaker, error, false);
            return { done: true, value: await this.#end(speaker, [], CUT) };
          }
          this.#run.leave(speaker, error, true);
          if (!writer.canRestart()) throw error;
          continue;
        }
        signal.throwIfAborted();
        const events = this.#read(written);
        const finish = this.#reader.toFinish();
        if (finish !== undefined) {
          outcomes.succeed(speaker);
          this.#speaker = undefined;
          return {
            done: true,
            value: await this.#end(speaker, events, finish),
          };
        }
        // What came before a failure belongs to the caller.
        if (events.length > 0) return { done: false, value: events };
      }
    } catch (error) {
      await this.return().catch(() => {});
      // Who leaves does not wait for what is held.
      const held = isProviderError(error) ? this.#reader.end() : [];
      if (held.length === 0) throw error;
      this.#failure = { error };
      return { done: false, value: held };
    }
  }

  /** Leaves the routes, and waits until all is recorded. */
  async return(): ReturnType<AnswerBatches["return"]> {
    // Where the caller leaves, each route first learns why.
    await undefined;
    const { outcomes } = this.#run;
    const speaker = this.#speaker;
    this.#speaker = undefined;
    if (speaker !== undefined) outcomes.lose(speaker, false);
    await this.#context.within(outcomes.settle());
    return DONE;
  }

  /** Reads what is to be shown; calls after the end of the text are not. */
  #read(written: readonly ChatEvent[]): readonly ChatEvent[] {
    const { reading, thread } = this.#run;
    const { events, failure } = this.#reader.read(written);
    this.#failure = failure;
    if (!reading.cutter?.isCut) {
      thread.addEvents(written);
      return events;
    }
    thread.addEvents(written.filter(isNoCall));
    return events.filter(isNoCall);
  }

  /** Begins to show what a route says. */
  #begin(speaker: RouteRun): readonly ChatEvent[] {
    const { answerer, route, begun } = speaker;
    const { outcomes, writer } = this.#run;
    // The last attempt is the one that answers.
    outcomes.moveToEnd(speaker);
    const reason = outcomes.failure?.code ?? "incomplete";
    const { supportsPrefill } = route.provider;
    return [
      ...writer.begin(answerer, reason, supportsPrefill),
      ...writer.write(begun),
    ];
  }

  /** Gives the last events, once nothing is open any more. */
  async #end(
    speaker: RouteRun,
    events: readonly ChatEvent[],
    finish: FinishEvent,
  ): Promise<readonly ChatEvent[]> {
    const { outcomes, thread } = this.#run;
    const held = this.#reader.end();
    const conversation = thread.end(speaker.route, finish);
    await this.#context.within(outcomes.settle());
    const attempts = outcomes.toAttempts();
    return [
      ...events,
      ...held,
      this.#reader.usage,
      conversation && toConversationEvent(conversation),
      { ...speaker.answerer, ...finish, attempts },
    ].filter((event) => event !== undefined);
  }
}
