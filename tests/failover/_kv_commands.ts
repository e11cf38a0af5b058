import {
  type CircuitBreaker,
  createCircuitBreaker,
  type Look,
} from "../../failover/circuit_breaker.ts";
import { createKvStore } from "../../failover/mod.ts";

/** What a process is told to do with a route. */
export type Command =
  | { readonly do: "look"; readonly key: string }
  | { readonly do: "fail"; readonly key: string; readonly times: number }
  | {
    readonly do: "claim";
    readonly key: string;
    readonly times: number;
    /** When to begin, so that two processes do at the same moment. */
    readonly at: number;
  };

/**
 * Makes a breaker over a file that another process uses too. It waits for the
 * store for as long as it takes, and its time stands still: on a busy machine a
 * second is not much.
 */
export function createSharedBreaker(kv: Deno.Kv): CircuitBreaker {
  const started = Date.now();
  const clock = {
    now: () => started,
    setTimeout: () => undefined,
    clearTimeout: () => {},
  };
  return createCircuitBreaker(createKvStore(kv), {
    clock,
    failures: 30,
    coolDown: 1e6,
    maxCoolDown: 1e6,
  });
}

/**
 * Does what a process is told to, all at once where it is several times.
 *
 * @returns What is known of the route, or how many claims were granted.
 */
export async function runCommand(
  breaker: CircuitBreaker,
  command: Command,
): Promise<Look | number | undefined> {
  const { key } = command;
  switch (command.do) {
    case "look":
      return (await breaker.look([key]))[0];
    case "fail":
      for (let time = 0; time < command.times; time++) await breaker.fail(key);
      return command.times;
    case "claim": {
      while (Date.now() < command.at);
      const claims = await Promise.all(
        Array.from({ length: command.times }, () => breaker.claimProbe(key)),
      );
      return claims.filter((claim) => claim !== undefined).length;
    }
  }
}
