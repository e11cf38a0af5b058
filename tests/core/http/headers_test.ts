import { assert, assertEquals, assertThrows } from "@std/assert";
import { ProviderError } from "../../../core/chat/errors.ts";
import { isHeaderValue, readHeaders } from "../../../core/http/headers.ts";

function refuse(init: unknown): string {
  const error = assertThrows(
    () => readHeaders(init as HeadersInit),
    ProviderError,
  );
  assertEquals(error.code, "invalid-request");
  assert(error.message.includes('"headers"'));
  return error.message;
}

Deno.test("readHeaders() takes headers in every form of the platform", () => {
  const expected = [["x-a", "1"], ["x-b", "2"]] as const;
  const record = { "x-a": "1", "x-b": "2" };
  assertEquals(readHeaders(record), expected);
  assertEquals(readHeaders(new Headers(record)), expected);
  assertEquals(readHeaders([["x-a", "1"], ["x-b", "2"]]), expected);
  assertEquals(readHeaders(undefined), []);
});

Deno.test("readHeaders() takes headers from any iterable", () => {
  // The platform's fetch takes it, and so does the type.
  assertEquals(readHeaders(new Map([["x-a", "1"]])), [["x-a", "1"]]);
});

Deno.test("readHeaders() refuses what is no headers", () => {
  for (const init of [null, 5, "x-a: 1", [5], [["x-a"]], { "x-a": 1 }]) {
    refuse(init);
  }
});

Deno.test("readHeaders() names a header that is wrong, but not its value [V08] [K01]", () => {
  for (const value of ["secret\r\nx: y", "secret\0", " secret", "sécret😀"]) {
    const message = refuse({ "x-key": value });
    assert(message.includes("x-key") && !message.includes("cret"));
  }
});

Deno.test("readHeaders() refuses names that are none", () => {
  for (const name of ["", "x y", "x:", "é", "x\n"]) refuse({ [name]: "1" });
});

Deno.test("readHeaders() refuses headers that belong to the request", () => {
  for (
    const name of [
      "Content-Length",
      "content-type",
      "Host",
      "connection",
      "transfer-encoding",
      "upgrade",
      "te",
      "trailer",
      "expect",
      "keep-alive",
    ]
  ) assert(refuse({ [name]: "1" }).includes(name));
});

Deno.test("isHeaderValue() takes what the platform sends as it is", () => {
  for (let code = 0; code < 0x180; code++) {
    const value = `a${String.fromCharCode(code)}b`;
    let isSent = true;
    try {
      isSent = new Headers({ a: value }).get("a") === value;
    } catch {
      isSent = false;
    }
    // Control characters pass in some runtimes and are refused by servers.
    const isControl = (code < 0x20 && code !== 9) || code === 0x7f;
    assertEquals(isHeaderValue(value), isSent && !isControl, `${code}`);
  }
});

Deno.test("isHeaderValue() refuses white space around, which would be trimmed", () => {
  for (const value of [" a", "a ", "\ta", "a\t", " "]) {
    assertEquals(isHeaderValue(value), false);
  }
  assertEquals(isHeaderValue(""), true);
});
