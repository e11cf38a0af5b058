/**
 * What is known of an answer before it comes. Types only.
 *
 * @module
 */

import type { Warning } from "@parley/chat";
import type { CompletionOutput } from "./text_gate.ts";

/** What is known of an answer before it comes. */
export interface CompletionFacts {
  /** The id of the answer. */
  readonly id: string;
  /** When it was asked for, in seconds since 1970. */
  readonly created: number;
  /** The id of the provider that is asked. */
  readonly provider: string;
  /** The id of its model. */
  readonly model: string;
  /** How many characters the prompt has. */
  readonly promptLength: number;
  /** Whether the answer ends with the tokens that it took. */
  readonly includeUsage: boolean;
  /** Whether its reader lets it begin anew. */
  readonly includeRestarts: boolean;
  /** Whether several providers stand behind the model. */
  readonly isFailover: boolean;
  /**
   * Whether calls are shown as they come. Otherwise they are shown when the
   * answer is whole, because it may begin anew and its reader can only append.
   */
  readonly showsCalls: boolean;
  /** The object that is asked for. */
  readonly output: CompletionOutput | undefined;
  /** What of the request has no effect. */
  readonly warnings: readonly Warning[];
}
