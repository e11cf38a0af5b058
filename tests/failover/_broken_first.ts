import {
  type ConformanceTarget,
  createFaultyUpstream,
  createOpenAiUpstream,
} from "@parley/testing";
import type { createFailover } from "../../failover/mod.ts";
import { createOpenAi } from "../_openai_compatible.ts";

/** An answer that is cut in the middle of its second call. */
function createBrokenFetch(): typeof fetch {
  const input = { near: "Nowhere" };
  const upstream = createOpenAiUpstream({
    answer: () => ({
      toolCalls: [{ name: "find_lake", input }, { name: "find_river", input }],
    }),
  });
  const faults = [{ type: "cut", after: { bytes: 1_500 } }] as const;
  return createFaultyUpstream(upstream, { faults }).fetch;
}

/** A failover before a provider, whose first route breaks off and is void. */
export function toBrokenFirst(
  target: ConformanceTarget,
  create: typeof createFailover,
): ConformanceTarget {
  return {
    ...target,
    name: `Failover from a broken route to ${target.name}`,
    create: (options) =>
      create([
        {
          provider: createOpenAi({ fetch: createBrokenFetch(), maxRetries: 0 }),
          name: "broken",
        },
        target.create(options),
      ], {
        onPartial: "restart",
        clock: options.clock,
        random: options.random,
      }),
  };
}
