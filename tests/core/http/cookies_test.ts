import { assertEquals, assertThrows } from "@std/assert";
import {
  isCookie,
  toCookieHeader,
  updateCookies,
} from "../../../core/http/cookies.ts";
import { ProviderError } from "../../../core/chat/errors.ts";

/** The most bytes of a cookie, its name included. */
const MAX_COOKIE = 4096;

const ORIGIN = "https://chat.example";

const NOW = Date.UTC(2026, 0, 1);

/** Reads `Set-Cookie` headers into the cookies so far. */
function update(
  headers: readonly string[],
  { cookies = {}, url = ORIGIN }: {
    readonly cookies?: Readonly<Record<string, string>>;
    readonly url?: string;
  } = {},
): Record<string, string> {
  return updateCookies(
    cookies,
    new Headers(headers.map((value) => ["set-cookie", value])),
    new URL(url),
    NOW,
  );
}

Deno.test("updateCookies() keeps every cookie of a response [C02]", () => {
  assertEquals(update(["a=1; Path=/; HttpOnly", "b=x=y==; SameSite=None"]), {
    a: "1",
    b: "x=y==",
  });
});

Deno.test("updateCookies() renews cookies and keeps the others [C03]", () => {
  const cookies = { a: "1", b: "2" };
  assertEquals(update(["a=3"], { cookies }), { a: "3", b: "2" });
  assertEquals(update([], { cookies }), cookies);
});

Deno.test("updateCookies() takes back what has expired [C02]", () => {
  const cookies = { a: "1" };
  for (
    const attribute of [
      "Max-Age=0",
      "max-age=-1",
      "Expires=Thu, 01 Jan 1970 00:00:00 GMT",
      "Max-Age=0; Expires=Fri, 01 Jan 2100 00:00:00 GMT",
    ]
  ) assertEquals(update([`a=2; ${attribute}`], { cookies }), {}, attribute);
  for (
    const attribute of [
      "Max-Age=60",
      "Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
      "Expires=Fri, 01 Jan 2100 00:00:00 GMT",
      "Expires=soon",
    ]
  ) {
    assertEquals(update([`a=2; ${attribute}`], { cookies }), { a: "2" });
  }
});

Deno.test("updateCookies() leaves out cookies of other hosts [C01]", () => {
  for (const domain of ["other.example", "at.example", "x.chat.example"]) {
    assertEquals(update([`a=1; Domain=${domain}`]), {}, domain);
  }
  for (const domain of ["chat.example", ".chat.example", "CHAT.example", ""]) {
    assertEquals(update([`a=1; Domain=${domain}`]), { a: "1" }, domain);
  }
});

Deno.test("updateCookies() leaves out cookies of other paths [C01]", () => {
  const url = `${ORIGIN}/hub`;
  for (const path of ["/", "/hub", "/hub/", "", "hub"]) {
    assertEquals(update([`a=1; Path=${path}`], { url }), { a: "1" }, path);
  }
  for (const path of ["/hu", "/hub/x", "/other"]) {
    assertEquals(update([`a=1; Path=${path}`], { url }), {}, path);
  }
});

Deno.test("updateCookies() keeps a secure cookie on https and loopback only [C01]", () => {
  const secure = ["a=1; Secure"];
  for (
    const url of [
      ORIGIN,
      "http://localhost:8000",
      "http://app.localhost",
      "http://127.0.0.1",
      "http://127.1.2.3",
      "http://[::1]:1",
    ]
  ) assertEquals(update(secure, { url }), { a: "1" }, url);
  for (const url of ["http://chat.example", "http://localhost.example"]) {
    assertEquals(update(secure, { url }), {}, url);
  }
});

Deno.test("updateCookies() leaves out what cannot be sent back", () => {
  assertEquals(update(["=1", "a b=1", "c=1 2", ""]), {});
});

Deno.test("updateCookies() ignores a cookie without an equals sign", () => {
  assertEquals(update(["novalue", "novalue; Path=/"]), {});
});

Deno.test("updateCookies() refuses a cookie that is too long [C16]", () => {
  const value = "x".repeat(MAX_COOKIE - 2);
  assertEquals(update([`a=${value}`]), { a: value });
  const { code, message } = assertThrows(
    () => update([`ab=${value}`]),
    ProviderError,
  );
  assertEquals(code, "too-large");
  assertEquals(message.includes("xxx"), false);
});

Deno.test("updateCookies() refuses more cookies than a header has room for", () => {
  const value = "x".repeat(4_000);
  const cookies = update([`a=${value}`, `b=${value}`]);
  const { code } = assertThrows(
    () => update([`c=${value}`], { cookies }),
    ProviderError,
  );
  assertEquals(code, "too-large");
  assertEquals(Object.keys(update([`b=${value}`], { cookies })), ["a", "b"]);
});

Deno.test("updateCookies() takes no name for a property [C05]", () => {
  const updated = update(["__proto__=1"]);
  assertEquals(Object.entries(updated), [["__proto__", "1"]]);
  assertEquals(toCookieHeader(updated), "__proto__=1");
});

Deno.test("isCookie() refuses what would end or split the header [C16]", () => {
  assertEquals(isCookie("a", "1"), true);
  assertEquals(isCookie("a", ""), true);
  for (const value of ["1;", "1 2", "1\r\n", "é", "\0"]) {
    assertEquals(isCookie("a", value), false, value);
  }
  for (const name of ["", "a=", "a b", "a;", "é"]) {
    assertEquals(isCookie(name, "1"), false, name);
  }
});

Deno.test("toCookieHeader() joins the cookies", () => {
  assertEquals(toCookieHeader({ a: "1", b: "2" }), "a=1; b=2");
  assertEquals(toCookieHeader({}), "");
});
