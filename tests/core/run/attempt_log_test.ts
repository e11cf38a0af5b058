import { assertEquals } from "@std/assert";
import { createAttemptLog } from "../../../core/run/attempt_log.ts";
import { ProviderError } from "../../../core/chat/errors.ts";
import { FakeClock } from "../../../packages/testing/fake_clock.ts";

const FACTS = { provider: "Parrot", model: "grey" };
const START = new FakeClock().now();

Deno.test("AttemptLog writes down when what came", async () => {
  const clock = new FakeClock();
  const log = createAttemptLog(clock, FACTS);
  await clock.advance(1000);
  log.start();
  await clock.advance(10);
  log.recordStatus(200);
  await clock.advance(5);
  log.recordContent();
  await clock.advance(5);
  log.recordContent();
  log.end();
  assertEquals(log.toAttempts(), [{
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
  log.start();
  log.end(new ProviderError("x", { code: "rate-limit", status: 429 }));
  log.start();
  log.end(new DOMException("stop", "AbortError"));
  const base = { ...FACTS, startedAt: START, endMs: 0 };
  assertEquals(log.toAttempts(), [
    { ...base, code: "rate-limit", message: "x", status: 429 },
    { ...base, code: "aborted" },
  ]);
  assertEquals(log.count, 2);
});

Deno.test("AttemptLog ends an attempt once", async () => {
  const clock = new FakeClock();
  const log = createAttemptLog(clock, FACTS);
  log.start();
  log.end();
  await clock.advance(5);
  log.end(new Error("late"));
  assertEquals(log.toAttempts(), [{ ...FACTS, startedAt: START, endMs: 0 }]);
});

Deno.test("AttemptLog gives copies", () => {
  const log = createAttemptLog(new FakeClock(), FACTS);
  log.start();
  const before = log.toAttempts();
  log.recordStatus(200);
  assertEquals(before, [{ ...FACTS, startedAt: START }]);
});
