/**
 * Whether providers, and the routes of failovers, answer now.
 *
 * @module
 */

export {
  type Health,
  probe,
  type ProbeOptions,
  type Verdict,
} from "./probe.ts";
export { probeRoutes } from "./probe_routes.ts";
