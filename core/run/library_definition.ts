/**
 * What makes a provider of the library's. Types only.
 *
 * @module
 */

import type { RunDefinition } from "../chat/delegation.ts";
import type { ToolSuite } from "./tool_suite.ts";

/** {@linkcode RunDefinition} with what only some providers need. */
export interface LibraryDefinition extends RunDefinition {
  /**
   * Takes tools and gives objects.
   *
   * @default {it does neither}
   */
  readonly tools?: ToolSuite | undefined;
}
