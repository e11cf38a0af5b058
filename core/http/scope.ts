/**
 * What every request of one run shares.
 *
 * @module
 */

import { type ClockLimits, Clocks } from "./clocks.ts";
import { ProviderError } from "../chat/errors.ts";
import type { TimeoutPhase } from "../chat/error_code.ts";
import { addSecret, createRedactor, type Redactor } from "./redactor.ts";
import type { ProviderConfig } from "./provider_config.ts";
import { once } from "../streams/once.ts";
import { createTransport, type Transport } from "./transport.ts";

/**
 * Why a run ends that nobody wants to read any more: made once, and not by the
 * import, as V8 then reads the whole bundle anew.
 */
export const toClosed: () => DOMException = /* @__PURE__ */ once(() => {
  // A stack would keep all that is on it for ever: the first run that ends.
  const limit = Reflect.get(Error, "stackTraceLimit");
  Reflect.set(Error, "stackTraceLimit", 0);
  const closed = new DOMException("The stream was closed", "AbortError");
  Reflect.set(Error, "stackTraceLimit", limit);
  return closed;
});

/** Options for {@linkcode OpenScope}. */
export interface ScopeOptions {
  /**
   * The clocks.
   *
   * @default {those of the provider}
   */
  readonly timeouts?: ClockLimits | undefined;
  /** Headers of the caller, over those of a request. */
  readonly headers?: readonly (readonly [string, string])[] | undefined;
  /** Ends the scope with its reason. */
  readonly signal?: AbortSignal | undefined;
  /**
   * A way to the network that somebody else closes.
   *
   * @default {its own}
   */
  readonly transport?: Transport | undefined;
}

/** A scope as a request sees it. */
export type Scope = Pick<
  OpenScope,
  "config" | "headers" | "clocks" | "transport" | "redactor" | "signal"
>;

/** Makes a redactor that knows the secrets of a provider. */
function toRedactor({ apiKey, proxy, query }: ProviderConfig): Redactor {
  const redactor = createRedactor();
  for (const [name, value] of query) {
    // A version is no secret, and errors are about it.
    if (!/version$/i.test(name)) addSecret(redactor, value);
  }
  const { username, password } = proxy?.basicAuth ?? {};
  for (const secret of [apiKey, username, password]) {
    addSecret(redactor, secret);
  }
  return redactor;
}

/**
 * What every request of one run shares: one signal that ends them all, one set
 * of clocks, one way to the network.
 */
export class OpenScope {
  readonly config: ProviderConfig;
  readonly headers: readonly (readonly [string, string])[];
  readonly clocks: Clocks;
  readonly transport: Transport;
  readonly redactor: Redactor;
  /** Ends every request of the scope. */
  readonly signal: AbortSignal;
  readonly #controller = new AbortController();
  readonly #callerSignal: AbortSignal | undefined;
  /** Whether the way to the network is another's to close. */
  readonly #isPassed: boolean;
  readonly #tasks: Promise<unknown>[] = [];
  #isClosed = false;

  /**
   * Makes what the requests of one run share.
   *
   * @param config What is set for the provider.
   * @param options What is set for the run.
   */
  constructor(
    config: ProviderConfig,
    { timeouts = config.timeouts, headers = [], signal, transport }:
      ScopeOptions = {},
  ) {
    this.config = config;
    this.headers = headers;
    this.clocks = new Clocks(config.clock, timeouts, this.#onTimeout);
    this.transport = transport ?? createTransport(config.fetch, config.proxy);
    this.redactor = toRedactor(config);
    this.signal = this.#controller.signal;
    this.#callerSignal = signal;
    this.#isPassed = transport !== undefined;
  }

  /**
   * Starts the clocks and listens to the caller's signal.
   *
   * @throws The reason of the caller's signal, where it is aborted.
   */
  start(): void {
    this.#callerSignal?.throwIfAborted();
    this.#callerSignal?.addEventListener("abort", this.#onCallerAbort);
    this.clocks.start("total");
  }

  /**
   * Ends every request.
   *
   * @param reason What they reject with.
   */
  abort(reason: unknown): void {
    this.#controller.abort(reason);
  }

  /**
   * Keeps the way to the network open for something that nobody waits for.
   *
   * @param task What is under way.
   */
  outlive(task: Promise<unknown>): void {
    this.#tasks.push(task);
    // A provider that is left may clean up when all is over, and has then
    // opened the way anew.
    if (this.#isClosed) this.close();
  }

  /** Lets go of clocks, listeners and the network. */
  close(): void {
    this.#isClosed = true;
    this.clocks.stop();
    this.#callerSignal?.removeEventListener("abort", this.#onCallerAbort);
    // Some runtimes keep the socket of a body that was only cancelled.
    this.abort(toClosed());
    if (this.#isPassed) return;
    if (this.#tasks.length === 0) return this.transport.close();
    void Promise.allSettled(this.#tasks).then(() => this.transport.close());
  }

  readonly #onTimeout = (phase: TimeoutPhase, ms: number): void => {
    const hint = ms < 1_000 ? ': "timeouts" are in milliseconds' : "";
    this.abort(
      new ProviderError(`Timeout: ${phase} took more than ${ms} ms${hint}`, {
        code: "timeout",
        phase,
        retryable: true,
      }),
    );
  };

  readonly #onCallerAbort = (): void => {
    this.abort(this.#callerSignal?.reason);
  };
}
