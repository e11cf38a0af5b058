/**
 * Faults of a server or a network, as plain data. Types only.
 *
 * @module
 */

import type { Chunking } from "../upstreams/chunking.ts";

/** How much of the body of a response comes before a fault. */
export type FaultPoint =
  /** So many bytes. */
  | { readonly bytes: number }
  /** So many events of an event stream, or lines of any other body. */
  | { readonly events: number }
  /** What comes within so many milliseconds. */
  | { readonly ms: number };

/** A fault in the body of a response; without `after` it sets in at its end. */
export type BodyFault =
  /** The body ends there, as if it were whole. */
  | { readonly type: "cut"; readonly after: FaultPoint }
  /** The connection breaks. */
  | { readonly type: "reset"; readonly after?: FaultPoint | undefined }
  /** Nothing comes any more, and the connection stays open. */
  | { readonly type: "stall"; readonly after?: FaultPoint | undefined }
  /** A text comes again and again, each time after so many milliseconds. */
  | {
    readonly type: "drip";
    readonly after?: FaultPoint | undefined;
    readonly text: string;
    readonly every: number;
  }
  /** A text comes again and again, as fast as it is read. */
  | {
    readonly type: "flood";
    readonly after?: FaultPoint | undefined;
    readonly text: string;
  }
  /** A text comes in between, such as an error, and the body goes on. */
  | {
    readonly type: "insert";
    readonly after?: FaultPoint | undefined;
    readonly text: string;
  }
  /** Random bytes come in between, and the body goes on. */
  | {
    readonly type: "garbage";
    readonly after?: FaultPoint | undefined;
    readonly bytes: number;
    readonly seed?: number | undefined;
  };

/** A fault that comes before the body of a response, or in its place. */
export type HeadFault =
  /** The request is never answered. */
  | { readonly type: "silence" }
  /** The connection breaks before anything of a response. */
  | { readonly type: "refuse" }
  /** The connection breaks within the headers. */
  | { readonly type: "half-header" }
  /** Another response than that of the server: a status, a page, anything. */
  | {
    readonly type: "respond";
    readonly status: number;
    readonly headers?: Readonly<Record<string, string>> | undefined;
    readonly body?: string | undefined;
  }
  /** A `Content-Length` of so many bytes more than there are. */
  | { readonly type: "short"; readonly missing: number };

/** A fault. */
export type Fault = HeadFault | BodyFault;

/** What befalls the responses to some requests. */
export interface FaultPlan {
  /**
   * The requests: a regular expression that is searched for in the path.
   *
   * @default {every request}
   */
  readonly path?: string | undefined;
  /**
   * How many such requests are spared first.
   *
   * @default {0}
   */
  readonly skip?: number | undefined;
  /**
   * How many such requests it befalls then.
   *
   * @default {all}
   */
  readonly times?: number | undefined;
  /**
   * The faults, each in what the one before it left.
   *
   * @default {[]}
   */
  readonly faults?: readonly Fault[] | undefined;
  /**
   * How the bytes are cut into pieces.
   *
   * @default {as the server sends them}
   */
  readonly chunking?: Chunking | undefined;
}
