/**
 * How long a request lives: until its answer is over, or its client leaves. Types
 * only.
 *
 * @module
 */

import type { Attempt, Usage } from "@parley/chat";
import type { Outcome } from "../options/log_entry.ts";
import type { BodySource } from "./body_source.ts";

/** What a handler found out about a request, for the log. */
export interface RequestDetails {
  /** The model that was asked for, as the gateway names it. */
  model?: string | undefined;
  /** The id of the provider that answered. */
  provider?: string | undefined;
  /** Every attempt. */
  attempts?: readonly Attempt[] | undefined;
  /** The tokens. */
  usage?: Usage | undefined;
  /** The code of the error that it ended with. */
  code?: string | undefined;
}

/** The time from when a request came until its answer is over. */
export interface Lifetime {
  /**
   * Aborts when the client leaves before its answer is over, and at no other
   * time. To read it has a price, so read it where there is work to end.
   */
  readonly signal: AbortSignal;
  /** What is logged of the request; to be filled on the way. */
  readonly details: RequestDetails;
  /** Says that what is sent from here on ends in an error. */
  fail(): void;
  /**
   * Makes the body of an answer that comes in pieces: the request is over when
   * the last one was taken, or its client leaves.
   *
   * @param source What it is read from.
   */
  send(source: BodySource): ReadableStream<Uint8Array>;
  /**
   * Is called once, with how the request ended and the status of its answer.
   *
   * @param callback Is called; it may not throw.
   */
  onEnd(callback: (outcome: Outcome, status: number) => void): void;
}
