/**
 * What every request of one run shares.
 *
 * @module
 */

import { type ClockLimits, Clocks } from "./clocks.ts";
import { ProviderError } from "./errors.ts";
import { Redactor } from "./redactor.ts";
import type { Settings } from "./settings.ts";
import { Transport } from "./transport.ts";

/** Options for {@linkcode Scope}. */
export interface ScopeOptions {
  /**
   * The clocks.
   *
   * @default {those of the settings}
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

/**
 * What every request of one run shares: one signal that ends them all, one set
 * of clocks, one way to the network.
 */
export class Scope {
  readonly settings: Settings;
  readonly headers: readonly (readonly [string, string])[];
  readonly clocks: Clocks;
  readonly transport: Transport;
  readonly redactor: Redactor = new Redactor();
  readonly #controller = new AbortController();
  readonly #ownsTransport: boolean;
  readonly #callerSignal: AbortSignal | undefined;
  readonly #pending = new Set<Promise<unknown>>();

  constructor(settings: Settings, options: ScopeOptions = {}) {
    this.settings = settings;
    this.headers = options.headers ?? [];
    this.#ownsTransport = options.transport === undefined;
    this.transport = options.transport ??
      new Transport(settings.fetch, settings.proxy);
    this.#callerSignal = options.signal;
    this.clocks = new Clocks(
      settings.clock,
      options.timeouts ?? settings.timeouts,
      (phase, ms) =>
        this.abort(
          new ProviderError(`Timeout: ${phase} took more than ${ms} ms`, {
            code: "timeout",
            phase,
            retryable: true,
          }),
        ),
    );
    const { apiKey, proxy } = settings;
    if (apiKey !== undefined) this.redactor.addSecret(apiKey);
    if (proxy?.basicAuth !== undefined) {
      this.redactor.addSecret(proxy.basicAuth.password);
      this.redactor.addSecret(proxy.basicAuth.username);
    }
  }

  /** Ends every request of the scope. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Whether an error is the reason for which the caller ended the scope. */
  isCallerReason(error: unknown): boolean {
    return this.#callerSignal?.aborted === true &&
      error === this.#callerSignal.reason;
  }

  /**
   * Starts the clocks and heeds the caller's signal.
   *
   * @throws The reason of the caller's signal, where it is aborted.
   */
  start(): void {
    this.#callerSignal?.throwIfAborted();
    this.#callerSignal?.addEventListener("abort", this.#onCallerAbort);
    this.clocks.startRun();
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
    this.#pending.add(task);
  }

  /** Lets go of clocks, listeners and the network. */
  close(): void {
    this.clocks.stop();
    this.#callerSignal?.removeEventListener("abort", this.#onCallerAbort);
    if (!this.#ownsTransport) return;
    if (this.#pending.size === 0) this.transport.close();
    else {
      void Promise.allSettled(this.#pending).then(() => this.transport.close());
    }
  }

  readonly #onCallerAbort = (): void => {
    this.abort(this.#callerSignal?.reason);
  };
}
