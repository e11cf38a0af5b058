import type { ChatStream } from "@parley/chat";
import { flush } from "../fake_clock.ts";
import { check, checkEquals, within } from "./check.ts";
import { joinText, readAll, readTo } from "./ending.ts";
import { CountedSignal } from "./counted_signal.ts";
import { checkReleased } from "./check_released.ts";
import type { CaseDefinition, ConformanceTarget } from "./target.ts";
import {
  createFixture,
  type Fixture,
  type FixtureOptions,
  PROMPT,
  TEXT,
} from "./fixture.ts";
import { beginAndHang, catchReason, settle, until } from "./waiting.ts";

/** How long an abort may take, in milliseconds. */
const SOON = 400;

/** How many runs share one signal. */
const RUNS = 50;

/** Reasons of every kind; each is passed on as it is. */
const REASONS: readonly (() => unknown)[] = [
  () => new Error("Enough"),
  () => new DOMException("Enough", "AbortError"),
  () => ({ why: "enough" }),
];

/** Aborts a run where it stands, and checks all that comes of it. */
async function checkAbort(
  target: ConformanceTarget,
  options: FixtureOptions,
  isReady: (fixture: Fixture) => boolean,
): Promise<void> {
  for (const toReason of REASONS) {
    const fixture = await createFixture(target, options);
    const counted = new CountedSignal();
    const { signal, controller } = counted;
    const stream = fixture.stream({ signal });
    const reading = catchReason(readToEnd(stream));
    await until(() => isReady(fixture), "it waits");
    await settle();
    const count = fixture.answers.length;
    const { text } = stream.partial;
    const reason = toReason();
    controller.abort(reason);
    const thrown = await within(SOON, reading, "The abort");
    check(thrown === reason, `It rejects with ${String(thrown)}`);
    checkEquals(stream.partial.text, text, "The partial");
    checkEquals((await stream.next()).done, true, "Whether it is done");
    await checkReleased(fixture);
    checkEquals(counted.listeners, 0, "The number of listeners left");
    await fixture.clock.advance(600_000);
    checkEquals(fixture.answers.length, count, "The number of requests");
  }
}

/** Unlike `readAll` it throws what the stream throws. */
async function readToEnd(stream: ChatStream): Promise<string> {
  return joinText(await Array.fromAsync(stream));
}

/** Makes requests without their signals: not every `fetch` uses them. */
function withoutSignal(fetch: typeof globalThis.fetch): typeof fetch {
  return async (input, init) => {
    const { url, method, headers, body } = new Request(input, init);
    const sent = body === null ? null : await new Response(body).bytes();
    return await fetch(url, { method, headers, body: sent });
  };
}

