import type { ErrorCode } from "@parley/chat";
import type { Fault } from "../faults/fault.ts";
import {
  checkAttempts,
  checkWhole,
  CONNECTION_FAULTS,
  findPaths,
  runAttempts,
} from "./attempts.ts";
import { check, checkEquals } from "./check.ts";
import type { CaseDefinition } from "./target.ts";
import { createFixture, recordPaths, TEXT } from "./fixture.ts";

/** What another attempt may mend, and what it is called. */
const RETRYABLE: readonly (readonly [number, ErrorCode])[] = [
  [408, "upstream"],
  [429, "rate-limit"],
  [500, "upstream"],
  [502, "upstream"],
  [503, "upstream"],
  [504, "upstream"],
  [529, "upstream"],
];

/** What no attempt mends, and what it is called. */
const FINAL: readonly (readonly [number, ErrorCode])[] = [
  [400, "invalid-request"],
  [401, "authentication"],
  [402, "rate-limit"],
  [403, "authentication"],
  [404, "not-found"],
  [405, "invalid-request"],
  [409, "conflict"],
  [410, "not-found"],
  [413, "too-large"],
  [422, "invalid-request"],
];

function respond(status: number): Fault {
  return { type: "respond", status, body: "no" };
}

const AFTER_RETRYABLE = RETRYABLE.map(([status, code]): CaseDefinition => ({
  name: `sends a run again after a ${status}`,
  async run(target) {
    const { repeatablePath: path } = await recordPaths(target);
    if (path === undefined) return;
    const plan = { path, faults: [respond(status)] };
    const failed = await runAttempts(target, plan);
    checkEquals(failed.error?.code, code, "The code");
    checkEquals(failed.error?.status, status, "The status");
    checkEquals(failed.error?.retryable, true, "What the error advises");
    checkAttempts(failed, { count: 3, code, status });
    const mended = await runAttempts(target, { ...plan, times: 2 });
    checkWhole(mended);
    checkEquals(mended.waits.length, 2, "The number of waits");
  },
}));

const AFTER_FINAL = FINAL.map(([status, code]): CaseDefinition => ({
  name: `gives up after a ${status}`,
  async run(target) {
    for (const path of await findPaths(target)) {
      const failed = await runAttempts(target, {
        path,
        faults: [respond(status)],
      });
      checkEquals(failed.error?.code, code, "The code");
      checkEquals(failed.error?.status, status, "The status");
      checkEquals(failed.error?.retryable, false, "What the error advises");
      checkAttempts(failed, { count: 1, code, status });
      checkEquals(failed.waits, [], "The waits");
    }
  },
}));

/** What is tried again, how often, and what is reported of it. */
export const ATTEMPT_CASES: readonly CaseDefinition[] = [
  ...AFTER_RETRYABLE,
  {
    name: "sends a run again after a connection that broke",
    async run(target) {
      const { repeatablePath: path } = await recordPaths(target);
      if (path === undefined) return;
      for (const fault of CONNECTION_FAULTS) {
        const plan = { path, faults: [fault] };
        const failed = await runAttempts(target, plan);
        checkEquals(failed.error?.code, "network", "The code");
        checkAttempts(failed, { count: 3, code: "network", status: undefined });
        checkWhole(await runAttempts(target, { ...plan, times: 2 }));
      }
    },
  },
  ...AFTER_FINAL,
  {
    name: "sends a run again as often as maxRetries says",
    async run(target) {
      const { repeatablePath: path } = await recordPaths(target);
      if (path === undefined) return;
      const plan = { path, faults: [respond(500)] };
      for (const maxRetries of [0, 1, 5]) {
        const count = maxRetries + 1;
        const own = { provider: { maxRetries } };
        checkAttempts(await runAttempts(target, { ...plan, ...own }), {
          count,
        });
        const ofRun = { provider: { maxRetries: 3 }, options: { maxRetries } };
        checkAttempts(await runAttempts(target, { ...plan, ...ofRun }), {
          count,
        });
      }
    },
  },
  {
    name: "reports the attempts of an answer, too",
    async run(target) {
      const { repeatablePath: path } = await recordPaths(target);
      if (path === undefined) return;
      const { clock, stream } = await createFixture(target, {
        plan: { path, times: 1, faults: [respond(503)] },
      });
      const { text, attempts } = await clock.skipWaits(stream().result());
      checkEquals(text, TEXT, "The text");
      checkEquals(
        attempts.map(({ code }) => code),
        ["upstream", undefined],
        "What the attempts failed with",
      );
      checkEquals(
        attempts.map(({ status }) => status),
        [503, 200],
        "The status of the attempts",
      );
      const { firstTokenMs = -1, endMs = -1 } = attempts[1] ?? {};
      check(
        firstTokenMs >= 0 && endMs >= firstTokenMs,
        "The last attempt has no times",
      );
    },
  },
];
