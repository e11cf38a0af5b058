/**
 * What the middlewares of the gateway share.
 *
 * @module
 */

import type { IncomingBody } from "./incoming_body.ts";
import type { Lifetime } from "./lifetime.ts";

/** What hangs on the context of a request. */
export interface GatewayEnvironment {
  /** What the server hands over beside a request, if anything. */
  readonly Bindings: {
    /** The message, where the server is `node:http`. */
    readonly incoming?: IncomingBody;
  };
  /** The variables of the context. */
  readonly Variables: {
    /** From when it came until its answer is over. */
    lifetime: Lifetime;
    /** The id that its answer has in `x-request-id`. */
    requestId: string;
    /** Stands for the API key that it came with, and does not show it. */
    keyId: string;
    /** Its JSON. */
    body: Readonly<Record<string, unknown>>;
  };
}
