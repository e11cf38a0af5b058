/**
 * Watches each request until its answer is over, or its client leaves.
 *
 * @module
 */

import type { MiddlewareHandler } from "hono";
import type { Outcome } from "../options/log_entry.ts";
import type { GatewayEnvironment } from "./gateway_environment.ts";
import { handleError } from "./handle_error.ts";
import type { Lifetime, RequestDetails } from "./lifetime.ts";

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
): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  let left:
    | { readonly reason: unknown; readonly done: Promise<void> }
    | undefined;

  function cancel(reason: unknown): Promise<void> {
    // That the client has left comes twice where it ends the signal, too.
    left ??= {
      reason,
      done: reader.cancel(reason).catch(() => {})
        .then(() => lifetime.end("aborted", status)),
    };
    return left.done;
  }

  lifetime.cancel = cancel;
  return new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        // A body that was cancelled ends cleanly, but is not whole.
        if (left) return controller.error(left.reason);
        if (!done) return controller.enqueue(value);
        lifetime.end("complete", status);
        controller.close();
      } catch (error) {
        lifetime.end("failed", status);
        controller.error(error);
      }
    },
    cancel,
  }, { highWaterMark: 0 });
}

/**
 * Gives every request a {@linkcode Lifetime}. It comes before all other
 * middleware.
 *
 * An answer that is a stream of events is over when its body is; any other is
 * whole when it is handed over.
 *
 * @returns The middleware.
 */
export function trackLifetime(): MiddlewareHandler<GatewayEnvironment> {
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
    const isStream = headers.get("content-type")?.startsWith(
      "text/event-stream",
    );
    // To look at a body makes a stream of it, which costs more than to send it.
    const body = isStream ? context.res.body : null;
    if (body === null) return lifetime.end("complete", status);
    const response = new Response(watch(body, lifetime, status), context.res);
    // Hono would merge the two otherwise.
    context.res = undefined;
    context.res = response;
  };
}
