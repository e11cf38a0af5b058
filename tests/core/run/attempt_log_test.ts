import { assertEquals } from "@std/assert";
import {
  createAttemptLog,
  endAttempt,
  recordContent,
  recordStatus,
  startAttempt,
  toAttempts,
} from "../../../core/run/attempt_log.ts";
import { ProviderError } from "../../../core/chat/errors.ts";
import { FakeClock } from "../../../packages/testing/fake_clock.ts";

const FACTS = { provider: "Parrot", model: "grey" };
const START = new FakeClock().now();

Deno.test("AttemptLog writes down when what came", async () => {
  const clock = new FakeClock();
  const log = createAttemptLog(clock, FACTS);
  await clock.advance(1000);
  startAttempt(log);
  await clock.advance(10);
  recordStatus(log, 200);
  await clock.advance(5);
  recordContent(log);
  await clock.advance(5);
  recordContent(log);
  endAttempt(log);
  assertEquals(toAttempts(log), [{
    provider: "Parrot",
    model: "grey",
    startedAt: START + 1000,
    status: 200,
    headersMs: 10,
    firstTokenMs: 15,
    endMs: 20,
  }]);
});

Deno.test("AttemptLog writes down why an attempt failed", () => {
  const log = createAttemptLog(new FakeClock(), FACTS);
  startAttempt(log);
  endAttempt(log, new ProviderError("x", { code: "rate-limit", status: 429 }));
  startAttempt(log);
  endAttempt(log, new DOMException("stop", "AbortError"));
  const base = { ...FACTS, startedAt: START, endMs: 0 };
  assertEquals(toAttempts(log), [
    { ...base, code: "rate-limit", message: "x", status: 429 },
    { ...base, code: "aborted" },
  ]);
  assertEquals(log.attempts.length, 2);
});

Deno.test("AttemptLog ends an attempt once", async () => {
  const clock = new FakeClock();
  const log = createAttemptLog(clock, FACTS);
  startAttempt(log);
  endAttempt(log);
  await clock.advance(5);
  endAttempt(log, new Error("late"));
  assertEquals(toAttempts(log), [{ ...FACTS, startedAt: START, endMs: 0 }]);
});

Deno.test("AttemptLog gives copies", () => {
  const log = createAttemptLog(new FakeClock(), FACTS);
  startAttempt(log);
  const before = toAttempts(log);
  recordStatus(log, 200);
  assertEquals(before, [{ ...FACTS, startedAt: START }]);
});
