/**
 * One route that is asked.
 *
 * @module
 */

import type { ChatEvent, ChatStream, ProviderError, Timeouts } from "../mod.ts";
import { isContent } from "../core/chat/is_content.ts";
import type { DelegatingContext } from "../core/run/delegation.ts";
import {
  type RetryLimits,
  toOuterRun,
  withOuterRun,
} from "../core/run/outer_run.ts";
import type { StopCutter } from "../core/run/stop_cutter.ts";
import type { Writable } from "../core/streams/writable.ts";
import type { Answerer } from "./answer_writer.ts";
import type { ResolvedRoute } from "./route.ts";
import type { RouteInput } from "./thread.ts";

/** The clocks of a route while another is left, where nobody set others. */
const SHORT_TIMEOUTS: Timeouts = { firstToken: 30_000, idle: 20_000 };

/** How a route is asked. */
export interface RouteRunOptions {
  /** What it is asked. */
  readonly input: RouteInput;
  /** What the breaker gave where this is a probe. */
  readonly probe?: number | undefined;
  /** Whether what the provider kept of the chat is left aside. */
  readonly isAnew: boolean;
  /** Clocks of all routes. */
  readonly timeouts: Timeouts;
  /** Whether another route is left. */
  readonly hasNext: boolean;
  /** Whether it may get a further attempt after a failure. */
  readonly mayRetry: (failure: ProviderError) => Promise<boolean>;
  /** How many further attempts it gets, where that is not its own choice. */
  readonly maxRetries?: number | undefined;
  /** The longest `Retry-After` that is waited for. */
  readonly maxRetryDelay?: number | undefined;
  /** What cuts its answer, where that is not its own part. */
  readonly cutter?: StopCutter | undefined;
  /** Whether another route goes on where its answer breaks off. */
  readonly isJoined: boolean;
}

/** One route that is asked. */
export interface RouteRun {
  /** The route. */
  readonly route: ResolvedRoute;
  /** What the breaker gave where this is a probe. */
  readonly probe: number | undefined;
  /** Whether what the provider kept of the chat is left aside. */
  readonly isAnew: boolean;
  /** Its answer. */
  readonly stream: ChatStream;
  /** Who answers; known once it has spoken. */
  readonly answerer: Answerer;
  /** What came up to the first content. */
  readonly begun: readonly ChatEvent[];
  /** Reads up to the first content, or the end. */
  readToContent(): Promise<void>;
  /** Reads on after that. */
  next(): Promise<IteratorResult<readonly ChatEvent[], undefined>>;
  /** Tells for how long it is to be left alone, where it waits to try again. */
  toRetryAfter(): number | undefined;
  /**
   * Gives what bounds the route where it is asked once more.
   *
   * @returns The limits; `undefined` where it must not be, as it makes a picture,
   * keeps the chat, has failed and waits, or has made its last attempt.
   */
  toRetryLimits(): RetryLimits | undefined;
}

/**
 * Asks a route; nothing is sent before it is read.
 *
 * @param run The run of the failover.
 * @param route The route.
 * @param options How it is asked.
 */
export function startRoute(
  run: DelegatingContext,
  route: ResolvedRoute,
  { input, probe, isAnew, ...rules }: RouteRunOptions,
): RouteRun {
  const { provider, model } = route;
  const { options } = run;
  // What comes in one piece says nothing for long, and a picture takes long.
  const isQuiet = options.stream === false || route.makesImages;
  const outer = toOuterRun(options);
  /** What bounds each run that it consists of: of a failover there are several. */
  const runs: (RetryLimits | undefined)[] = [];
  let failure: ProviderError | undefined;
  const stream = provider.stream(
    input.messages,
    withOuterRun({
      ...options,
      signal: run.signal,
      model,
      conversation: input.conversation,
      timeouts: { ...rules.timeouts, ...options.timeouts, ...route.timeouts },
      maxRetries: rules.maxRetries ?? route.maxRetries ?? options.maxRetries,
      maxRetryDelay: rules.maxRetryDelay ?? options.maxRetryDelay,
    }, {
      timeouts: rules.hasNext && !isQuiet ? SHORT_TIMEOUTS : outer.timeouts,
      mayRetry(error) {
        failure = error;
        return rules.mayRetry(error);
      },
      onBegin(begun) {
        runs.push(begun);
        // Of another failover this is a run too.
        outer.onBegin?.(begun);
      },
      cutter: rules.cutter,
      isJoined: rules.isJoined || outer.isJoined,
    }),
  );
  const batches = stream.batches({ keepText: run.partial.maxKept > 0 });
  const begun: ChatEvent[] = [];
  const started: Writable<RouteRun> = {
    route,
    probe,
    isAnew,
    stream,
    answerer: { provider: provider.id, model },
    begun,
    next: () => batches.next(),
    async readToContent() {
      for (;;) {
        const { done, value } = await batches.next();
        if (done) return;
        for (const event of value) {
          // Another failover says itself who answers.
          if (event.type !== "route") begun.push(event);
          else {
            const { provider, model } = event;
            started.answerer = { provider, model };
          }
        }
        if (value.some(isSpoken)) return;
      }
    },
    toRetryAfter() {
      const { code } = stream.attempts.at(-1) ?? {};
      return code === undefined ? undefined : failure?.retryAfter;
    },
    toRetryLimits() {
      const { attempts } = stream;
      const known = runs.filter((limits) => limits !== undefined);
      const [limits] = known;
      // A failover would ask those again that have failed.
      const last = runs.length > 1 ? attempts : attempts.slice(-1);
      const hasFailed = last.some(({ code }) => code !== undefined);
      if (limits === undefined || known.length < runs.length) return;
      if (hasFailed || route.makesImages) return;
      const maxRetries = Math.min(...known.map((run) => run.maxRetries)) -
        (attempts.length - runs.length + 1);
      return maxRetries < 0 ? undefined : { ...limits, maxRetries };
    },
  };
  return started;
}

function isSpoken(event: ChatEvent): boolean {
  return event.type === "finish" || isContent(event);
}
