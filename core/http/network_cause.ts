/**
 * Why a request found no server, or an answer broke off, in plain words.
 *
 * @module
 */

import { isError } from "../streams/values.ts";

/** Why there is no response, or only the beginning of one. */
export interface NetworkCause {
  /** The words for people. */
  readonly words: string;
  /** Whether it may pass by itself. */
  readonly retryable: boolean;
}

interface Row extends NetworkCause {
  /** What Deno, Node.js, Bun and Firefox say or call it. */
  readonly pattern: RegExp;
}

/** The causes; the first that fits counts. */
const CAUSES: readonly Row[] = [
  {
    words: "which needs the permission --allow-net",
    retryable: false,
    pattern: /NotCapable|Requires net access/,
  },
  {
    words: "the proxy wants a user and a password, or others (407)",
    retryable: false,
    pattern: /proxy auth|\b407\b|unsuccessful tunnel|SOCKS.*auth/i,
  },
  {
    words: "the certificate of the server is not trusted",
    retryable: false,
    pattern:
      /certificate|_CERT\b|CERT_|UnknownIssuer|UNABLE_TO_VERIFY|SELF_SIGNED|ALTNAME/i,
  },
  {
    words: "the connection was closed by the server",
    retryable: true,
    pattern: /close_notify/i,
  },
  {
    words: "TLS failed: perhaps the server speaks plain HTTP",
    retryable: false,
    pattern:
      /corrupt message|wrong.version.number|ERR_SSL|ERR_TLS|EPROTO|handshake|\bTLS\b/i,
  },
  {
    words: "the host name is unknown",
    retryable: true,
    pattern:
      /dns error|ENOTFOUND|EAI_AGAIN|getaddrinfo|failed to lookup|NAME_NOT_RESOLVED/i,
  },
  {
    words: "the connection is refused: nothing listens there",
    retryable: true,
    pattern: /ECONNREFUSED|connection ?refused|actively refused/i,
  },
  {
    words: "the connection timed out",
    retryable: true,
    pattern: /ETIMEDOUT|CONNECT_TIMEOUT|timed out/i,
  },
  {
    words: "the network is unreachable",
    retryable: true,
    pattern: /ENETUNREACH|EHOSTUNREACH|unreachable|no route to host/i,
  },
  {
    words: "the connection was closed by the server",
    retryable: true,
    pattern:
      /ECONNRESET|EPIPE|UND_ERR_SOCKET|other side closed|connection reset|connection closed|broken pipe|unexpected e(?:nd|of)|socket hang up/i,
  },
  {
    words: "what the server packed cannot be unpacked",
    retryable: true,
    pattern: /\bZ_\w+_ERROR|gzip|deflate|zlib|brotli|content.decoding/i,
  },
  {
    words: "what answers does not speak HTTP",
    retryable: true,
    pattern: /invalid HTTP|HPE_|does not match the HTTP|malformed response/i,
  },
  {
    // Deno, in mid-body, does not say more.
    words: "the connection was closed too early",
    retryable: true,
    pattern: /error reading a body/i,
  },
  {
    // A browser does not say more to a page.
    words: "the server is down, or does not allow this page to ask it (CORS)",
    retryable: true,
    pattern: /^TypeError {2}(?:Failed to fetch|Load failed|NetworkError\b)/,
  },
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
  if (!Array.isArray(errors)) return;
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
  return CAUSES.find(({ pattern }) => words.some((text) => pattern.test(text)));
}
