import type { Fault } from "@parley/testing";

/** A request for an answer, as a server saw it. */
export interface Exchange {
  readonly server: number;
  readonly instance: number;
  /** The path that was asked. */
  readonly path: string;
  readonly question: number;
  /** The whole of what was asked, or the message to one of chat-ui. */
  readonly prompt: string;
  readonly at: number;
  readonly faults: readonly Fault[];
  status?: number;
  /** When it said its first word, and its last one so far. */
  spokeAt?: number;
  wordAt?: number;
  /** How many tokens it says that its answer has. */
  tokens?: number;
  /** When the connection was closed, by whomever. */
  closedAt?: number;
  /** Why who asked left before its end. */
  left?: { readonly reason: unknown };
  /** Whether the answer was read to its end, and nothing befell it. */
  isWhole: boolean;
}
