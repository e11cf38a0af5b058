import type { Clock } from "@parley/chat";
import { SYSTEM_CLOCK } from "@parley/chat/provider";
import type { FaultPlan } from "./fault.ts";
import {
  type FaultyResponse,
  toFaultyResponse,
  toResponse,
} from "./_faulty_response.ts";
import { type FaultyServer, serveFaults } from "./_faulty_server.ts";
import {
  type RecordedRequest,
  recordRequest,
  type ServeUpstreamOptions,
  type Upstream,
} from "../upstreams/upstream.ts";

/** Options of {@linkcode createFaultyUpstream}. */
export interface FaultyUpstreamOptions {
  /**
   * Where the time of a fault comes from.
   *
   * @default {the clock of the system}
   */
  readonly clock?: Clock | undefined;
}

/** An {@linkcode Upstream} that something befalls. */
export interface FaultyUpstream extends Pick<Upstream, "fetch" | "requests"> {
  /** Listens on `127.0.0.1`, and breaks HTTP where a fault does. */
  serve(options?: ServeUpstreamOptions): Promise<FaultyServer>;
}

/**
 * Lets faults befall the responses of an upstream, in the process and over
 * sockets. Wrap it again for another fault of other requests.
 *
 * @example Usage
 * ```ts
 * import { createAiChats } from "@parley/chat";
 * import { createAiChatsUpstream, createFaultyUpstream } from "@parley/testing";
 * import { assertEquals, assertRejects } from "@std/assert";
 *
 * const upstream = createFaultyUpstream(createAiChatsUpstream(), {
 *   faults: [{ type: "reset", after: { events: 3 } }],
 *   chunking: "bytes",
 * });
 * const { fetch } = upstream;
 *
 * await assertRejects(
 *   () => createAiChats({ fetch, maxRetries: 0 }).generate("Hello"),
 *   Error,
 *   "connection broke off",
 * );
 * assertEquals(upstream.requests.length, 1);
 * ```
 *
 * @param upstream What answers.
 * @param plan The faults, and the requests that they befall.
 * @param options The clock.
 * @returns The upstream with its faults.
 * @throws {SyntaxError} If the path of the plan is no regular expression.
 */
export function createFaultyUpstream(
  upstream: Pick<Upstream, "fetch">,
  plan: FaultPlan,
  { clock = SYSTEM_CLOCK }: FaultyUpstreamOptions = {},
): FaultyUpstream {
  const { path = "", skip = 0, times = Infinity } = plan;
  const pattern = new RegExp(path);
  const requests: RecordedRequest[] = [];
  let count = 0;

  async function exchange(
    request: Request,
    signal: AbortSignal,
  ): Promise<FaultyResponse> {
    const recorded = await recordRequest(request, requests);
    if (pattern.test(recorded.path)) count++;
    const isSpared = !pattern.test(recorded.path) || count <= skip ||
      count > skip + times;
    return await toFaultyResponse({
      respond: () => upstream.fetch(request),
      plan: isSpared ? {} : plan,
      clock,
      signal,
    });
  }

  return {
    requests,
    async fetch(input, init) {
      const request = new Request(input, init);
      request.signal.throwIfAborted();
      const left = new AbortController();
      const signal = AbortSignal.any([left.signal, request.signal]);
      return toResponse(await exchange(request, signal), left);
    },
    serve: ({ port = 0 } = {}) => serveFaults(port, exchange),
  };
}
