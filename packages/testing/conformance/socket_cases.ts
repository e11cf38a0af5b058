import { check, checkEquals, within } from "./check.ts";
import { catchError, readAll, readTo } from "./ending.ts";
import type { CaseDefinition, ConformanceTarget } from "./target.ts";
import { serveFixture, type SocketFixture, TEXT } from "./fixture.ts";
import { beginAndHang, catchReason, until } from "./waiting.ts";
import { STREAM_EXITS } from "./stream_exits.ts";

/**
 * How long it may take until a socket is closed, in milliseconds; 200 are
 * promised, and a machine may be busy.
 */
const SOON = 400;

/** How long a provider may read on after the end, in milliseconds. */
const TRAILER_TIME = 1_000;

async function serveHanging(target: ConformanceTarget): Promise<SocketFixture> {
  return await serveFixture(target, { answer: () => beginAndHang("Grüße") });
}

/** Checks that no connection to a server is open any more. */
async function checkClosed({ server }: SocketFixture): Promise<void> {
  await until(
    () => server.openConnections === 0,
    "its connection is closed",
    SOON,
  );
}

/** A server sees at once that a run is over. */
export const SOCKET_CASES: readonly CaseDefinition[] = [
  ...Object.entries(STREAM_EXITS).map(([way, leave]): CaseDefinition => ({
    name: `closes its connection after ${way}, over a socket [A05] [A06]`,
    async run(target) {
      await using fixture = await serveHanging(target);
      await within(2_000, leave(fixture.stream()), `The end by ${way}`);
      await checkClosed(fixture);
    },
  })),
  {
    name: "closes its connection after an abort, over a socket",
    async run(target) {
      await using fixture = await serveHanging(target);
      const controller = new AbortController();
      const stream = fixture.stream({ signal: controller.signal });
      await readTo(stream, "text");
      const reading = catchReason(readTo(stream, "text"));
      const reason = { why: "enough" };
      controller.abort(reason);
      const thrown = await within(SOON, reading, "The abort");
      check(thrown === reason, `It rejects with ${String(thrown)}`);
      await checkClosed(fixture);
    },
  },
  {
    name:
      "closes its connection after an abort that no read waits for, over a socket",
    async run(target) {
      await using fixture = await serveHanging(target);
      const controller = new AbortController();
      const stream = fixture.stream({ signal: controller.signal });
      await readTo(stream, "text");
      controller.abort();
      await checkClosed(fixture);
      const thrown = await catchReason(stream.next());
      check(
        thrown === controller.signal.reason,
        `It rejects with ${String(thrown)}`,
      );
    },
  },
  {
    name:
      "closes its connection after an abort before the headers, over a socket",
    async run(target) {
      await using fixture = await serveFixture(target, {
        plan: { faults: [{ type: "silence" }] },
      });
      const controller = new AbortController();
      const reading = catchReason(
        fixture.stream({ signal: controller.signal }).text(),
      );
      await until(() => fixture.answers.length > 0, "it sends its request");
      controller.abort();
      const thrown = await within(SOON, reading, "The abort");
      check(
        thrown === controller.signal.reason,
        `It rejects with ${String(thrown)}`,
      );
      await checkClosed(fixture);
    },
  },
  {
    name: "closes its connection after an error, over a socket [A16]",
    concerns: ({ failure }) => failure !== undefined,
    async run(target) {
      await using fixture = await serveFixture(target, {
        plan: {
          faults: [
            {
              type: "insert",
              after: { events: 4 },
              text: target.failure ?? "",
            },
            { type: "stall", after: { events: 6 } },
          ],
        },
      });
      const error = await catchError(fixture.stream().text());
      checkEquals(error.code, "upstream", "The code");
      await checkClosed(fixture);
    },
  },
  {
    name: "closes its connection after a timeout, over a socket [M04]",
    async run(target) {
      await using fixture = await serveHanging(target);
      const stream = fixture.stream({ timeouts: { idle: 30 } });
      const { error, text } = await readAll(stream);
      checkEquals(
        [error?.code, error?.phase],
        ["timeout", "idle"],
        "The error",
      );
      checkEquals([text, error?.partial?.text], ["Grüße", "Grüße"], "The text");
      await checkClosed(fixture);
    },
  },
  {
    name: "ends though its connection stays open, over a socket [T12]",
    concerns: ({ endMarker, trailerTime }) =>
      endMarker !== undefined && trailerTime === undefined,
    async run(target) {
      await using fixture = await serveFixture(target, {
        plan: { faults: [{ type: "stall" }] },
      });
      const stream = fixture.stream();
      const reading = readAll(stream);
      const { text, error } = await within(
        TRAILER_TIME + SOON,
        reading,
        "The end",
      );
      checkEquals(error?.code, undefined, "The code");
      checkEquals(text, TEXT, "The text");
      await checkClosed(fixture);
    },
  },
  {
    name: "says the same, over a socket",
    async run(target) {
      for (const chunking of ["bytes", "whole"] as const) {
        await using fixture = await serveFixture(target, {
          plan: { chunking },
        });
        const { text, error } = await readAll(fixture.stream());
        checkEquals([text, error?.code], [TEXT, undefined], "The ending");
        await checkClosed(fixture);
      }
    },
  },
  {
    name: "fails where the connection breaks, over a socket [T04] [T09]",
    async run(target) {
      for (const fault of [{ type: "reset" }, { type: "cut" }] as const) {
        if (fault.type === "cut" && target.endMarker === undefined) continue;
        await using fixture = await serveFixture(target, {
          plan: { faults: [{ ...fault, after: { bytes: 40 } }] },
          provider: { maxRetries: 0 },
        });
        const { text, error } = await readAll(fixture.stream());
        checkEquals(error?.code, "incomplete", `The code of a ${fault.type}`);
        checkEquals(error?.partial?.text, text, "The partial");
        check(TEXT.startsWith(text), `It says "${text}"`);
        await checkClosed(fixture);
      }
    },
  },
];
