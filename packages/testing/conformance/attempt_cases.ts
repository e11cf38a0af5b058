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

/** What another attempt may mend, what it is called, and the fault it is. */
const RETRYABLE: readonly (readonly [number, ErrorCode, string?])[] = [
  [408, "upstream", "S06"],
  [429, "rate-limit", "S10"],
  [500, "upstream", "S13"],
  [502, "upstream", "S13"],
  [503, "upstream", "S13"],
  [504, "upstream", "S13"],
  [529, "upstream", "S13"],
];

/** What no attempt mends, what it is called, and the fault it is. */
const FINAL: readonly (readonly [number, ErrorCode, string?])[] = [
  [400, "invalid-request", "S01"],
  [401, "authentication", "S02"],
  [402, "rate-limit"],
  [403, "authentication", "S03"],
  [404, "not-found", "S04"],
  [405, "invalid-request", "S05"],
  [409, "conflict", "S07"],
  [410, "not-found", "S05"],
  [413, "too-large", "S08"],
  [422, "invalid-request", "S09"],
];

/** Appends the id of the fault that a case is about. */
function toName(name: string, fault: string | undefined): string {
  return fault === undefined ? name : `${name} [${fault}]`;
}

function respond(status: number): Fault {
  return { type: "respond", status, body: "no" };
}

const AFTER_RETRYABLE = RETRYABLE.map((
  [status, code, fault],
): CaseDefinition => ({
  name: toName(`sends a run again after a ${status}`, fault),
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

const AFTER_FINAL = FINAL.map(([status, code, fault]): CaseDefinition => ({
  name: toName(`gives up after a ${status} [R05]`, fault),
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
    name: "sends a run again after a connection that broke [T01] [T02]",
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
    name: "sends a run again as often as maxRetries says [R03]",
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
