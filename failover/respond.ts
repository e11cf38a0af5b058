/**
 * How a failover answers.
 *
 * @module
 */

import type {
  Attempt,
  ChatEvent,
  Clock,
  Conversation,
  ErrorCode,
  FinishEvent,
  ProviderError,
  Timeouts,
} from "../mod.ts";
import type { RunContext } from "../core/provider.ts";
import { createAnswerWriter } from "./create_answer_writer.ts";
import type { CircuitBreaker } from "./circuit_breaker.ts";
import type { OnPartial } from "./failover_options.ts";
import { isMendable, isUnhealthy } from "./failure.ts";
import { raceRoutes } from "./race.ts";
import type { ResolvedRoute } from "./route.ts";
import type { RouteQueue } from "./route_queue.ts";
import { type RouteRun, startRoute } from "./route_run.ts";
import { openThread } from "./thread.ts";

/** What a failover answers with. */
export interface Means {
  /** The id of the failover. */
  readonly id: string;
  readonly onPartial: OnPartial;
  readonly maxRetryDelay: number;
  readonly timeouts: Timeouts;
  readonly breaker: CircuitBreaker;
  readonly clock: Clock;
  /** Lines up the routes of a run. */
  readonly queue: (run: RunContext) => Promise<RouteQueue>;
  /** Says after which silence the next route is asked too. */
  readonly toHedgeAfter: (run: RunContext) => number | null;
}

/**
 * Answers by the first route that can.
 *
 * @param run The run of the failover.
 * @param means What it answers with.
 * @returns The events of one answer.
 */
export async function* respond(
  run: RunContext,
  means: Means,
): AsyncGenerator<readonly ChatEvent[]> {
  const { breaker } = means;
  const runs: RouteRun[] = [];
  /** Why answers were left that did not fail themselves. */
  const refusals = new Map<RouteRun, ErrorCode>();
  run.tellAttempts(toAttempts);
  const thread = openThread(run, means.id);
  const queue = await means.queue(run);
  const writer = createAnswerWriter(means.onPartial);
  const tasks: Promise<void>[] = [];
  let spoken: RouteRun | undefined;
  /** Who was asked first. */
  let first: ResolvedRoute | undefined;
  /** The failure that tells most: of what was shown last, or of the first. */
  let failure: ProviderError | undefined;

  function toAttempts(): readonly Attempt[] {
    return runs.flatMap((asked) => {
      const { attempts } = asked.stream;
      const code = refusals.get(asked);
      return code === undefined
        ? attempts
        : attempts.map((attempt, index) =>
          index === attempts.length - 1 ? { ...attempt, code } : attempt
        );
    });
  }

  async function start(isAlone: boolean): Promise<RouteRun | undefined> {
    const queued = await queue.take(isAlone);
    if (queued === undefined) return undefined;
    const { route, probe, isLastResort, isAnew = false } = queued;
    first ??= route;
    // The caller may have left meanwhile.
    if (run.signal.aborted) release(route, probe);
    run.signal.throwIfAborted();
    const isTrial = probe !== undefined || isLastResort;
    const started = startRoute(run, route, {
      input: thread.toInput(route, isAnew),
      probe,
      isAnew,
      timeouts: means.timeouts,
      maxRetries: isTrial ? 0 : undefined,
      maxRetryDelay: queue.hasNext
        ? Math.min(means.maxRetryDelay, run.options.maxRetryDelay ?? Infinity)
        : undefined,
    });
    runs.push(started);
    return started;
  }

  function release({ key }: ResolvedRoute, probe: number | undefined): void {
    if (probe !== undefined) tasks.push(breaker.release(key, probe));
  }

  function onLoss({ route, probe, stream }: RouteRun, isSlow: boolean): void {
    tasks.push(stream.cancel());
    // Or each run would wait for a route that is silent.
    if (isSlow) tasks.push(breaker.fail(route.key, { probe }));
    else release(route, probe);
  }

  /** Throws where no other route can mend the failure. */
  function judge(
    { route, probe, isAnew }: RouteRun,
    error: unknown,
    isFirst: boolean,
  ): ProviderError {
    const isLeft = run.signal.aborted;
    if (!isLeft && isUnhealthy(error)) {
      const { retryAfter } = error;
      tasks.push(breaker.fail(route.key, { probe, retryAfter }));
    } else {
      release(route, probe);
    }
    if (isLeft) throw run.signal.reason;
    if (!isMendable(error, isFirst)) throw error;
    if (error.code === "conversation-expired" && !isAnew) {
      // The failover knows the whole chat: nothing is forgotten.
      queue.putBack({ route, isAnew: true });
    }
    return error;
  }

  function toFinish(
    { route, probe, stream, answerer }: RouteRun,
    event: FinishEvent,
    text: string,
    conversation: Conversation | undefined,
  ): FinishEvent {
    const { firstTokenMs } = stream.attempts.at(-1) ?? {};
    tasks.push(breaker.succeed(route.key, { probe, firstTokenMs }));
    spoken = undefined;
    run.conversation = thread.end(route, event.text ?? text, conversation);
    return { ...answerer, ...event, attempts: toAttempts() };
  }

  /** Hands on what a route says, up to its end. */
  async function* follow(
    current: RouteRun,
  ): AsyncGenerator<readonly ChatEvent[]> {
    yield writer.begin(current.answerer, failure?.code ?? "incomplete");
    let text = "";
    let conversation: Conversation | undefined;
    for await (const batch of current.read()) {
      const events: ChatEvent[] = [];
      for (const event of batch) {
        switch (event.type) {
          case "text":
            text = thread.addText(text, event.text);
            break;
          case "restart":
            text = "";
            break;
          case "conversation":
            ({ conversation } = event);
            continue;
          case "finish":
            events.push(toFinish(current, event, text, conversation));
            continue;
        }
        events.push(event);
      }
      yield writer.write(events);
    }
  }

  try {
    for (;;) {
      spoken = await raceRoutes({
        start,
        hasNext: () => queue.hasNext,
        hedgeAfter: means.toHedgeAfter(run),
        clock: means.clock,
        onFailure(failed, error) {
          // It need not be the first to fail.
          const isFirst = failed.route === first;
          const judged = judge(failed, error, isFirst);
          if (isFirst || failure === undefined) failure = judged;
        },
        onLoss,
      });
      if (spoken === undefined) {
        throw failure ?? run.fail("No route is left", { code: "upstream" });
      }
      const current = spoken;
      // The last attempt is the one that answers.
      runs.push(...runs.splice(runs.indexOf(current), 1));
      try {
        return yield* follow(current);
      } catch (error) {
        spoken = undefined;
        // It may be its answer that is refused, which goes on.
        tasks.push(current.stream.cancel());
        failure = judge(current, error, false);
        refusals.set(current, failure.code);
        if (!writer.canRestart) throw failure;
      }
    }
  } finally {
    if (spoken !== undefined) onLoss(spoken, false);
    await Promise.all(tasks);
  }
}
