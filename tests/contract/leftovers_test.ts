// Promise 4, in the process: no timer, listener or body is left.
import { assert, assertEquals } from "@std/assert";
import { TestBody } from "../_body.ts";
import { FakeClock, flush } from "../../packages/testing/fake_clock.ts";
import { CountedSignal } from "../../packages/testing/conformance/counted_signal.ts";
import {
  ANSWERS,
  type ProviderCase,
  PROVIDERS,
  toAnswer,
} from "./_providers.ts";
import {
  catchError,
  readAll,
} from "../../packages/testing/conformance/ending.ts";
import { answerWithBody, ScriptedFetch } from "./_scripted_fetch.ts";

/** Starts a run whose answer stops coming after its beginning. */
function start(provider: ProviderCase) {
  const clock = new FakeClock();
  const counted = new CountedSignal();
  const body = new TestBody([provider.beginning], "hang");
  const { fetch } = answerWithBody(provider, body);
  const stream = provider.create({ fetch, clock })
    .stream("Hello", { signal: counted.signal });
  async function checkLeftovers(): Promise<void> {
    await flush();
    assert(body.isCancelled);
    assertEquals([clock.timers, counted.listeners], [0, 0]);
    assertEquals((await stream.next()).done, true);
  }
  return { stream, controller: counted.controller, checkLeftovers };
}

for (const provider of ANSWERS) {
  Deno.test(`${provider.name} leaves nothing after a whole answer [M09]`, async () => {
    const clock = new FakeClock();
    const counted = new CountedSignal();
    const body = new TestBody([toAnswer(provider)]);
    const { fetch } = answerWithBody(provider, body);
    const instance = provider.create({ fetch, clock });
    const { signal } = counted;
    const ending = await readAll(
      instance.stream("Hello", { ...provider.options, signal }),
    );
    assertEquals(ending.error, undefined);
    assertEquals([clock.timers, counted.listeners], [0, 0]);
    assert(counted.added > 0);
  });

  Deno.test(`${provider.name} leaves nothing after a broken answer [M09]`, async () => {
    const clock = new FakeClock();
    const counted = new CountedSignal();
    const body = new TestBody(["{"], new TypeError("reset"));
    const { fetch } = answerWithBody(provider, body);
    const instance = provider.create({ fetch, clock, maxRetries: 0 });
    const { signal } = counted;
    const { error } = await readAll(
      instance.stream("Hello", { ...provider.options, signal }),
    );
    assertEquals(error?.code, "incomplete");
    assertEquals([clock.timers, counted.listeners], [0, 0]);
  });
}

for (const provider of PROVIDERS) {
  Deno.test(`${provider.name} leaves nothing after a break [M09] [A10]`, async () => {
    const { stream, checkLeftovers } = start(provider);
    for await (const _event of stream) break;
    await checkLeftovers();
  });

  Deno.test(`${provider.name} leaves nothing after an abort [M09] [A03]`, async () => {
    const { stream, controller, checkLeftovers } = start(provider);
    await stream.next();
    const waiting = stream.next().catch((error) => error);
    controller.abort("enough");
    assertEquals(await waiting, "enough");
    await checkLeftovers();
  });

  Deno.test(`${provider.name} sends nothing for a signal that is aborted [A01]`, async () => {
    const network = new ScriptedFetch(() => new Response());
    const clock = new FakeClock();
    const instance = provider.create({ fetch: network.fetch, clock });
    const signal = AbortSignal.abort("too late");
    const result = instance.generate("Hello", { signal });
    assertEquals(await result.catch((error) => error), "too late");
    assertEquals([network.requests.length, clock.timers], [0, 0]);
  });

  Deno.test(`${provider.name} leaves nothing after an error in the answer`, async () => {
    const clock = new FakeClock();
    const body = new TestBody([provider.failure], "hang");
    const { fetch } = answerWithBody(provider, body);
    const instance = provider.create({ fetch, clock, maxRetries: 0 });
    const error = await catchError(instance.generate("Hello"));
    assertEquals(error.code, "upstream");
    await flush();
    assert(body.isCancelled);
    assertEquals(clock.timers, 0);
  });

  Deno.test(`${provider.name} leaves nothing after an abort between attempts [A09]`, async () => {
    const clock = new FakeClock();
    const counted = new CountedSignal();
    const network = new ScriptedFetch(() => new Response("", { status: 429 }));
    const instance = provider.create({ fetch: network.fetch, clock });
    const { signal, controller } = counted;
    const result = instance.generate("Hello", { signal })
      .catch((error) => error);
    while (network.answers.length === 0) await flush();
    await flush();
    controller.abort("enough");
    assertEquals(await result, "enough");
    await flush();
    assertEquals([clock.timers, counted.listeners], [0, 0]);
    assertEquals(network.answers.length, 1);
  });
}
