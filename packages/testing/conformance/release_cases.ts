import { check, checkEquals, within } from "./check.ts";
import { catchError, readAll, readTo } from "./ending.ts";
import { checkReleased } from "./check_released.ts";
import type { CaseDefinition, ConformanceTarget } from "./target.ts";
import {
  createFixture,
  type Fixture,
  type FixtureOptions,
  TEXT,
} from "./fixture.ts";
import { startChat } from "./start_chat.ts";
import { beginAndHang, catchReason, settle } from "./waiting.ts";
import { STREAM_EXITS } from "./stream_exits.ts";

/** How long a way out may take, in milliseconds. */
const SOON = 400;

/** Makes a fixture whose answer begins and never goes on. */
async function createHanging(
  target: ConformanceTarget,
  options: FixtureOptions = {},
): Promise<Fixture> {
  return await createFixture(target, {
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
  ...Object.entries(STREAM_EXITS).map(([way, leave]): CaseDefinition => ({
    name: `leaves nothing after ${way} [A10]`,
    async run(target) {
      const fixture = await createHanging(target);
      const stream = fixture.stream();
      await within(SOON, leave(stream), `The end by ${way}`);
      checkEquals(fixture.bodies.length, 1, "The number of bodies");
      await checkReleased(fixture);
      checkEquals(await stream.cancel(), undefined, "A second end");
      checkEquals(fixture.answers.length, 1, "The number of requests");
    },
  })),
  {
    name: "leaves nothing after its end [M09]",
    async run(target) {
      const fixture = await createFixture(target);
      const stream = fixture.stream();
      await readTo(stream, "finish");
      // Who has seen `finish` may read no further.
      checkEquals(fixture.counted.timers, 0, "The number of timers left");
      await checkReleased(fixture);
    },
  },
  {
    name: "leaves nothing after an error in the answer",
    concerns: ({ failure }) => failure !== undefined,
    async run(target) {
      const { failure: text = "" } = target;
      const fixture = await createFixture(target, {
        plan: {
          faults: [
            { type: "insert", after: { events: 3 }, text },
            { type: "stall", after: { events: 5 } },
          ],
        },
      });
      checkEquals(
        (await catchError(fixture.stream().text())).code,
        "upstream",
        "The code",
      );
      await checkReleased(fixture);
    },
  },
  {
    name: "leaves nothing after a connection that broke",
    async run(target) {
      const fixture = await createFixture(target, {
        plan: { faults: [{ type: "reset", after: { bytes: 40 } }] },
        provider: { maxRetries: 0 },
      });
      await catchError(fixture.stream().text());
      await checkReleased(fixture);
    },
  },
  {
    name: "leaves nothing after a refusal [R09]",
    async run(target) {
      const fixture = await createFixture(target, {
        plan: {
          faults: [
            { type: "respond", status: 400, body: "{" },
            { type: "stall" },
          ],
        },
      });
      await fixture.clock.skipWaits(catchError(fixture.stream().text()));
      await checkReleased(fixture);
    },
  },
  {
    name: "rejects once where an abort and a failure come together [A14]",
    async run(target) {
      const broken = Promise.withResolvers<never>();
      broken.promise.catch(() => {});
      const { stream } = await createFixture(target, {
        async *answer() {
          yield "Grüße";
          await broken.promise;
        },
        provider: { maxRetries: 0 },
      });
      const controller = new AbortController();
      const reader = stream({ signal: controller.signal });
      await readTo(reader, "text");
      const reading = catchReason(readTo(reader, "text"));
      const reason = new Error("Enough");
      controller.abort(reason);
      broken.reject(new Error("It broke"));
      check(await reading === reason, "It does not reject with the reason");
      checkEquals((await reader.next()).done, true, "Whether it is done");
    },
  },
  {
    name: "settles return() at once, and the reads that wait [A07]",
    async run(target) {
      const fixture = await createHanging(target);
      const stream = fixture.stream();
      await readTo(stream, "text");
      const reads = [stream.next(), stream.next()];
      await settle();
      const done = { done: true, value: undefined };
      const returned = await within(SOON, stream.return(), "return()");
      checkEquals(returned, done, "The end");
      for (const read of reads) {
        checkEquals(await within(SOON, read, "The read"), done, "The read");
      }
      await checkReleased(fixture);
    },
  },
  {
    name: "settles return() at once before the headers",
    async run(target) {
      const fixture = await createFixture(target, {
        plan: { faults: [{ type: "silence" }] },
      });
      const stream = fixture.stream();
      const read = stream.next();
      await settle();
      await within(SOON, stream.return(), "return()");
      const { done } = await within(SOON, read, "The read");
      checkEquals(done, true, "Whether the read is done");
      await checkReleased(fixture);
    },
  },
  {
    name: "waits for no body to say that it is cancelled [A15] [A16]",
    async run(target) {
      for (const [way, leave] of Object.entries(STREAM_EXITS)) {
        const fixture = await createHanging(target, { network: withoutCancel });
        await within(SOON, leave(fixture.stream()), `The end by ${way}`);
        await checkReleased(fixture);
      }
      const fixture = await createFixture(target, { network: withoutCancel });
      const reading = readAll(fixture.stream());
      await within(2_000, fixture.clock.skipWaits(reading), "The end");
      await checkReleased(fixture);
    },
  },
  {
    name: "lets go of a conversation at an abort while nobody reads",
    concerns: ({ keepsConversation = false }) => keepsConversation,
    async run(target) {
      const { conversation, resume } = await startChat(target);
      const { stream } = await resume({ plan: { chunking: "whole" } });
      const controller = new AbortController();
      const { signal } = controller;
      const first = stream({ conversation, signal });
      await readTo(first, "text");
      controller.abort();
      checkEquals(await stream({ conversation }).text(), TEXT, "The next text");
    },
  },
];
