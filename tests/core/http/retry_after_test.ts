import { assert, assertEquals, assertGreater } from "@std/assert";
import { ProviderError } from "../../../core/chat/errors.ts";
import {
  canRetry,
  parseRetryAfter,
  toRetryDelay,
} from "../../../core/http/retry_after.ts";
import { toProviderConfig } from "../../../core/http/provider_config.ts";
import { createRandom } from "../../../packages/testing/random.ts";
import { readVectors } from "../../_vectors.ts";

interface Vectors {
  readonly maxMs: number;
  readonly cases: readonly {
    readonly value: string;
    readonly now: string;
    readonly ms: number | null;
  }[];
}

const { maxMs, cases } = await readVectors<Vectors>("retry_after");
const NOW = Date.UTC(2026, 10, 21);

/** Which faults of the catalogue a case is about. */
const FAULTS: Readonly<Record<string, string>> = {
  "60": " [S10]",
  "Sat, 21 Nov 2026 00:00:03 GMT": " [S11]",
  "Saturday, 21-Nov-26 00:00:02 GMT": " [S11]",
  "Sat Nov 21 00:00:02 2026": " [S11]",
  "0": " [S12]",
  "1e3": " [S12]",
  "0x10": " [S12]",
  "NaN": " [S12]",
  "soon": " [S12]",
  "Fri, 20 Nov 2026 23:59:55 GMT": " [S12]",
  "Sat, 21 Nov 2026 01:00:00 GMT": " [S12]",
  "Sat, 31 Nov 2026 00:00:02 GMT": " [S12]",
};

for (const { value, now, ms } of cases) {
  Deno.test(`parseRetryAfter() follows RFC 9110: "${value}"${FAULTS[value] ?? ""}`, () => {
    const actual = parseRetryAfter(value, Date.parse(now));
    if (ms !== null) assertEquals(actual, ms);
    else if (actual !== undefined) assertGreater(actual, maxMs);
  });
}

Deno.test("parseRetryAfter() gives what is too long to wait for as it is [S12]", () => {
  const { maxRetryDelay } = toProviderConfig({}, "https://chat.example");
  assertEquals(maxRetryDelay, maxMs);
  assertEquals(parseRetryAfter("3600", NOW), 3_600_000);
  const date = "Sat, 21 Nov 2026 01:00:00 GMT";
  assertEquals(parseRetryAfter(date, NOW), 3_600_000);
});

Deno.test("parseRetryAfter() refuses what is not a number of seconds", () => {
  for (
    const value of ["", " 1", "-1", "+1", "1.", "1e3", "0x10", "١", "1,2"]
  ) {
    assertEquals(parseRetryAfter(value, NOW), undefined, value);
  }
  assertEquals(parseRetryAfter(null, NOW), undefined);
});

Deno.test("parseRetryAfter() refuses dates that do not exist", () => {
  for (
    const value of [
      "Sat, 31 Nov 2026 00:00:02 GMT",
      "Sat, 00 Nov 2026 00:00:02 GMT",
      "Sat, 21 Nov 2026 25:00:00 GMT",
      "Sat, 21 Xxx 2026 00:00:02 GMT",
      "Sat, 21 anF 2026 00:00:02 GMT",
      "Sat, 21 Nov 2026 00:00:02 UTC",
      "Sat, 21 Nov 2026 00:00:02",
    ]
  ) assertEquals(parseRetryAfter(value, NOW), undefined, value);
});

Deno.test("parseRetryAfter() takes a two-digit year for one of ours", () => {
  const now = Date.UTC(2026, 0, 1);
  const wait = (value: string) => parseRetryAfter(value, now);
  assertEquals(wait("Thursday, 01-Jan-26 00:00:05 GMT"), 5000);
  assertEquals(wait("Friday, 01-Jan-99 00:00:05 GMT"), 0);
});

Deno.test("parseRetryAfter() does not depend on the day's name or time zone", () => {
  const value = "Sun Nov  1 00:00:02 2026";
  assertEquals(parseRetryAfter(value, Date.UTC(2026, 10, 1)), 2000);
});

Deno.test("toRetryDelay() doubles from half a second up to eight", () => {
  const delays = [1, 2, 3, 4, 5, 6, 100].map((failures) =>
    toRetryDelay(failures, undefined, () => 0)
  );
  assertEquals(delays, [500, 1000, 2000, 4000, 8000, 8000, 8000]);
});

Deno.test("toRetryDelay() leaves at most a quarter to chance [R04]", () => {
  assertEquals(toRetryDelay(1, undefined, () => 1), 375);
  const random = createRandom(1);
  const delays = Array.from(
    { length: 100 },
    () => toRetryDelay(3, undefined, random),
  );
  assert(delays.every((delay) => delay > 1500 && delay <= 2000));
  assertGreater(new Set(delays).size, 90);
});

Deno.test("toRetryDelay() never waits less than the upstream asks [S10] [S12]", () => {
  const random = createRandom(2);
  for (let count = 0; count < 100; count++) {
    const delay = toRetryDelay(1, 60_000, random);
    assert(delay >= 60_000 && delay <= 60_125);
  }
  assertEquals(toRetryDelay(1, 0, () => 0), 500);
  assertEquals(toRetryDelay(5, 1000, () => 0), 8000);
});

Deno.test("canRetry() takes a wait up to the longest that is allowed", () => {
  const failure = new ProviderError("Slow down", {
    code: "rate-limit",
    retryable: true,
    retryAfter: 5_000,
  });
  assert(canRetry(failure, 5_000));
  assert(!canRetry(failure, 4_999));
});
