import type { ProviderOptions } from "@parley/chat";
import { flush } from "../fake_clock.ts";
import type { Fault } from "../faults/fault.ts";
import { check, checkEquals } from "./check.ts";
import { catchError, readAll } from "./ending.ts";
import type { CaseDefinition, ConformanceTarget } from "./target.ts";
import { createFixture, type Fixture, recordPaths, TEXT } from "./fixture.ts";

const KIB = 1024;
const MIB = KIB * KIB;

/** What reads without bound ends, too. */
const END: Fault = { type: "cut", after: { bytes: 64 * MIB } };

/** Makes a provider whose server sends too much, or too slowly. */
async function createFaultyFixture(
  target: ConformanceTarget,
  path: string,
  faults: readonly Fault[],
  provider: ProviderOptions = {},
): Promise<Fixture> {
  const plan = { path, faults: [...faults, END] };
  return await createFixture(target, { plan, provider });
}

/** Checks how much was read of the last response, and that it was left. */
async function checkBound(
  { bodies }: Fixture,
  maxBytes: number,
): Promise<void> {
  await flush();
  const body = bodies.at(-1);
  check(body !== undefined, "It has read nothing");
  check(body.bytes <= maxBytes, `It reads ${body.bytes} bytes`);
  check(body.isCancelled, "It does not leave a body that is too long");
}

/** An event that never ends, in pieces of a size. */
function toEndless(opening: string, size: number): readonly Fault[] {
  const { length } = new TextEncoder().encode(opening);
  return [
    { type: "insert", after: { bytes: 0 }, text: opening },
    { type: "flood", after: { bytes: length }, text: "x".repeat(size) },
  ];
}

/** What an upstream sends never fills the memory. */
export const BOUND_CASES: readonly CaseDefinition[] = [
  {
    name: "gives up an event that is longer than its limit [F10] [B02]",
    concerns: ({ opening }) => opening !== undefined,
    async run(target) {
      const { answerPath } = await recordPaths(target);
      const fixture = await createFaultyFixture(
        target,
        answerPath,
        toEndless(target.opening ?? "", 1_000),
        { limits: { eventLength: 10_000 } },
      );
      const error = await catchError(fixture.stream().result());
      checkEquals(error.code, "too-large", "The code");
      checkEquals(error.attempts?.length, 1, "The number of attempts");
      await checkBound(fixture, 20_000);
    },
  },
  {
    name: "gives up an event that is longer than 32 MiB",
    concerns: ({ opening }) => opening !== undefined,
    async run(target) {
      const { answerPath } = await recordPaths(target);
      const fixture = await createFaultyFixture(
        target,
        answerPath,
        toEndless(target.opening ?? "", 256 * KIB),
      );
      const error = await catchError(fixture.stream().result());
      checkEquals(error.code, "too-large", "The code");
      await checkBound(fixture, 33 * MIB);
    },
  },
  {
    name: "keeps so much of an answer that is collected, and streams all of it",
    async run(target) {
      const provider = { limits: { answerLength: 8 } };
      const { stream } = await createFixture(target, { provider });
      for (const read of [stream().result(), stream().text()]) {
        const { code, partial } = await catchError(read);
        checkEquals(code, "too-large", "The code");
        checkEquals(partial?.text, TEXT.slice(0, 8), "What is kept");
      }
      const { text, error } = await readAll(stream());
      checkEquals([text, error], [TEXT, undefined], "What is streamed");
    },
  },
  {
    name: "reads so much of the body of an error, and no more [S23]",
    async run(target) {
      const { paths: [path], answerPath } = await recordPaths(target);
      for (const faulty of [path, answerPath]) {
        for (const errorBytes of [undefined, 100]) {
          const fixture = await createFaultyFixture(target, faulty ?? "", [
            { type: "respond", status: 400, body: "no" },
            { type: "flood", text: " and no".repeat(100) },
          ], { limits: { errorBytes } });
          const error = await catchError(fixture.stream().result());
          checkEquals(error.status, 400, "The status");
          checkEquals(error.code, "invalid-request", "The code");
          check((error.body?.length ?? 0) <= 200, "Its excerpt is too long");
          check(error.message.length <= 400, "Its message is too long");
          await checkBound(fixture, (errorBytes ?? 64 * KIB) + 2 * KIB);
        }
      }
    },
  },
  {
    name: "waits 5 s for the body of an error, and no longer [S23]",
    async run(target) {
      const { paths: [path], answerPath } = await recordPaths(target);
      const rests: readonly Fault[] = [
        { type: "stall" },
        { type: "drip", text: " and no", every: 900 },
      ];
      for (const faulty of [path, answerPath]) {
        for (const rest of rests) {
          const fixture = await createFaultyFixture(target, faulty ?? "", [
            { type: "respond", status: 400, body: "no" },
            rest,
          ]);
          const start = fixture.clock.now();
          const error = await fixture.clock.skipWaits(
            catchError(fixture.stream().result()),
          );
          const elapsed = fixture.clock.now() - start;
          checkEquals(error.status, 400, "The status");
          check(elapsed <= 5_000, `It waits ${elapsed} ms`);
          checkEquals(fixture.clock.timers, 0, "The number of timers left");
          await checkBound(fixture, KIB);
        }
      }
    },
  },
];
