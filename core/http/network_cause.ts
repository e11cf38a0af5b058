/**
 * Why a request found no server, or an answer broke off, in plain words.
 *
 * @module
 */

import { isError, isList } from "../streams/values.ts";

/** Why there is no response, or only the beginning of one. */
export interface NetworkCause {
  /** The words for people. */
  readonly words: string;
  /** Whether it may pass by itself. */
  readonly retryable: boolean;
}

/**
 * The words for people, what Deno, Node.js, Bun and Firefox say or call it, and
 * whether it lasts until somebody mends it.
 */
type Row = readonly [words: string, pattern: RegExp, isLasting?: boolean];

const CLOSED_THERE = "the connection was closed by the server";

/** The causes; the first that fits counts. */
const CAUSES: readonly Row[] = [
  [
    "which needs the permission --allow-net",
    /NotCapable|Requires net access/,
    true,
  ],
  [
    "fetch asks nobody at this port: let the server take another, such as 8000",
    /requests to port|bad port/i,
    true,
  ],
  [
    "the proxy wants a user and a password, or others (407)",
    /proxy auth|\b407\b|unsuccessful tunnel|SOCKS.*auth/i,
    true,
  ],
  [
    "the certificate of the server is not trusted",
    /certificate|_CERT\b|CERT_|UnknownIssuer|UNABLE_TO_VERIFY|SELF_SIGNED|ALTNAME/i,
    true,
  ],
  [CLOSED_THERE, /close_notify/i],
  [
    "TLS failed: perhaps the server speaks plain HTTP",
    /corrupt message|wrong.version.number|ERR_SSL|ERR_TLS|EPROTO|handshake|\bTLS\b/i,
    true,
  ],
  [
    "the host name is unknown",
    /dns error|ENOTFOUND|EAI_AGAIN|getaddrinfo|failed to lookup|NAME_NOT_RESOLVED/i,
  ],
  [
    "the connection is refused: nothing listens there",
    /ECONNREFUSED|connection ?refused|actively refused/i,
  ],
  ["the connection timed out", /ETIMEDOUT|CONNECT_TIMEOUT|timed out/i],
  [
    "the network is unreachable",
    /ENETUNREACH|EHOSTUNREACH|unreachable|no route to host/i,
  ],
  [
    CLOSED_THERE,
    /ECONNRESET|EPIPE|UND_ERR_SOCKET|other side closed|connection reset|connection closed|broken pipe|unexpected e(?:nd|of)|socket hang up/i,
  ],
  [
    "what the server packed cannot be unpacked",
    /\bZ_\w+_ERROR|gzip|deflate|zlib|brotli|content.decoding/i,
  ],
  [
    "what answers does not speak HTTP",
    /invalid HTTP|HPE_|does not match the HTTP|malformed response/i,
  ],
  // Deno, in mid-body, does not say more.
  ["the connection was closed too early", /error reading a body/i],
  // A browser does not say more to a page.
  [
    "the server is down, or does not allow this page to ask it (CORS)",
    /^TypeError {2}(?:Failed to fetch|Load failed|NetworkError\b)/,
  ],
];

/** How deep causes may be wrapped. */
const MAX_DEPTH = 5;

/** Lists what an error and its causes say. */
function* listWords(error: unknown, depth = 0): Generator<string> {
  if (!isError(error) || depth > MAX_DEPTH) return;
  const { code, errors } = error as { code?: unknown; errors?: unknown };
  // What a URL says is not why.
  const message = error.message.replace(/https?:\/\/[^\s)]*/g, "");
  yield `${error.name} ${code ?? ""} ${message}`;
  yield* listWords(error.cause, depth + 1);
  // Node.js tries several addresses of a host.
  if (!isList(errors)) return;
  for (const inner of errors) yield* listWords(inner, depth + 1);
}

/**
 * Finds why a request found no server, or an answer broke off.
 *
 * @param error What `fetch` or the body threw.
 * @returns The cause, or `undefined` where nothing is known of it.
 */
export function findNetworkCause(error: unknown): NetworkCause | undefined {
  const words = [...listWords(error)];
  const cause = CAUSES.find(([, pattern]) =>
    words.some((text) => pattern.test(text))
  );
  return cause && { words: cause[0], retryable: !cause[2] };
}
