import type { ToolAnswerOptions } from "../upstreams/tool_answer.ts";
import type { Upstream } from "../upstreams/upstream.ts";
import { ConformanceError } from "./check.ts";
import type { ConformanceTarget } from "./target.ts";

/** A target whose servers are watched. */
interface WatchedTarget {
  /** The target. */
  readonly watched: ConformanceTarget;
  /**
   * Waits for a case. Where it fails and a server threw meanwhile, it rejects
   * with what the server threw: the first time with that itself, whose stack
   * begins in the server, then with a line about it.
   */
  explain(running: Promise<void>): Promise<void>;
}

/** Watches a target for servers that throw where they should answer. */
export function watchServers(target: ConformanceTarget): WatchedTarget {
  const { pictures, tools } = target;
  const seen = new Set<string>();
  let failures: unknown[] = [];

  function watch(upstream: Pick<Upstream, "fetch">): Pick<Upstream, "fetch"> {
    return {
      ...upstream,
      async fetch(input, init) {
        const request = new Request(input, init);
        try {
          return await upstream.fetch(request);
        } catch (error) {
          // Who leaves is no failure of the server.
          if (!request.signal.aborted) failures.push(error);
          throw error;
        }
      },
    };
  }

  return {
    watched: {
      ...target,
      upstream: (options) => watch(target.upstream(options)),
      ...(pictures && {
        pictures: {
          ...pictures,
          upstream: (options) => watch(pictures.upstream(options)),
        },
      }),
      ...(tools && {
        tools: {
          ...tools,
          upstreams: Object.fromEntries(
            Object.entries(tools.upstreams).map(([form, create]) => [
              form,
              (options: ToolAnswerOptions) => watch(create(options)),
            ]),
          ),
        },
      }),
    },
    async explain(running) {
      failures = [];
      try {
        await running;
      } catch (error) {
        if (failures.length === 0) throw error;
        const [failure] = failures;
        const words = String(failure);
        if (seen.has(words)) {
          throw new ConformanceError(`Its server throws again: ${words}`);
        }
        seen.add(words);
        throw failure;
      }
    },
  };
}
