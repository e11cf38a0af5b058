/**
 * Whether the routes of a failover answer now.
 *
 * @module
 */

import type { Failover } from "../failover/mod.ts";
import { type Health, probe, type ProbeOptions } from "./probe.ts";

/**
 * Probes every route of a failover, all at once. What it knows of their health
 * does not count, and does not change.
 *
 * @param failover The failover.
 * @param options How long each is asked.
 * @returns How each is, in order; a route that stands in several lists is asked
 * once.
 * @throws The reason of the signal, if it aborts.
 *
 * @example
 * ```ts
 * import { createAiChats } from "@parley/chat";
 * import { createFailover } from "@parley/chat/failover";
 * import { probeRoutes } from "@parley/chat/health";
 * import { assertEquals } from "@std/assert";
 *
 * const failover = createFailover([
 *   createAiChats({
 *     fetch: () => Promise.resolve(new Response("no", { status: 404 })),
 *   }),
 *   createAiChats({
 *     fetch: () => Promise.resolve(new Response("data: Good day\n\n")),
 *   }),
 * ]);
 * const verdicts = (await probeRoutes(failover)).map(({ verdict }) => verdict);
 * assertEquals(verdicts, ["gone", "ok"]);
 * ```
 */
export async function probeRoutes(
  { routes }: Failover,
  options: Omit<ProbeOptions, "model"> = {},
): Promise<readonly Health[]> {
  const once = routes.filter(({ provider, model }, index) =>
    index ===
      routes.findIndex((route) =>
        route.provider === provider && route.model === model
      )
  );
  return await Promise.all(
    once.map(({ provider, model }) => probe(provider, { ...options, model })),
  );
}
