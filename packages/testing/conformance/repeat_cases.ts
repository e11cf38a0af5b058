import type { Fault } from "../faults/fault.ts";
import type { RecordedRequest } from "../upstreams/upstream.ts";
import {
  checkAttempts,
  checkWhole,
  CONNECTION_FAULTS,
  findPaths,
  runAttempts,
} from "./attempts.ts";
import { check, checkEquals } from "./check.ts";
import type { CaseDefinition, ConformanceTarget } from "./target.ts";
import { PROMPT, recordPaths } from "./fixture.ts";
import { NO_TIMEOUTS } from "./waiting.ts";

const FIRST_DELAY = 500;
const MAX_DELAY = 8_000;
const JITTER = 0.25;

/** What never happens to a request that is sent once. */
const LOSSES: readonly Fault[] = [
  ...[408, 500, 502, 504].map((status): Fault => ({ type: "respond", status })),
  ...CONNECTION_FAULTS,
  { type: "reset", after: { bytes: 0 } },
  { type: "reset", after: { bytes: 1 } },
];

/** The waits of a run that fails seven times. */
async function collectWaits(
  target: ConformanceTarget,
  path: string,
  chance: number,
): Promise<readonly number[]> {
  const { waits } = await runAttempts(target, {
    path,
    faults: [{ type: "respond", status: 500 }],
    provider: { maxRetries: 6, random: () => chance },
  });
  return waits;
}

/** The body of a request, without the border that a form gets by chance. */
function toBody({ headers, body }: RecordedRequest): string {
  const type = headers.get("content-type") ?? "";
  const border = /boundary="?([^";]+)/.exec(type)?.[1];
  return border === undefined ? body : body.replaceAll(border, "border");
}

/** When a run is sent again, and when it must not be. */
export const REPEAT_CASES: readonly CaseDefinition[] = [
  {
    name:
      "doubles its waits from 0.5 s to 8 s, and leaves some to chance [R04] [R08]",
    async run(target) {
      const { repeatablePath: path } = await recordPaths(target);
      if (path === undefined) return;
      const all: (readonly number[])[] = [];
      for (const chance of [0, 0.5, 1]) {
        const waits = await collectWaits(target, path, chance);
        checkEquals(waits.length, 6, "The number of waits");
        waits.forEach((wait, index) => {
          const delay = Math.min(MAX_DELAY, FIRST_DELAY * 2 ** index);
          check(
            wait >= delay * (1 - JITTER) &&
              wait <= Math.min(MAX_DELAY, delay * (1 + JITTER)),
            `Wait ${index + 1} is ${wait} ms, not about ${delay} ms`,
          );
        });
        all.push(waits);
      }
      const [least = [], , most = []] = all;
      least.forEach((wait, index) =>
        check(wait !== most[index], "A wait leaves nothing to chance")
      );
    },
  },
  {
    name: "sends nothing again after the first text [R01]",
    async run(target) {
      const { endMarker, failure = "" } = target;
      const path = (await recordPaths(target)).answerPath;
      for (let events = 1;; events++) {
        const after = { events };
        const faults: readonly Fault[] = [
          { type: "reset", after },
          // Without an end marker a cut is the end.
          ...(endMarker ? [{ type: "cut", after } as const] : []),
          ...(failure
            ? [{ type: "insert", after, text: failure } as const]
            : []),
        ];
        for (const fault of faults) {
          const run = await runAttempts(target, { path, faults: [fault] });
          if (fault.type === "reset" && run.error === undefined) return;
          if (run.text === "" || run.error === undefined) continue;
          checkAttempts(run, { count: 1 });
          checkEquals(run.error.partial?.text, run.text, "The partial answer");
        }
      }
    },
  },
  {
    name: "says nothing twice where an answer broke before its text",
    concerns: ({ isRepeatable = true }) => isRepeatable,
    async run(target) {
      const path = (await recordPaths(target)).answerPath;
      let mended = 0;
      for (let bytes = 0;; bytes += 31) {
        const reset: Fault = { type: "reset", after: { bytes } };
        const broken = await runAttempts(target, {
          path,
          faults: [reset],
          provider: { maxRetries: 0 },
        });
        if (broken.text !== "" || broken.error === undefined) break;
        const run = await runAttempts(target, {
          path,
          faults: [reset],
          times: 1,
        });
        checkWhole(run);
        checkEquals(run.sent.length, 2, "The number of requests");
        mended++;
      }
      check(mended > 0, "It has text before its first byte");
    },
  },
  {
    name: "sends a request once that must not be sent again [R02]",
    concerns: ({ isRepeatable }) => isRepeatable === false,
    async run(target) {
      const path = (await recordPaths(target)).answerPath;
      for (const fault of LOSSES) {
        const run = await runAttempts(target, { path, faults: [fault] });
        checkAttempts(run, { count: 1 });
        checkEquals(run.waits, [], "The waits");
      }
    },
  },
  {
    name: "sends nothing again after a timeout",
    concerns: ({ isStreamed }) => isStreamed !== false,
    async run(target) {
      for (const path of await findPaths(target)) {
        const run = await runAttempts(target, {
          path,
          faults: [{ type: "silence" }],
          provider: { timeouts: { ...NO_TIMEOUTS, headers: 1_000 } },
        });
        checkEquals(run.error?.code, "timeout", "The code");
        checkEquals(run.error?.phase, "headers", "The phase");
        checkAttempts(run, { count: 1, code: "timeout" });
        checkEquals(run.waits, [1_000], "The waits");
      }
      const { answerPath } = await recordPaths(target);
      const run = await runAttempts(target, {
        path: answerPath,
        faults: [{ type: "stall", after: { bytes: 0 } }],
        provider: { timeouts: { ...NO_TIMEOUTS, firstToken: 1_000 } },
      });
      checkEquals(run.error?.phase, "first-token", "The phase");
      checkAttempts(run, { count: 1, code: "timeout" });
    },
  },
  {
    name: "sends the same with each attempt [R06]",
    async run(target) {
      const { repeatablePath: path } = await recordPaths(target);
      if (path === undefined) return;
      const messages: {
        role: "system" | "user" | "assistant";
        content: string;
      }[] = [
        { role: "system", content: "Be brief" },
        { role: "user", content: "Hello" },
        { role: "assistant", content: "Good day" },
        { role: "user", content: PROMPT },
      ];
      const { sent, error } = await runAttempts(target, {
        path,
        faults: [{ type: "respond", status: 503 }],
        times: 2,
        input: messages,
        provider: { randomUuid: () => "00000000-0000-4000-8000-000000000000" },
        onWait() {
          // The run has begun: what the caller does now is of no account.
          for (const message of messages) message.content = "Something else";
          messages.pop();
        },
      });
      checkEquals(error, undefined, "The error");
      checkEquals(sent.length, 3, "The number of requests");
      for (const request of sent) {
        check(
          sent[0] !== undefined && toBody(request) === toBody(sent[0]),
          "A further attempt sends something else",
        );
      }
    },
  },
];
