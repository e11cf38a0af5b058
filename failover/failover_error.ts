/**
 * The error where no route answers.
 *
 * @module
 */

import { toPublicMessage } from "../core/chat/public_message.ts";
import { ProviderError } from "../mod.ts";

/** Writes why a route failed. */
function toReason(error: ProviderError): string {
  return toPublicMessage(error).replace(/^Cannot [\w ]+ "[^"]*": /, "");
}

/**
 * Makes the one error of many. It is that of the failure that says most, but
 * names every route, and asks for the shortest wait that any of them asks for.
 *
 * @param id The id of the failover.
 * @param failures Why each route failed, by its name.
 * @param main The failure that says most.
 * @returns The error; its cause has those of all routes.
 */
export function toFailoverError(
  id: string,
  failures: ReadonlyMap<string, ProviderError>,
  main: ProviderError,
): ProviderError {
  const errors = [...failures.values()];
  if (errors.length < 2) return main;
  const reasons = Array.from(
    failures,
    ([name, error]) => `"${name}": ${toReason(error)}`,
  );
  const waits = errors.flatMap(({ retryAfter }) => retryAfter ?? []);
  return new ProviderError(
    `Cannot stream from "${id}": no route answers (${reasons.join("; ")})`,
    {
      ...main,
      // What the failover itself found has none yet.
      provider: main.provider ?? id,
      retryable: errors.some(({ retryable }) => retryable),
      retryAfter: waits.length === 0 ? undefined : Math.min(...waits),
      cause: new AggregateError(errors, "No route answers"),
    },
  );
}
