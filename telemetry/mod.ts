/**
 * What OpenTelemetry is told of runs and tools. No part of it is loaded by who
 * does not import this.
 *
 * @module
 */

export type {
  Attributes,
  ContextLike,
  HistogramLike,
  MeterLike,
  SpanInit,
  SpanLike,
  TracerLike,
} from "./open_telemetry.ts";
export { traced, type TracedOptions } from "./traced.ts";
export { tracedTool, type TracedToolOptions } from "./traced_tool.ts";
export { withAttempts } from "./with_attempts.ts";
