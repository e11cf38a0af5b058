import { assert, assertEquals, assertThrows } from "@std/assert";
import { toRequestHeaders } from "../../../core/http/request_headers.ts";
import { createScope } from "../../_scope.ts";
import { cleanText } from "../../../core/http/redactor.ts";

const SECRET = "7Qx2mVt9Lr4K";

/** Headers of a provider, and whether their values may be repeated. */
const PROVIDED: readonly (readonly [string, string, boolean])[] = [
  ["x-api-key", SECRET, false],
  ["X-Session", SECRET, false],
  ["authorization", `Bearer ${SECRET}`, false],
  ["cookie", `a=1; session=${SECRET}`, false],
  ["accept", SECRET, true],
  ["accept-language", SECRET, true],
  ["origin", SECRET, true],
  ["referer", SECRET, true],
  ["sec-ch-ua", SECRET, true],
  ["User-Agent", SECRET, true],
];

Deno.test("toRequestHeaders() keeps what a provider sets out of errors, but for public headers", () => {
  for (const [name, value, isPublic] of PROVIDED) {
    const { scope } = createScope(() => new Response());
    const headers = toRequestHeaders({ headers: { [name]: value } }, scope);
    assertEquals(new Headers(headers).get(name), value);
    const words = cleanText(scope.redactor, `Wrong: ${SECRET}`);
    assertEquals(words.includes(SECRET), isPublic, name);
  }
});

Deno.test("toRequestHeaders() keeps all that a caller sets out of errors", () => {
  const { scope } = createScope(() => new Response(), {
    headers: { "user-agent": SECRET },
  }, { headers: [["accept-language", "run-4711"]] });
  toRequestHeaders({}, scope);
  assertEquals(
    cleanText(scope.redactor, `${SECRET} run-4711`),
    "[redacted] [redacted]",
  );
});

Deno.test("a query of the base URL is kept out of errors, but for versions", () => {
  const { scope } = createScope(() => new Response(), {
    baseUrl: `https://a.example/v1?api-version=2024-10-21&key=${SECRET}`,
  });
  assertEquals(scope.config.baseUrl, "https://a.example/v1");
  const words = cleanText(scope.redactor, `Version 2024-10-21, key ${SECRET}`);
  assertEquals(words, "Version 2024-10-21, key [redacted]");
  assert(!JSON.stringify(scope.config.baseUrl).includes(SECRET));
});

Deno.test("toRequestHeaders() gives Headers to a fetch of the caller's", () => {
  const { scope } = createScope(() => new Response());
  const platform = {
    ...scope,
    config: { ...scope.config, fetch: globalThis.fetch },
  };
  const request = { headers: { "X-A": "1", ["__proto__"]: "2" } };
  const headers = [scope, platform]
    .map((scope) => toRequestHeaders(request, scope));
  assertEquals(headers.map((init) => init instanceof Headers), [true, false]);
  for (const value of ["a\nb", "ж"]) {
    const broken = { headers: { "x-a": value } };
    assertThrows(() => toRequestHeaders(broken, platform), TypeError);
    assertThrows(() => toRequestHeaders(broken, scope), TypeError);
  }
  for (const init of headers) {
    assertEquals([...new Headers(init)], [
      ["__proto__", "2"],
      ["accept", "*/*"],
      ["x-a", "1"],
    ]);
  }
});
