/**
 * What every request of one run shares.
 *
 * @module
 */

import { type ClockLimits, type Clocks, createClocks } from "./clocks.ts";
import { ProviderError } from "../chat/errors.ts";
import type { TimeoutPhase } from "../chat/error_code.ts";
import { addSecret, createRedactor, type Redactor } from "./redactor.ts";
import type { ProviderConfig } from "./provider_config.ts";
import { once } from "../streams/once.ts";
import { createTransport, type Transport } from "./transport.ts";

/**
 * Why a run ends that nobody wants to read any more: made once, as each holds a
 * stack, and not by the import, as V8 then reads the whole bundle anew.
 */
export const toClosed: () => DOMException = /* @__PURE__ */ once(() =>
  new DOMException("The stream was closed", "AbortError")
);

/** Options for {@linkcode openScope}. */
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

/**
 * What every request of one run shares: one signal that ends them all, one set
 * of clocks, one way to the network.
 */
export interface Scope {
  readonly config: ProviderConfig;
  readonly headers: readonly (readonly [string, string])[];
  readonly clocks: Clocks;
  readonly transport: Transport;
  readonly redactor: Redactor;
  /** Ends every request of the scope. */
  readonly signal: AbortSignal;
  /**
   * Starts the clocks and listens to the caller's signal.
   *
   * @throws The reason of the caller's signal, where it is aborted.
   */
  start(): void;
  /**
   * Ends every request.
   *
   * @param reason What they reject with.
   */
  abort(reason: unknown): void;
  /**
   * Keeps the way to the network open for something that nobody waits for.
   *
   * @param task What is under way.
   */
  outlive(task: Promise<unknown>): void;
  /** Lets go of clocks, listeners and the network. */
  close(): void;
}

/**
 * Makes what the requests of one run share.
 *
 * @param config What is set for the provider.
 * @param options What is set for the run.
 */
export function openScope(
  config: ProviderConfig,
  { timeouts = config.timeouts, headers = [], signal, transport }:
    ScopeOptions = {},
): Scope {
  const { apiKey, proxy } = config;
  const controller = new AbortController();
  const tasks: Promise<unknown>[] = [];
  let isClosed = false;
  const redactor = createRedactor();
  for (const [name, value] of config.query) {
    // A version is no secret, and errors are about it.
    if (!/version$/i.test(name)) addSecret(redactor, value);
  }
  const { username, password } = proxy?.basicAuth ?? {};
  for (const secret of [apiKey, username, password]) {
    addSecret(redactor, secret);
  }

  function onTimeout(phase: TimeoutPhase, ms: number): void {
    controller.abort(
      new ProviderError(
        `Timeout: ${phase} took more than ${ms} ms${
          ms < 1_000 ? ': "timeouts" are in milliseconds' : ""
        }`,
        {
          code: "timeout",
          phase,
          retryable: true,
        },
      ),
    );
  }

  function onCallerAbort(): void {
    controller.abort(signal?.reason);
  }

  const scope: Scope = {
    config,
    headers,
    clocks: createClocks(
      config.clock,
      timeouts,
      onTimeout,
    ),
    transport: transport ?? createTransport(config.fetch, proxy),
    redactor,
    signal: controller.signal,
    start() {
      signal?.throwIfAborted();
      signal?.addEventListener("abort", onCallerAbort);
      scope.clocks.startRun();
    },
    abort: (reason) => controller.abort(reason),
    outlive(task) {
      tasks.push(task);
      // A provider that is left may clean up when all is over, and has then
      // opened the way anew.
      if (isClosed) scope.close();
    },
    close() {
      isClosed = true;
      scope.clocks.stop();
      signal?.removeEventListener("abort", onCallerAbort);
      // Some runtimes keep the socket of a body that was only cancelled.
      controller.abort(toClosed());
      // What was passed is another's to close.
      if (transport !== undefined) return;
      if (tasks.length === 0) return scope.transport.close();
      void Promise.allSettled(tasks).then(() => scope.transport.close());
    },
  };
  return scope;
}
