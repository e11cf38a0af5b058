/**
 * What is logged. Types only.
 *
 * @module
 */

import type { Attempt, Usage } from "@parley/chat";

/**
 * How a request ended: its answer was handed over whole, its client left, or
 * its answer is an error or broke off.
 */
export type Outcome = "complete" | "aborted" | "failed";

/** An attempt that failed, with what the upstream said. */
export type LoggedFailure = Pick<
  Attempt,
  "provider" | "model" | "status" | "code" | "message"
>;

/**
 * What is logged of a request when its answer is over: plain JSON, without a
 * prompt, a key, a cookie or a query. What is not known is not there.
 */
export interface LogEntry {
  /** When it came, as an ISO 8601 date in UTC. */
  readonly time: string;
  /** The id that its answer has in `x-request-id`. */
  readonly requestId: string;
  /** Its method. */
  readonly method: string;
  /** Its path, of which at most 200 characters. */
  readonly path: string;
  /** The status of its answer. */
  readonly status: number;
  /** How it ended. */
  readonly outcome: Outcome;
  /** How many milliseconds it took, until the end of its answer. */
  readonly ms: number;
  /** Stands for the API key that it came with, and does not show it. */
  readonly keyId?: string;
  /** The model that was asked for, as the gateway names it. */
  readonly model?: string;
  /** The id of the provider that answered. */
  readonly provider?: string;
  /** How many attempts there were. */
  readonly attempts?: number;
  /** The tokens. */
  readonly usage?: Usage;
  /** The code of the error that it ended with. */
  readonly code?: string;
  /** The attempts that failed, also where another one answered. */
  readonly failures?: readonly LoggedFailure[];
}
