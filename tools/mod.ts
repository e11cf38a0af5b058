/**
 * Models that call tools, and answer with objects.
 *
 * @module
 */

export {
  generateObject,
  type ObjectStream,
  streamObject,
} from "./generate_object.ts";
export {
  type BatchStream,
  type DeepPartial,
  partialObjects,
  type PartialObjectsOptions,
} from "./partial_objects.ts";
export type {
  RunToolsOptions,
  StepEvent,
  ToolResultEvent,
  ToolRunEvent,
  ToolRunFinishEvent,
  ToolRunLimits,
  ToolRunResult,
} from "./run_options.ts";
export { runTools } from "./run_tools.ts";
export type { ToolRun } from "./tool_run.ts";
export {
  type RunnableTool,
  tool,
  type ToolContext,
  ToolError,
} from "./tool.ts";
