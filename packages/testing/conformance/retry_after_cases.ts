import { FakeClock } from "../fake_clock.ts";
import type { Fault } from "../faults/fault.ts";
import { runAttempts } from "./attempts.ts";
import { check, checkEquals } from "./check.ts";
import type { CaseDefinition } from "./target.ts";
import { recordPaths } from "./fixture.ts";

/** More than any wait that nobody asked for. */
const MAX_DELAY = 8_000;

/** So many milliseconds from now, as a header says it. */
function toDate(ms: number): string {
  return new Date(new FakeClock().now() + ms).toUTCString();
}

/** What is obeyed, in milliseconds. */
const OBEYED_WAITS: readonly (readonly [string, number])[] = [
  ["0", 0],
  ["1", 1_000],
  ["7", 7_000],
  ["1.5", 1_500],
  ["60", 60_000],
  [toDate(9_000), 9_000],
  [toDate(60_000), 60_000],
  [toDate(0), 0],
  [toDate(-3_600_000), 0],
];

/** What asks for too long a wait. */
const TOO_LONG: readonly (readonly [string, number])[] = [
  ["61", 61_000],
  ["3600", 3_600_000],
  ["999999999", 999_999_999_000],
  [toDate(61_000), 61_000],
];

/** What says nothing. */
const MALFORMED_WAITS: readonly string[] = [
  "soon",
  "",
  "1.",
  "-5",
  "+5",
  "7 s",
  "1e1",
  "0x10",
  "Infinity",
  "NaN",
  "2026-01-01T00:00:09Z",
  "Thu, 32 Jan 2026 00:00:00 GMT",
];

function respond(status: number, retryAfter: string): Fault {
  return {
    type: "respond",
    status,
    headers: { "retry-after": retryAfter },
    body: "no",
  };
}

/** What a server may ask for, and gets. */
export const RETRY_AFTER_CASES: readonly CaseDefinition[] = [
  {
    name: "waits at least as long as Retry-After says [S10] [S11]",
    async run(target) {
      const { repeatablePath: path } = await recordPaths(target);
      if (path === undefined) return;
      for (const [value, ms] of OBEYED_WAITS) {
        for (const [status, chance] of [[429, 0], [503, 1]] as const) {
          const plan = { path, faults: [respond(status, value)] };
          const { sent, waits: [wait = -1] } = await runAttempts(target, {
            ...plan,
            provider: { maxRetries: 1, random: () => chance },
          });
          checkEquals(sent.length, 2, `The number of requests at "${value}"`);
          check(
            wait >= ms && wait > 0 && wait <= ms + MAX_DELAY,
            `It waits ${wait} ms at "${value}"`,
          );
          // At once, for a date comes nearer while a run waits.
          const options = { maxRetries: 0 };
          const { error } = await runAttempts(target, { ...plan, options });
          checkEquals(error?.retryAfter, ms, `What it makes of "${value}"`);
        }
      }
    },
  },
  {
    name: "waits no longer than 60 s, and says so [S12]",
    async run(target) {
      const { repeatablePath: path } = await recordPaths(target);
      if (path === undefined) return;
      for (const [value, ms] of TOO_LONG) {
        const { error, sent, waits } = await runAttempts(target, {
          path,
          faults: [respond(429, value)],
        });
        checkEquals(sent.length, 1, `The number of requests after "${value}"`);
        checkEquals(waits, [], `The waits after "${value}"`);
        checkEquals(error?.retryAfter, ms, `The retryAfter after "${value}"`);
        checkEquals(error?.retryable, true, "What the error advises");
      }
    },
  },
  {
    name: "ignores a Retry-After that is not valid",
    async run(target) {
      const { repeatablePath: path } = await recordPaths(target);
      if (path === undefined) return;
      for (const value of MALFORMED_WAITS) {
        const { error, sent, waits: [wait = 0] } = await runAttempts(target, {
          path,
          faults: [respond(503, value)],
          provider: { maxRetries: 1, random: () => 0 },
        });
        checkEquals(sent.length, 2, `The number of requests after "${value}"`);
        checkEquals(
          error?.retryAfter,
          undefined,
          `What it makes of "${value}"`,
        );
        check(
          wait > 0 && wait <= 1_000,
          `It waits ${wait} ms after "${value}"`,
        );
      }
    },
  },
  {
    name: "tells what a server asks for where it gives up",
    async run(target) {
      const { answerPath: path } = await recordPaths(target);
      const { error } = await runAttempts(target, {
        path,
        faults: [respond(429, "7")],
        options: { maxRetries: 0 },
      });
      checkEquals(error?.code, "rate-limit", "The code");
      checkEquals(error?.retryAfter, 7_000, "The retryAfter");
    },
  },
];
