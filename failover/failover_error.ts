/**
 * The error where no route answers.
 *
 * @module
 */

import { ProviderError } from "../mod.ts";

/** Where something was asked, which may be in a private network. */
const PLACE =
  /[:,]?(?: (?:for|at|to|by))?(?: [A-Z]+)? https?:\/\/[^\s,;]*[^\s,;:)]/g;

/** Writes why a route failed, without what its upstream said. */
function toReason({ message, body }: ProviderError): string {
  const words = body === undefined ? "" : `: ${body}`;
  const own = message.endsWith(words)
    ? message.slice(0, message.length - words.length)
    : message;
  return own.replace(/^Cannot [\w ]+ "[^"]*": /, "").replace(PLACE, "");
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
