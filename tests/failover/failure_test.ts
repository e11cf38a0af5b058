import { assertEquals } from "@std/assert";
import { isUnhealthy, shouldAskNext } from "../../failover/failure.ts";
import { type ErrorCode, ProviderError } from "../../mod.ts";

function toError(code: ErrorCode): ProviderError {
  return new ProviderError("It fails", { code, provider: "A" });
}

/** What each code means for the first route, for later ones, and for health. */
const CODES: Readonly<Record<ErrorCode, string>> = {
  "invalid-request": "end next well",
  "unknown-provider": "next next well",
  "unknown-model": "next next well",
  "unsupported": "next next well",
  "context-length": "next next well",
  "content-filter": "end end well",
  "authentication": "next next ill",
  "not-found": "next next ill",
  "conversation-expired": "next next well",
  "conflict": "next next well",
  "rate-limit": "next next ill",
  "upstream": "next next ill",
  "bad-response": "next next ill",
  "incomplete": "next next ill",
  "network": "next next ill",
  "timeout": "next next ill",
  "too-large": "next next well",
  "unsafe-url": "next next well",
  "bad-image": "next next well",
  "invalid-output": "next next well",
};

for (const [code, expected] of Object.entries(CODES)) {
  Deno.test(`shouldAskNext() and isUnhealthy() know what ${code} means`, () => {
    const error = toError(code as ErrorCode);
    const toNext = (isFirst: boolean) =>
      shouldAskNext(error, isFirst) ? "next" : "end";
    assertEquals(
      `${toNext(true)} ${toNext(false)} ${isUnhealthy(error) ? "ill" : "well"}`,
      expected,
    );
  });
}

Deno.test("shouldAskNext() mends no error of a program", () => {
  assertEquals(shouldAskNext(new TypeError("x"), false), false);
  assertEquals(isUnhealthy(new TypeError("x")), false);
});

Deno.test("isUnhealthy() does not blame a route for what the failover cannot take", () => {
  const error = new ProviderError("It differs", { code: "incomplete" });
  assertEquals([shouldAskNext(error, false), isUnhealthy(error)], [
    true,
    false,
  ]);
});
