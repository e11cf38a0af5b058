/**
 * The lifetime of one request.
 *
 * @module
 */

import type { Clock } from "@parley/chat";
import type { Outcome } from "../options/log_entry.ts";
import { AnswerBody } from "./answer_body.ts";
import type { BodySource } from "./body_source.ts";
import type { Lifetime, RequestDetails } from "./lifetime.ts";

/** Options for {@linkcode RequestLifetime}. */
export interface LifetimeOptions {
  /** After how many milliseconds a client is let go of that takes nothing. */
  readonly stallTimeout: number;
  /** Where time comes from. */
  readonly clock: Clock;
}

/** Is called with how a request ended, and the status of its answer. */
type OnEnd = Parameters<Lifetime["onEnd"]>[0];

/** A lifetime as the one who ends it sees it. */
export class RequestLifetime implements Lifetime {
  readonly details: RequestDetails = {};
  /** The status of the answer. */
  status = 200;
  readonly #request: Request;
  readonly #options: LifetimeOptions;
  #callbacks: readonly OnEnd[] = [];
  #controller: AbortController | undefined;
  #body: AnswerBody | undefined;
  #hasFailed = false;
  #isOver = false;

  /**
   * Makes the lifetime of a request that has just come.
   *
   * @param request The request.
   * @param options For how long its client may take nothing.
   */
  constructor(request: Request, options: LifetimeOptions) {
    this.#request = request;
    this.#options = options;
  }

  /** Whether its answer is sent in pieces, and ends it. */
  get isSending(): boolean {
    return this.#body !== undefined;
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

  onEnd(callback: OnEnd): void {
    this.#callbacks = this.#callbacks.concat(callback);
  }

  send(source: BodySource): ReadableStream<Uint8Array> {
    this.#body = new AnswerBody(source, {
      ...this.#options,
      onStall: () => this.details.code = "client_stalled",
      onEnd: (outcome) => this.end(outcome),
    });
    return this.#body.stream;
  }

  /**
   * Ends it, once.
   *
   * @param outcome What became of the answer.
   */
  end(outcome: Outcome): void {
    if (this.#isOver) return;
    this.#isOver = true;
    if (this.#controller !== undefined) {
      this.#request.signal.removeEventListener("abort", this.#onAbort);
    }
    const { status } = this;
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
    void this.#body?.leave(reason);
  };
}
