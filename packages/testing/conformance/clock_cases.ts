import type { ChatEvent } from "@parley/chat";
import { FakeClock } from "../fake_clock.ts";
import { check, checkEquals } from "./check.ts";
import { catchError, joinText, readAll, readTo } from "./ending.ts";
import type { CaseDefinition, ConformanceTarget } from "./target.ts";
import { TimedRun } from "./timed_run.ts";
import { createFixture, TEXT } from "./fixture.ts";
import { checkReleased } from "./check_released.ts";
import {
  beginAndHang,
  NO_TIMEOUTS,
  pause,
  settle,
  until,
  Watched,
} from "./waiting.ts";

const HOUR = 3_600_000;

/** A keep-alive each ten seconds, first at once. */
function keepAlive({ keepAlive: text = "" }: ConformanceTarget) {
  return { type: "drip", text, every: 10_000 } as const;
}

function hasKeepAlive({ keepAlive }: ConformanceTarget): boolean {
  return keepAlive !== undefined;
}

/** Says something again and again, each time after so many milliseconds. */
async function* say(
  clock: FakeClock,
  token: string,
  every: number,
  times = Infinity,
): AsyncGenerator<string> {
  for (let count = 0; count < times; count++) {
    if (count > 0) await pause(clock, every);
    yield token;
  }
}

