/**
 * Watches each request until its answer is over, or its client leaves.
 *
 * @module
 */

import type { Clock } from "@parley/chat";
import type { MiddlewareHandler } from "hono";
import type { Outcome } from "../options/log_entry.ts";
import type { GatewayEnvironment } from "./gateway_environment.ts";
import { handleError } from "./handle_error.ts";
import type { Lifetime, RequestDetails } from "./lifetime.ts";
import { createSilenceTimer } from "./silence_timer.ts";

/** Options for {@linkcode trackLifetime}. */
export interface LifetimeOptions {
  /** After how many milliseconds a client is let go of that takes nothing. */
  readonly stallTimeout: number;
  /** Where time comes from. */
  readonly clock: Clock;
}

/**
 * Why a body breaks off. Some servers print it: a sentence is enough there.
 */
const STALLED = "Client takes nothing";

/** A lifetime as the one who ends it sees it. */
class RequestLifetime implements Lifetime {
  readonly details: RequestDetails = {};
  /** Lets go of the answer that is being sent. */
  cancel: ((reason: unknown) => void) | undefined;
  readonly #request: Request;
  readonly #callbacks: ((outcome: Outcome, status: number) => void)[] = [];
  #controller: AbortController | undefined;
  #hasFailed = false;
  #isOver = false;

  constructor(request: Request) {
    this.#request = request;
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      const { signal } = this.#request;
      if (signal.aborted) this.#onAbort();
      // A request that is over has let go of it: some servers abort the signal
      // of every request, even after an answer that arrived.
      else if (!this.#isOver) signal.addEventListener("abort", this.#onAbort);
    }
    return this.#controller.signal;
  }

  fail(): void {
    this.#hasFailed = true;
  }

  onEnd(callback: (outcome: Outcome, status: number) => void): void {
    this.#callbacks.push(callback);
  }

  end(outcome: Outcome, status: number): void {
    if (this.#isOver) return;
    this.#isOver = true;
    if (this.#controller !== undefined) {
      this.#request.signal.removeEventListener("abort", this.#onAbort);
    }
    const final = this.#controller?.signal.aborted
      ? "aborted"
      : outcome === "complete" && (this.#hasFailed || status >= 400)
      ? "failed"
      : outcome;
    for (const callback of this.#callbacks) callback(final, status);
  }

  readonly #onAbort = (): void => {
    const { reason } = this.#request.signal;
    this.#controller?.abort(reason);
    this.cancel?.(reason);
  };
}

/** Sends a body on, and ends the lifetime with it. */
function watch(
  body: ReadableStream<Uint8Array>,
  lifetime: RequestLifetime,
  status: number,
  { stallTimeout, clock }: LifetimeOptions,
): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  let stall = () => {};
  const timer = createSilenceTimer({
    interval: stallTimeout,
    clock,
    onSilence: () => stall(),
  });
  let left:
    | { readonly reason: unknown; readonly done: Promise<void> }
    | undefined;
  let isWhole = false;
  let isReading = false;
  let isEnded = false;
  let isLetGo = false;
  let breakTimer: unknown;

  function end(outcome: Outcome): void {
    timer.stop();
    lifetime.end(outcome, status);
  }

  /** The body ended: its client may stop before it asks for that end. */
  function finish(controller: ReadableStreamDefaultController): void {
    if (left !== undefined || isWhole) return;
    isWhole = true;
    end("complete");
    controller.close();
  }

  function cancel(reason: unknown): Promise<void> {
    timer.stop();
    // That the client has left comes twice where it ends the signal, too.
    left ??= {
      reason,
      done: reader.cancel(reason).catch(() => {})
        .then(() => end("aborted")),
    };
    return left.done;
  }

  /** Ends the body of a client that left, unless its server lets go of it. */
  function breakOff(
    controller: ReadableStreamDefaultController,
    reason: unknown,
  ): void {
    if (isLetGo) return;
    // A server does so soon, and prints what fails before.
    breakTimer = clock.setTimeout(() => controller.error(reason), 0);
  }

  lifetime.cancel = cancel;
  timer.start();
  return new ReadableStream({
    start(controller) {
      stall = () => {
        lifetime.details.code = "client_stalled";
        void cancel(STALLED);
        controller.error(STALLED);
      };
      reader.closed.then(() => {
        isEnded = true;
        // Its last piece may still be on its way.
        if (!isReading) finish(controller);
      }, () => {});
    },
    async pull(controller) {
      timer.pause();
      isReading = true;
      try {
        const { done, value } = await reader.read();
        isReading = false;
        // A body that was cancelled ends cleanly, but is not whole.
        if (left) return breakOff(controller, left.reason);
        if (!done) {
          timer.start();
          controller.enqueue(value);
        }
        if (done || isEnded) finish(controller);
      } catch (error) {
        end("failed");
        controller.error(error);
      }
    },
    cancel(reason) {
      isLetGo = true;
      clock.clearTimeout(breakTimer);
      return cancel(reason);
    },
  }, { highWaterMark: 0 });
}

/**
 * Gives every request a {@linkcode Lifetime}. It comes before all other
 * middleware.
 *
 * An answer that comes in pieces, as events or with a length that was sent, is
 * over when its last piece was taken, or no piece for long; any other is whole
 * when it is handed over.
 *
 * @param options For how long a client may take nothing.
 * @returns The middleware.
 */
export function trackLifetime(
  options: LifetimeOptions,
): MiddlewareHandler<GatewayEnvironment> {
  return async (context, next) => {
    const lifetime = new RequestLifetime(context.req.raw);
    context.set("lifetime", lifetime);
    try {
      await next();
    } catch (error) {
      // Hono hands on what is thrown and is no `Error`.
      context.res = handleError(error);
    }
    const { headers, status } = context.res;
    const isStream = headers.has("content-length") ||
      headers.get("content-type")?.startsWith("text/event-stream");
    // To look at a body makes a stream of it, which costs more than to send it.
    const body = isStream ? context.res.body : null;
    if (body === null) return lifetime.end("complete", status);
    const response = new Response(
      watch(body, lifetime, status, options),
      context.res,
    );
    // Hono would merge the two otherwise.
    context.res = undefined;
    context.res = response;
  };
}
