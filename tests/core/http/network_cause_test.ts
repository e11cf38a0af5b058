import { assertEquals, assertStringIncludes } from "@std/assert";
import { findNetworkCause } from "../../../core/http/network_cause.ts";

/** Makes an error as platforms throw it. */
function wrap(message: string, code?: string): Error {
  const cause = Object.assign(new Error(message), code && { code });
  return new TypeError("fetch failed", { cause });
}

const SENDING = "error sending request for url (http://x/): client error";

Deno.test("findNetworkCause() says in plain words what platforms throw", () => {
  const errors: readonly (readonly [Error, string, boolean])[] = [
    [
      wrap(`${SENDING} (Connect): tcp connect error: Connection refused`),
      "refused",
      true,
    ],
    [wrap("connect ECONNREFUSED 127.0.0.1:1", "ECONNREFUSED"), "refused", true],
    [
      new TypeError("fetch failed", {
        cause: new AggregateError([wrap("", "ECONNREFUSED")]),
      }),
      "refused",
      true,
    ],
    [
      wrap(`${SENDING} (Connect): dns error: failed to lookup address`),
      "host name",
      true,
    ],
    [wrap("getaddrinfo ENOTFOUND x", "ENOTFOUND"), "host name", true],
    [wrap("bad port"), "let the server take another", false],
    [
      new TypeError("Fetch failed: Requests to port 6000 are blocked"),
      "let the server take another",
      false,
    ],
    [
      wrap(`${SENDING} (Connect): invalid peer certificate: UnknownIssuer`),
      "certificate",
      false,
    ],
    [
      wrap("self-signed certificate", "DEPTH_ZERO_SELF_SIGNED_CERT"),
      "certificate",
      false,
    ],
    [
      wrap(`${SENDING} (Connect): received corrupt message of type Invalid`),
      "TLS",
      false,
    ],
    [
      wrap("wrong version number", "ERR_SSL_WRONG_VERSION_NUMBER"),
      "TLS",
      false,
    ],
    [wrap(`${SENDING} (Connect): proxy authentication required`), "407", false],
    [wrap("Proxy response (407) !== 200 when HTTP Tunneling"), "407", false],
    [
      wrap("Connect Timeout Error", "UND_ERR_CONNECT_TIMEOUT"),
      "timed out",
      true,
    ],
    [wrap("connect ENETUNREACH", "ENETUNREACH"), "unreachable", true],
    [wrap("Connection reset by peer (os error 104)"), "closed", true],
    [wrap("other side closed", "UND_ERR_SOCKET"), "closed", true],
    [
      wrap(`${SENDING} (SendRequest): connection closed before message`),
      "closed",
      true,
    ],
    [
      wrap(`${SENDING} (SendRequest): invalid HTTP version parsed`),
      "not speak HTTP",
      true,
    ],
    // In mid-body.
    [wrap("terminated", "ECONNRESET"), "closed by the server", true],
    [
      wrap("peer closed connection without sending TLS close_notify"),
      "closed by the server",
      true,
    ],
    [new TypeError("error reading a body from connection"), "too early", true],
    [new TypeError("Invalid gzip header"), "unpacked", true],
    [wrap("incorrect header check", "Z_DATA_ERROR"), "unpacked", true],
    [new TypeError("Failed to fetch"), "CORS", true],
    [new TypeError("Load failed"), "CORS", true],
    [
      Object.assign(new Error("Requires net access"), { name: "NotCapable" }),
      "--allow-net",
      false,
    ],
  ];
  for (const [error, words, retryable] of errors) {
    const cause = findNetworkCause(error);
    assertStringIncludes(cause?.words ?? "", words);
    assertEquals(cause?.retryable, retryable, cause?.words);
  }
  for (const error of [new TypeError("Odd"), "odd", undefined]) {
    assertEquals(findNetworkCause(error), undefined);
  }
});