/** Four clocks, each with its phase, its time and what it is deaf to. */
export const CLOCK_CASES: readonly CaseDefinition[] = [
  {
    name: "waits 180 s for headers, or as long as an option says [M01] [M02]",
    async run(target) {
      const plan = { faults: [{ type: "silence" }] } as const;
      const run = await TimedRun.start(target, { plan });
      await run.failsAfter(180_000, "headers");
      const timeouts = { headers: 500 };
      const limited = await TimedRun.start(target, { plan }, timeouts);
      await limited.failsAfter(500, "headers");
      const provider = { timeouts };
      const set = await TimedRun.start(target, { plan, provider });
      await set.failsAfter(500, "headers");
    },
  },
  {
    name: "waits 180 s for the first token, or as long as an option says [M03]",
    async run(target) {
      const plan = {
        faults: [{ type: "stall", after: { bytes: 0 } }],
      } as const;
      const run = await TimedRun.start(target, { plan });
      const { partial } = await run.failsAfter(180_000, "first-token");
      checkEquals(partial?.text, "", "The partial");
      const limited = await TimedRun.start(target, { plan }, {
        firstToken: 500,
      });
      await limited.failsAfter(500, "first-token");
    },
  },
  {
    name: "waits 60 s between two tokens, or as long as an option says [M04]",
    async run(target) {
      const answer = () => beginAndHang("Grüße");
      const run = await TimedRun.start(target, { answer });
      const { partial } = await run.failsAfter(60_000, "idle");
      checkEquals(partial?.text, "Grüße", "The partial");
      const limited = await TimedRun.start(target, { answer }, { idle: 500 });
      await limited.failsAfter(500, "idle");
    },
  },
  {
    name: "takes keep-alives for no first token",
    concerns: hasKeepAlive,
    async run(target) {
      const faults = [{ ...keepAlive(target), after: { bytes: 0 } }];
      const run = await TimedRun.start(target, { plan: { faults } });
      for (let count = 0; count < 17; count++) await run.lasts(10_000);
      await run.failsAfter(10_000, "first-token");
    },
  },
  {
    name: "takes keep-alives for no token [M05]",
    concerns: hasKeepAlive,
    async run(target) {
      const faults = [{ ...keepAlive(target), after: { ms: 1 } }];
      const answer = () => beginAndHang("Grüße");
      const run = await TimedRun.start(target, { plan: { faults }, answer });
      for (let count = 0; count < 5; count++) await run.lasts(10_000);
      const { partial } = await run.failsAfter(10_000, "idle");
      checkEquals(partial?.text, "Grüße", "The partial");
    },
  },
  {
    name: "gives what might begin a stop word where it breaks off",
    async run(target) {
      for (const type of ["reset", "stall"] as const) {
        const fixture = await createFixture(target, {
          plan: { faults: [{ type, after: { ms: 1 } }] },
          answer: () => beginAndHang("Grüße"),
          provider: { maxRetries: 0 },
        });
        const stream = fixture.stream({ stop: "e an alle", enforceStop: true });
        const { text, error } = await fixture.clock.skipWaits(readAll(stream));
        checkEquals([text, error?.partial?.text], ["Grüße", "Grüße"], type);
      }
    },
  },
  {
    name: "waits for each token anew",
    async run(target) {
      const clock = new FakeClock();
      const answer = () => say(clock, "x", 59_999, 5);
      const fixture = await createFixture(target, { clock, answer });
      const reading = readAll(fixture.stream());
      const { text, error } = await clock.skipWaits(reading);
      checkEquals(error?.code, undefined, "The code");
      checkEquals(text, "xxxxx", "The text");
    },
  },
  {
    name: "takes its time in all, or as long as an option says [M06]",
    async run(target) {
      const clock = new FakeClock();
      const every = 49_000;
      const answer = () => say(clock, "x", every);
      const run = await TimedRun.start(target, { clock, answer });
      const { total = 600_000 } = target;
      let count = 1;
      // Each token has its turn, however many promises it goes through.
      for (; count * every < total; count++) await run.lasts(every);
      const { partial } = await run.failsAfter(
        total - (count - 1) * every,
        "total",
      );
      checkEquals(partial?.text, "x".repeat(count), "The partial");
      const timeouts = { total: 20_000 };
      const limited = await TimedRun.start(target, { clock, answer }, timeouts);
      await limited.failsAfter(20_000, "total");
    },
  },
  {
    name: "ends keep-alives that do not end",
    concerns: hasKeepAlive,
    async run(target) {
      const faults = [{ ...keepAlive(target), after: { bytes: 0 } }];
      const timeouts = { firstToken: null, idle: null, total: 45_000 };
      const run = await TimedRun.start(target, { plan: { faults } }, timeouts);
      await run.failsAfter(45_000, "total");
    },
  },
  {
    name: "counts every attempt and wait in its total [M07]",
    async run(target) {
      const headers = { "retry-after": "40" };
      const fixture = await createFixture(target, {
        plan: { faults: [{ type: "respond", status: 429, headers }] },
        provider: { timeouts: { total: 60_000 } },
      });
      const start = fixture.clock.now();
      const running = catchError(fixture.stream().result());
      const error = await fixture.clock.skipWaits(running);
      // Not every provider tries again.
      if (error.code === "rate-limit" && target.isRepeatable === false) return;
      checkEquals([error.code, error.phase], ["timeout", "total"], "The error");
      checkEquals(fixture.clock.now() - start, 60_000, "The time");
      checkEquals(fixture.answers.length, 2, "The number of requests");
      await checkReleased(fixture);
    },
  },
  {
    name: "waits as long as it takes where its clocks are off [M08]",
    async run(target) {
      for (const type of ["silence", "stall"] as const) {
        const faults = [{ type, after: { bytes: 0 } }];
        const fixture = await createFixture(target, {
          plan: { faults },
          provider: { timeouts: { total: 1_000 } },
        });
        const stream = fixture.stream({ timeouts: NO_TIMEOUTS });
        const run = new Watched(stream.next());
        await until(() => fixture.answers.length > 0, "it sends its request");
        await settle();
        await fixture.clock.advance(HOUR);
        await settle();
        check(!run.isSettled, "It does not wait an hour");
        checkEquals(fixture.counted.timers, 0, "The number of timers");
        await stream.return();
        await checkReleased(fixture);
      }
    },
  },
  {
    name: "takes the time of a slow reader for no silence",
    async run(target) {
      const fixture = await createFixture(target, {
        plan: { chunking: { size: 30 } },
      });
      const stream = fixture.stream({ timeouts: { total: null } });
      const events: ChatEvent[] = [];
      for (;;) {
        const { done, value } = await stream.next();
        if (done) break;
        events.push(value);
        await fixture.clock.advance(600_000);
      }
      checkEquals(joinText(events), TEXT, "The text");
      await checkReleased(fixture);
    },
  },
  {
    name: "waits for the upstream of a reader who comes back late",
    async run(target) {
      const clock = new FakeClock();
      const answer = () => say(clock, "x", 1_000, 2);
      const fixture = await createFixture(target, { clock, answer });
      const stream = fixture.stream({ timeouts: { total: null, idle: 5_000 } });
      const { value: first } = await readTo(stream, "text");
      await clock.advance(HOUR);
      const reading = readTo(stream, "text");
      const { value: second } = await clock.skipWaits(reading);
      checkEquals([first?.type, second?.type], ["text", "text"], "The events");
      await stream.return();
      await checkReleased(fixture);
    },
  },
];
