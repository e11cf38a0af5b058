import { assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import type { RunContext } from "../../../core/chat/definition.ts";
import { ProviderError } from "../../../core/chat/errors.ts";
import { createInquiry } from "../../../core/run/inquiry.ts";
import { invalidRequest } from "../../../core/chat/options.ts";
import { catchError } from "../../../packages/testing/conformance/ending.ts";
import { FakeClock } from "../../../packages/testing/fake_clock.ts";

const baseUrl = "https://parrot.example";

/** Asks a parrot for its age. */
function createQuestion<T>(
  ask: (run: RunContext) => Promise<T>,
  clock: FakeClock = new FakeClock(),
) {
  const init = { provider: "Parrot", action: "learn the age of", ask };
  return createInquiry(init, { baseUrl, clock, random: () => 0 });
}

Deno.test("createInquiry() gives what was found out, whatever it is", async () => {
  for (const age of [7, undefined, null, { years: 7 }]) {
    const clock = new FakeClock();
    const question = createQuestion(() => Promise.resolve(age), clock);
    assertStrictEquals(await question(), age);
    assertEquals(clock.timers, 0);
  }
});

Deno.test("createInquiry() asks again after a failure that this may mend", async () => {
  let attempts = 0;
  const clock = new FakeClock();
  const question = createQuestion((run) => {
    attempts++;
    assertEquals([run.attempt, run.messages.length], [attempts, 1]);
    if (attempts === 3) return Promise.resolve("seven");
    throw run.fail("Busy", { code: "rate-limit", retryable: true });
  }, clock);
  assertEquals(await clock.skipWaits(question()), "seven");
  assertEquals(attempts, 3);
});

Deno.test("createInquiry() says what it could not do", async () => {
  const question = createQuestion(() => {
    throw invalidRequest("Too old");
  });
  const error = await catchError(question());
  assertEquals(
    error.message,
    'Cannot learn the age of "Parrot": too old',
  );
  assertEquals([error.code, error.provider], ["invalid-request", "Parrot"]);
  assertEquals(error.model, undefined);
});

Deno.test("createInquiry() keeps the words of its upstream", async () => {
  for (const words of ["Which age?", "models", "Parrot"]) {
    const question = createQuestion((run) => {
      throw run.fail("No", { code: "upstream", words });
    });
    assertEquals((await catchError(question())).body, words);
  }
});

Deno.test("createInquiry() answers each time by itself", async () => {
  let count = 0;
  const waits: (() => void)[] = [];
  const question = createQuestion(async () => {
    const age = ++count;
    await new Promise<void>((resolve) => waits.push(resolve));
    return age;
  });
  const [first, second] = [question(), question()];
  while (waits.length < 2) await Promise.resolve();
  waits.reverse().forEach((resolve) => resolve());
  assertEquals(await Promise.all([first, second]), [1, 2]);
});

Deno.test("createInquiry() refuses wrong options", async () => {
  const wrong = {
    provider: "Parrot",
    action: "ask",
    ask: () => Promise.reject(),
  };
  await assertRejects(
    async () => await createInquiry(wrong, { baseUrl: "parrot" })(),
    ProviderError,
    '"baseUrl"',
  );
});
