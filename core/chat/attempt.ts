/**
 * What became of an attempt, and what had come of its answer. Types only.
 *
 * @module
 */

import type { Conversation } from "./conversation.ts";
import type { ErrorCode } from "./error_code.ts";
import type { GeneratedImage } from "./generated_image.ts";
import type { RawToolCall } from "./tools.ts";

/** One attempt of a run. Times are in milliseconds from the attempt's start. */
export interface Attempt {
  /** The provider's id. */
  readonly provider: string;
  /** The model id. */
  readonly model: string;
  /** When it started, in milliseconds since 1970. */
  readonly startedAt?: number | undefined;
  /** When the response headers of the answer came. */
  readonly headersMs?: number | undefined;
  /** When the first content came. */
  readonly firstTokenMs?: number | undefined;
  /** When the attempt ended. */
  readonly endMs?: number | undefined;
  /** The HTTP status of the last response. */
  readonly status?: number | undefined;
  /** Why the attempt failed; absent where it did not. */
  readonly code?: ErrorCode | "aborted" | undefined;
  /**
   * The same in words, those of the upstream among them; for logs, and not for
   * clients.
   */
  readonly message?: string | undefined;
}

/** What has come of an answer so far; nothing of what a restart made void. */
export interface PartialAnswer {
  /** The text; of a very long answer (1 Mi characters) only the beginning. */
  readonly text: string;
  /** The reasoning, with the same limit. */
  readonly reasoning: string;
  /** The pictures. */
  readonly images: readonly GeneratedImage[];
  /** The calls, as far as they have come; none may be run. */
  readonly toolCalls: readonly RawToolCall[];
  /**
   * Where a run failed after the upstream had stored its message, the
   * conversation to go on with. The next run first waits until the upstream has
   * finished.
   */
  readonly conversation?: Conversation | undefined;
}
