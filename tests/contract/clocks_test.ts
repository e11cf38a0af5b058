// Promise 7: four clocks, each with its phase.
import { assertEquals } from "@std/assert";
import type { Timeouts } from "../../mod.ts";
import { TestBody } from "../_body.ts";
import { FakeClock, flush } from "../../packages/testing/fake_clock.ts";
import { type ProviderCase, PROVIDERS, toAnswer } from "./_providers.ts";
import { catchError } from "../../packages/testing/conformance/ending.ts";
import {
  answerWithBody,
  type Respond,
  ScriptedFetch,
} from "./_scripted_fetch.ts";

const HOUR = 3_600_000;

/** A run whose time a test moves. */
class TimedRun {
  readonly clock = new FakeClock();
  readonly error: Promise<Awaited<ReturnType<typeof catchError>>>;
  isSettled = false;

  constructor(
    provider: ProviderCase,
    network: ScriptedFetch,
    timeouts: Timeouts | undefined,
    runTimeouts?: Timeouts,
  ) {
    const { clock } = this;
    const instance = provider.create({
      fetch: network.fetch,
      clock,
      random: () => 0,
      timeouts,
    });
    const result = instance.generate("Hello", { timeouts: runTimeouts });
    this.error = catchError(result.finally(() => this.isSettled = true));
    this.error.catch(() => {});
  }

  /** Lets time pass; says whether the run has settled. */
  async pass(ms: number): Promise<boolean> {
    for (let turn = 0; turn < 5; turn++) await flush();
    await this.clock.advance(ms);
    for (let turn = 0; turn < 3; turn++) await flush();
    return this.isSettled;
  }

  /** Checks that the run fails after so long, not a millisecond earlier. */
  async failsAfter(ms: number) {
    assertEquals(await this.pass(ms - 1), false);
    assertEquals(await this.pass(1), true);
    return await this.error;
  }
}

/** Never answers the first request. */
function createSilence(): ScriptedFetch {
  const network = new ScriptedFetch(() => new Response());
  network.first = () => new Promise<Response>(() => {});
  return network;
}

/** Refuses every request. */
function createRefusal(headers: HeadersInit = {}): ScriptedFetch {
  const network = new ScriptedFetch(() => new Response());
  const refuse: Respond = () => new Response("", { status: 429, headers });
  network.first = refuse;
  return network;
}

for (const provider of PROVIDERS) {
  Deno.test(`${provider.name} waits 30 s for headers [M02]`, async () => {
    const run = new TimedRun(provider, createSilence(), undefined);
    const error = await run.failsAfter(30_000);
    assertEquals([error.code, error.phase], ["timeout", "headers"]);
    assertEquals(run.clock.timers, 0);
  });

  Deno.test(`${provider.name} waits 60 s for the first token [M03] [M05]`, async () => {
    const body = new TestBody([], "hang");
    const network = answerWithBody(provider, body);
    const run = new TimedRun(provider, network, undefined);
    for (let second = 0; second < 50; second += 10) {
      assertEquals(await run.pass(10_000), false);
      body.send(provider.keepAlive);
    }
    const error = await run.failsAfter(10_000);
    assertEquals([error.code, error.phase], ["timeout", "first-token"]);
    assertEquals([run.clock.timers, body.isCancelled], [0, true]);
  });

  Deno.test(`${provider.name} waits 60 s between pieces of content [M04] [M05]`, async () => {
    const body = new TestBody([provider.beginning], "hang");
    const network = answerWithBody(provider, body);
    const run = new TimedRun(provider, network, undefined);
    // Content starts the clock anew, keep-alives do not.
    assertEquals(await run.pass(59_000), false);
    body.send(provider.beginning);
    for (let second = 0; second < 50; second += 10) {
      assertEquals(await run.pass(10_000), false);
      body.send(provider.keepAlive);
    }
    const error = await run.failsAfter(10_000);
    assertEquals([error.code, error.phase], ["timeout", "idle"]);
    assertEquals(error.partial?.text, "GrüßeGrüße");
    assertEquals([run.clock.timers, body.isCancelled], [0, true]);
  });

  Deno.test(`${provider.name} takes 300 s in all [M06]`, async () => {
    const body = new TestBody([provider.beginning], "hang");
    const network = answerWithBody(provider, body);
    const run = new TimedRun(provider, network, undefined);
    for (let second = 0; second < 250; second += 50) {
      assertEquals(await run.pass(50_000), false);
      body.send(provider.beginning);
    }
    const error = await run.failsAfter(50_000);
    assertEquals([error.code, error.phase], ["timeout", "total"]);
    assertEquals(run.clock.timers, 0);
  });

  Deno.test(`${provider.name} counts every attempt and wait in its total [M07]`, async () => {
    const network = createRefusal({ "retry-after": "40" });
    const run = new TimedRun(provider, network, { total: 60_000 });
    assertEquals(await run.pass(40_000), false);
    assertEquals(network.requests.length, 2);
    const error = await run.failsAfter(20_000);
    assertEquals([error.code, error.phase], ["timeout", "total"]);
    assertEquals([network.requests.length, run.clock.timers], [2, 0]);
  });

  Deno.test(`${provider.name} waits as long as it takes where clocks are off [M08]`, async () => {
    const off = { headers: null, firstToken: null, idle: null, total: null };
    const silent = new TimedRun(provider, createSilence(), off);
    assertEquals(await silent.pass(HOUR), false);
    assertEquals(silent.clock.timers, 0);
    const body = new TestBody([], "hang");
    const network = answerWithBody(provider, body);
    const run = new TimedRun(provider, network, { total: 1 }, off);
    assertEquals(await run.pass(HOUR), false);
    body.send(provider.beginning);
    assertEquals(await run.pass(HOUR), false);
    body.send(provider.rest);
    body.close();
    assertEquals(await run.pass(0), true);
  });

  Deno.test(`${provider.name} lets a run set single clocks over its own`, async () => {
    const timeouts = { headers: 1_000, total: 5_000 };
    const run = new TimedRun(provider, createSilence(), timeouts, {
      headers: null,
    });
    assertEquals((await run.failsAfter(5_000)).phase, "total");
  });

  Deno.test(`${provider.name} does not count time that its reader takes`, async () => {
    const clock = new FakeClock();
    const body = new TestBody([provider.beginning], "hang");
    const { fetch } = answerWithBody(provider, body);
    const timeouts = { total: null };
    const instance = provider.create({ fetch, clock, timeouts });
    const stream = instance.stream("Hello");
    await stream.next();
    await clock.advance(HOUR);
    const waiting = stream.next();
    body.send(provider.beginning);
    assertEquals((await waiting).done, false);
    await stream.return();
  });

  Deno.test(`${provider.name} refuses clocks that are no time [M08]`, async () => {
    for (const name of ["headers", "firstToken", "idle", "total"]) {
      for (const value of [0, -1, NaN, Infinity, -Infinity]) {
        const timeouts = { [name]: value };
        const network = answerWithBody(
          provider,
          new TestBody([toAnswer(provider)]),
        );
        const instance = provider.create({ fetch: network.fetch });
        const error = await catchError(
          instance.generate("Hello", { timeouts }),
        );
        assertEquals(error.code, "invalid-request", `${name}: ${value}`);
        assertEquals(network.requests.length, 0);
        const refused = await catchError(
          Promise.resolve().then(() => provider.create({ timeouts })),
        );
        assertEquals(refused.code, "invalid-request");
      }
    }
  });
}
