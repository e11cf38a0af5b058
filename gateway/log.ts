/**
 * One entry for each request.
 *
 * @module
 */

import type { Clock, Usage } from "../mod.ts";
import type { MiddlewareHandler } from "hono";
import type { GatewayEnvironment } from "./gateway_environment.ts";
import type { Outcome } from "./lifetime.ts";
import { withoutUndefined } from "./without_undefined.ts";

/**
 * What is told of a request when its answer is over: plain JSON, without a
 * prompt, a key, a cookie or a query. What is not known is not there.
 */
export interface LogEntry {
  /** When it came, as an ISO 8601 date in UTC. */
  readonly time: string;
  /** The id that its answer tells in `x-request-id`. */
  readonly requestId: string;
  /** Its method. */
  readonly method: string;
  /** Its path, of which at most 200 characters. */
  readonly path: string;
  /** The status of its answer. */
  readonly status: number;
  /** How it ended. */
  readonly outcome: Outcome;
  /** How many milliseconds it took, until the end of its answer. */
  readonly ms: number;
  /** Stands for the API key that it came with, and does not tell it. */
  readonly keyId?: string;
  /** The model that was asked for, as the gateway names it. */
  readonly model?: string;
  /** The id of the provider that answered. */
  readonly provider?: string;
  /** How many attempts there were. */
  readonly attempts?: number;
  /** The tokens. */
  readonly usage?: Usage;
  /** The code of the error that it ended with. */
  readonly code?: string;
}

const MAX_PATH = 200;

/**
 * Tells of each request when its answer is over.
 *
 * @param log Gets the entries, for example to print each as a line of JSON.
 * What it throws is of no account: an answer does not fail for its log.
 * @param clock Where time comes from.
 * @returns The middleware.
 */
export function logRequests(
  log: (entry: LogEntry) => unknown,
  clock: Clock,
): MiddlewareHandler<GatewayEnvironment> {
  return async (context, next) => {
    const start = clock.now();
    const { lifetime } = context.var;
    lifetime.onEnd((outcome, status) => {
      const { attempts, ...details } = lifetime.details;
      const entry = {
        time: new Date(start).toISOString(),
        requestId: context.var.requestId,
        method: context.req.method,
        path: context.req.path.slice(0, MAX_PATH),
        status,
        outcome,
        ms: Math.round(clock.now() - start),
        ...withoutUndefined({
          keyId: context.var.keyId,
          ...details,
          attempts: attempts?.length,
        }),
      };
      void tell(log, entry);
    });
    await next();
  };
}

async function tell(
  log: (entry: LogEntry) => unknown,
  entry: LogEntry,
): Promise<void> {
  try {
    await log(entry);
  } catch {
    // It is the business of who logs.
  }
}