/** The caller's own abort ends a run at once, with the caller's own reason. */
export const ABORT_CASES: readonly CaseDefinition[] = [
  {
    name: "sends nothing for a signal that is aborted [A01]",
    async run(target) {
      for (const toReason of REASONS) {
        const fixture = await createFixture(target);
        const reason = toReason();
        const signal = AbortSignal.abort(reason);
        for (
          const read of [
            () => fixture.provider.generate(PROMPT, { signal }),
            () => fixture.stream({ signal }).next(),
            () => fixture.stream({ signal }).text(),
            () => fixture.stream({ signal }).textStream().getReader().read(),
          ]
        ) {
          const thrown = await catchReason(read());
          check(thrown === reason, `It rejects with ${String(thrown)}`);
        }
        checkEquals(fixture.requests.length, 0, "The number of requests");
        await checkReleased(fixture);
      }
    },
  },
  {
    name: "ends with the reason of an abort before the headers [A02]",
    async run(target) {
      const plan = { faults: [{ type: "silence" }] } as const;
      await checkAbort(target, { plan }, ({ answers }) => answers.length === 1);
    },
  },
  {
    name: "ends with the reason of an abort that its network ignores",
    async run(target) {
      const plan = { faults: [{ type: "silence" }] } as const;
      await checkAbort(
        target,
        { plan, network: withoutSignal },
        ({ answers }) => answers.length === 1,
      );
      // Then the body is all that is left to hold on to.
      await checkAbort(
        target,
        { answer: () => beginAndHang("Grüße"), network: withoutSignal },
        ({ bodies }) => bodies[0]?.isAwaited === true,
      );
    },
  },
  {
    name: "ends with the reason of an abort before the first token",
    async run(target) {
      const faults = [{ type: "stall", after: { bytes: 0 } }] as const;
      await checkAbort(
        target,
        { plan: { faults } },
        ({ bodies }) => bodies[0]?.isAwaited === true,
      );
    },
  },
  {
    name: "ends with the reason of an abort while it streams [A03] [M10]",
    async run(target) {
      await checkAbort(
        target,
        { answer: () => beginAndHang("Grüße") },
        ({ bodies }) =>
          bodies[0]?.isAwaited === true && /Gr/.test(bodies[0].text),
      );
    },
  },
  {
    name: "ends with the reason of an abort between two attempts [A09]",
    concerns: ({ isRepeatable }) => isRepeatable !== false,
    async run(target) {
      await checkAbort(
        target,
        {
          plan: {
            faults: [{
              type: "respond",
              status: 429,
              headers: { "retry-after": "20" },
            }],
          },
        },
        ({ bodies }) => bodies[0] !== undefined && bodies[0].state !== "open",
      );
    },
  },
  {
    name: "keeps what has come before an abort",
    async run(target) {
      const fixture = await createFixture(target, {
        answer: () => beginAndHang("Grüße"),
      });
      const controller = new AbortController();
      const stream = fixture.stream({ signal: controller.signal });
      await readTo(stream, "text");
      const reading = catchReason(stream.next());
      await settle();
      controller.abort("enough");
      checkEquals(await reading, "enough", "The reason");
      checkEquals(stream.partial.text, "Grüße", "The partial");
    },
  },
  {
    name: "lets go of everything at an abort while nobody reads",
    async run(target) {
      for (const answer of [undefined, () => beginAndHang("Grüße")]) {
        const fixture = await createFixture(target, {
          answer,
          plan: { chunking: "whole" },
        });
        const counted = new CountedSignal();
        const { controller, signal } = counted;
        const stream = fixture.stream({ signal });
        if (answer === undefined) await readTo(stream, "text");
        const reason = new Error("Enough");
        controller.abort(reason);
        // Nobody may ever read again.
        await checkReleased(fixture);
        checkEquals(counted.listeners, 0, "The number of listeners left");
        const thrown = await catchReason(stream.next());
        check(thrown === reason, `It rejects with ${String(thrown)}`);
        checkEquals((await stream.next()).done, true, "Whether it is done");
      }
    },
  },
  {
    name: "gives no event after an abort in the loop",
    async run(target) {
      const fixture = await createFixture(target);
      const controller = new AbortController();
      const reason = new Error("Enough");
      const stream = fixture.stream({ signal: controller.signal });
      let count = 0;
      const thrown = await catchReason((async () => {
        for await (const { type } of stream) {
          check(!controller.signal.aborted, `It goes on with ${type}`);
          if (type === "text" && ++count === 2) controller.abort(reason);
        }
      })());
      check(thrown === reason, `It rejects with ${String(thrown)}`);
      await checkReleased(fixture);
    },
  },
  {
    name: "ignores an abort after its end [A04]",
    async run(target) {
      const fixture = await createFixture(target);
      const counted = new CountedSignal();
      const stream = fixture.stream({ signal: counted.signal });
      const { text, error } = await readAll(stream);
      checkEquals([text, error], [TEXT, undefined], "The ending");
      checkEquals(counted.listeners, 0, "The number of listeners left");
      counted.controller.abort(new Error("Too late"));
      await flush();
      checkEquals((await stream.next()).done, true, "Whether it is done");
      checkEquals(stream.partial.text, TEXT, "The partial");
    },
  },
  {
    name: "leaves no listener on a signal that many runs share [A11] [M09]",
    async run(target) {
      const fixture = await createFixture(target);
      const counted = new CountedSignal();
      const { signal } = counted;
      for (let run = 0; run < RUNS; run++) {
        const stream = fixture.stream({ signal });
        if (run % 2 === 0) await stream.text();
        else for await (const _event of stream) break;
        checkEquals(counted.listeners, 0, `The listeners after run ${run}`);
      }
    },
  },
];
