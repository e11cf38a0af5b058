import { abortable } from "@parley/chat/provider";
import { readFrom } from "./_reading.ts";

/** A request that an {@linkcode Upstream} received. */
export interface RecordedRequest {
  /** The method in upper case. */
  readonly method: string;
  /** The whole URL, as it was asked. */
  readonly url: string;
  /** The path of the URL, with the prefix and without the query. */
  readonly path: string;
  /** The headers, `Cookie` and `Origin` included. */
  readonly headers: Headers;
  /** The body as text, `""` if there was none; of a form its raw text. */
  readonly body: string;
}

/** Options of {@linkcode Upstream.serve}. */
export interface ServeUpstreamOptions {
  /**
   * The port to listen on; `0` takes a free one.
   *
   * @default {0}
   */
  readonly port?: number | undefined;
}

/** An {@linkcode Upstream} that listens on the loopback interface. */
export interface UpstreamServer extends AsyncDisposable {
  /** The origin, e.g. `http://127.0.0.1:8000`, without a slash at its end. */
  readonly url: string;
  /** The port it listens on. */
  readonly port: number;
  /** Closes the server at once, open streams included. */
  close(): Promise<void>;
}

/** A stand-in for the server of a provider, in the process or on a socket. */
export interface Upstream {
  /**
   * Answers a request in the process, without a socket; takes the place of the
   * global `fetch`.
   */
  readonly fetch: typeof fetch;
  /** Every request so far, in the order in which they were read. */
  readonly requests: readonly RecordedRequest[];
  /** Listens on `127.0.0.1`. */
  serve(options?: ServeUpstreamOptions): UpstreamServer;
}

/** Options of {@linkcode createUpstream}. */
export interface UpstreamOptions {
  /**
   * The path in front of every path of the protocol, e.g. `"/hub"`.
   *
   * @default {""}
   */
  readonly prefix?: string | undefined;
}

/**
 * Answers a request to an {@linkcode Upstream}.
 *
 * @param request The request, its body unread.
 * @param path The path of its URL without the prefix, e.g. `/v1/chat/completions`.
 * @returns The response; one that is thrown is sent all the same.
 */
export type UpstreamHandler = (
  request: Request,
  path: string,
) => Response | Promise<Response>;

/** Adds a request, whose body stays unread, to those that were received. */
export async function recordRequest(
  request: Request,
  requests: RecordedRequest[],
): Promise<RecordedRequest> {
  const { method, url, headers } = request;
  const path = new URL(url).pathname;
  const body = await readFrom(request.clone().text());
  const recorded = { method, url, path, headers, body };
  requests.push(recorded);
  return recorded;
}

/**
 * Makes an upstream of a handler.
 *
 * @example Usage
 * ```ts
 * import { createUpstream } from "@parley/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const upstream = createUpstream((_request, path) => new Response(path), { prefix: "/hub" });
 * const response = await upstream.fetch("https://example.com/hub/models");
 *
 * assertEquals(await response.text(), "/models");
 * assertEquals(upstream.requests[0]?.path, "/hub/models");
 * ```
 *
 * @param handler Answers the requests whose path begins with the prefix.
 * @param options The prefix.
 * @returns The upstream, which answers 404 outside of the prefix.
 */
export function createUpstream(
  handler: UpstreamHandler,
  options: UpstreamOptions = {},
): Upstream {
  const prefix = options.prefix ?? "";
  const requests: RecordedRequest[] = [];

  async function respond(request: Request): Promise<Response> {
    const { path } = await recordRequest(request, requests);
    if (!path.startsWith(`${prefix}/`)) {
      return new Response("Not Found", { status: 404 });
    }
    try {
      return await handler(request, path.slice(prefix.length));
    } catch (error) {
      if (error instanceof Response) return error;
      throw error;
    }
  }

  async function fetchInProcess(request: Request): Promise<Response> {
    const { url, signal } = request;
    signal.throwIfAborted();
    const response = await abortable(respond(request), signal);
    const body = response.body?.pipeThrough(new TransformStream(), { signal });
    // As the real one does, so that a client can resolve a `Location`.
    return Object.defineProperty(new Response(body, response), "url", {
      value: url,
    });
  }

  function serve({ port = 0 }: ServeUpstreamOptions = {}): UpstreamServer {
    const closing = new AbortController();
    const { signal } = closing;
    const server = Deno.serve(
      { hostname: "127.0.0.1", port, signal, onListen() {} },
      // A copy, for the signal of a served request is aborted by success, too.
      ({ url, method, headers, body }) =>
        respond(new Request(url, { method, headers, body, signal })),
    );
    async function close(): Promise<void> {
      closing.abort();
      await server.finished;
    }
    return {
      url: `http://127.0.0.1:${server.addr.port}`,
      port: server.addr.port,
      close,
      [Symbol.asyncDispose]: close,
    };
  }

  return {
    requests,
    async fetch(input, init) {
      return await fetchInProcess(new Request(input, init));
    },
    serve,
  };
}
