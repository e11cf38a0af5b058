import { checkEquals, within } from "./check.ts";
import { catchError, readAll, readTo } from "./ending.ts";
import { checkLeft } from "./leftovers.ts";
import type { CaseDefinition, ConformanceTarget } from "./target.ts";
import { createTrial, type Trial, type TrialOptions } from "./trial.ts";
import { beginAndHang, settle } from "./waiting.ts";
import { WAYS } from "./ways.ts";

/** How long a way out may take, in milliseconds. */
const SOON = 400;

/** Makes a trial whose answer begins and never goes on. */
async function createHanging(
  target: ConformanceTarget,
  options: TrialOptions = {},
): Promise<Trial> {
  return await createTrial(target, {
    answer: () => beginAndHang("Grüße"),
    ...options,
  });
}

/** Makes bodies that never say that they are cancelled. */
function withoutCancel(fetch: typeof globalThis.fetch): typeof fetch {
  return async (input, init) => {
    const response = await fetch(input, init);
    const reader = response.body?.getReader();
    if (reader === undefined) return response;
    const body = new ReadableStream<Uint8Array>({
      async pull(controller) {
        const { done, value } = await reader.read();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      cancel(reason) {
        reader.cancel(reason).catch(() => {});
        return new Promise(() => {});
      },
    }, { highWaterMark: 0 });
    const { status, statusText, headers } = response;
    return new Response(body, { status, statusText, headers });
  };
}

/** Whoever leaves a run, and however: nothing of it is left. */
export const RELEASE_CASES: readonly CaseDefinition[] = [
  ...Object.entries(WAYS).map(([way, leave]): CaseDefinition => ({
    name: `leaves nothing after ${way}`,
    async run(target) {
      const trial = await createHanging(target);
      const stream = trial.stream();
      await within(SOON, leave(stream), `The end by ${way}`);
      checkEquals(trial.bodies.length, 1, "The number of bodies");
      await checkLeft(trial);
      checkEquals(await stream.cancel(), undefined, "A second end");
      checkEquals(trial.answers.length, 1, "The number of requests");
    },
  })),
  {
    name: "leaves nothing after its end",
    async run(target) {
      const trial = await createTrial(target);
      const stream = trial.stream();
      await readTo(stream, "finish");
      // Who has seen `finish` may read no further.
      checkEquals(trial.counted.timers, 0, "The number of timers left");
      await checkLeft(trial);
    },
  },
  {
    name: "leaves nothing after an error in the answer",
    concerns: ({ failure }) => failure !== undefined,
    async run(target) {
      const { failure: text = "" } = target;
      const trial = await createTrial(target, {
        plan: {
          faults: [
            { type: "insert", after: { events: 3 }, text },
            { type: "stall", after: { events: 5 } },
          ],
        },
      });
      checkEquals(
        (await catchError(trial.stream().text())).code,
        "upstream",
        "The code",
      );
      await checkLeft(trial);
    },
  },
  {
    name: "leaves nothing after a connection that broke",
    async run(target) {
      const trial = await createTrial(target, {
        plan: { faults: [{ type: "reset", after: { bytes: 40 } }] },
        provider: { maxRetries: 0 },
      });
      await catchError(trial.stream().text());
      await checkLeft(trial);
    },
  },
  {
    name: "leaves nothing after a refusal",
    async run(target) {
      const trial = await createTrial(target, {
        plan: {
          faults: [
            { type: "respond", status: 400, body: "{" },
            { type: "stall" },
          ],
        },
      });
      await trial.clock.skipWaits(catchError(trial.stream().text()));
      await checkLeft(trial);
    },
  },
  {
    name: "settles return() at once, and the reads that wait",
    async run(target) {
      const trial = await createHanging(target);
      const stream = trial.stream();
      await readTo(stream, "text");
      const reads = [stream.next(), stream.next()];
      await settle();
      const done = { done: true, value: undefined };
      const returned = await within(SOON, stream.return(), "return()");
      checkEquals(returned, done, "The end");
      for (const read of reads) {
        checkEquals(await within(SOON, read, "The read"), done, "The read");
      }
      await checkLeft(trial);
    },
  },
  {
    name: "settles return() at once before the headers",
    async run(target) {
      const trial = await createTrial(target, {
        plan: { faults: [{ type: "silence" }] },
      });
      const stream = trial.stream();
      const read = stream.next();
      await settle();
      await within(SOON, stream.return(), "return()");
      const { done } = await within(SOON, read, "The read");
      checkEquals(done, true, "Whether the read is done");
      await checkLeft(trial);
    },
  },
  {
    name: "waits for no body to say that it is cancelled",
    async run(target) {
      for (const [way, leave] of Object.entries(WAYS)) {
        const trial = await createHanging(target, { network: withoutCancel });
        await within(SOON, leave(trial.stream()), `The end by ${way}`);
        await checkLeft(trial);
      }
      const trial = await createTrial(target, { network: withoutCancel });
      const reading = readAll(trial.stream());
      await within(2_000, trial.clock.skipWaits(reading), "The end");
      await checkLeft(trial);
    },
  },
];
