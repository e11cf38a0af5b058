/**
 * One entry for each request.
 *
 * @module
 */

import type { Attempt, Clock } from "@parley/chat";
import type { MiddlewareHandler } from "hono";
import type { GatewayEnvironment } from "./gateway_environment.ts";
import type { LogEntry, LoggedFailure } from "../options/log_entry.ts";

const MAX_PATH = 200;

/**
 * Logs each request when its answer is over.
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
          failures: toFailures(attempts),
        }),
      };
      void write(log, entry);
    });
    await next();
  };
}

/** Picks what an operator wants to know; a client that left is no failure. */
function toFailures(
  attempts: readonly Attempt[] = [],
): readonly LoggedFailure[] | undefined {
  const failed = attempts.filter(({ code }) =>
    code !== undefined && code !== "aborted"
  );
  if (failed.length === 0) return undefined;
  return failed.map(({ provider, model, status, code, message }) => ({
    provider,
    model,
    ...withoutUndefined({ status, code, message }),
  }));
}

/** A line of JSON has no `undefined`, and neither has an entry. */
function withoutUndefined<T extends object>(
  values: T,
): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined),
  ) as { [Key in keyof T]?: Exclude<T[Key], undefined> };
}

async function write(
  log: (entry: LogEntry) => unknown,
  entry: LogEntry,
): Promise<void> {
  try {
    await log(entry);
  } catch {
    // It is the business of who logs.
  }
}
