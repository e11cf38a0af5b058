// What is sent a second time, and how.
import { assert, assertEquals, assertGreater } from "@std/assert";
import { TestBody } from "../_body.ts";
import { FakeClock, flush } from "../../packages/testing/fake_clock.ts";
import { createRandom } from "../../packages/testing/random.ts";
import { IMPATIENT } from "../providers/_requests.ts";
import { ANSWERS, PROVIDERS, toAnswer } from "../contract/_providers.ts";
import {
  catchError,
  readAll,
} from "../../packages/testing/conformance/ending.ts";
import {
  answerWith,
  type Respond,
  ScriptedFetch,
  toResponse,
} from "../contract/_scripted_fetch.ts";

for (const provider of PROVIDERS) {
  Deno.test(`${provider.name} sends the same again [R06]`, async () => {
    const network = new ScriptedFetch((count) =>
      count < 3
        ? new Response("", { status: 503 })
        : toResponse(provider, toAnswer(provider))
    );
    const instance = provider.create({
      ...IMPATIENT,
      fetch: network.fetch,
      randomUuid: () => "5bb67e1a-ecf0-4d78-ac8a-37e052cac1ae",
    });
    const { text } = await instance.generate("Grüße, 日本 👋🏽");
    assertEquals([text, network.answers.length], [provider.text, 3]);
    const [first, ...others] = network.answers;
    assert(first !== undefined && first.body.length > 20);
    for (const { method, url, headers, body } of others) {
      assertEquals([method, url, body], [first.method, first.url, first.body]);
      assertEquals([...headers], [...first.headers]);
    }
  });

  Deno.test(`${provider.name} lets go of a failed attempt before the next [R09]`, async () => {
    const bodies: TestBody[] = [];
    const network = new ScriptedFetch(() => {
      assert(bodies.every(({ isCancelled }) => isCancelled));
      const body = new TestBody(Array(16).fill("no ".repeat(20_000)));
      bodies.push(body);
      return new Response(body.stream, { status: 503 });
    });
    // The clock that would let go of it in the end stands still.
    const clock = new FakeClock();
    const instance = provider.create({ fetch: network.fetch, clock });
    const error = await catchError(
      clock.skipWaits(instance.generate("Hello")),
    );
    assertEquals([error.code, error.status], ["upstream", 503]);
    assertEquals(bodies.map(({ isCancelled }) => isCancelled), [
      true,
      true,
      true,
    ]);
  });

  Deno.test(`${provider.name} spreads the waits of runs that fail together [R08]`, async () => {
    const clock = new FakeClock();
    const network = new ScriptedFetch(() => new Response("", { status: 503 }));
    const instance = provider.create({
      fetch: network.fetch,
      clock,
      random: createRandom(8),
      timeouts: IMPATIENT.timeouts,
    });
    const controller = new AbortController();
    const { signal } = controller;
    const runs = Array.from(
      { length: 50 },
      () => instance.generate("Hello", { signal }).catch((error) => error),
    );
    while (clock.timers < runs.length) await flush();
    assertEquals(network.answers.length, runs.length);
    assertGreater(new Set(clock.waits).size, 40);
    assert(clock.waits.every((wait) => wait >= 375 && wait <= 500));
    controller.abort("enough");
    assertEquals(await Promise.all(runs), Array(50).fill("enough"));
    assertEquals(clock.timers, 0);
  });

  Deno.test(`${provider.name} does not try again what fails after status 200 [R05]`, async () => {
    const failures: Readonly<Record<string, Respond>> = {
      "too-large": () =>
        toResponse(provider, provider.opening + "x".repeat(2_000)),
      "bad-response": () =>
        new Response(null, {
          status: 307,
          headers: { location: "https://other.example/" },
        }),
    };
    for (const [code, respond] of Object.entries(failures)) {
      const network = new ScriptedFetch(respond);
      const instance = provider.create({
        ...IMPATIENT,
        fetch: network.fetch,
        limits: { eventLength: 1_000 },
      });
      const { error } = await readAll(instance.stream("Hello"));
      assertEquals([error?.code, network.answers.length], [code, 1]);
      assertEquals(error?.attempts?.length, 1);
    }
  });
}

for (const provider of ANSWERS) {
  const { model } = provider.options ?? {};
  if (model === undefined) continue;

  Deno.test(`${provider.name} does not try again for a picture that it may not load [R05]`, async () => {
    const text = JSON.stringify({ data: [{ url: "https://10.0.0.1/1.png" }] });
    const network = answerWith(provider, text);
    const instance = provider.create({ ...IMPATIENT, fetch: network.fetch });
    const load = async () => {
      const { images } = await instance.generate("Hello", { model });
      await images[0]?.bytes();
    };
    const error = await catchError(load());
    assertEquals([error.code, error.retryable], ["unsafe-url", false]);
    assertEquals(network.answers.length, 1);
  });
}
