// A caller who leaves, however the upstream takes it.
import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import type { RawConnection } from "../../packages/testing/faults/_raw_server.ts";
import { TestBody, toBytes } from "../_body.ts";
import { FakeClock, flush } from "../../packages/testing/fake_clock.ts";
import { within } from "../../packages/testing/conformance/check.ts";
import { CountedSignal } from "../../packages/testing/conformance/counted_signal.ts";
import {
  type ProviderCase,
  PROVIDERS,
  toAnswer,
} from "../contract/_providers.ts";
import {
  catchError,
  joinText,
  readAll,
} from "../../packages/testing/conformance/ending.ts";
import {
  answerWith,
  answerWithBody,
  ScriptedFetch,
  toResponse,
} from "../contract/_scripted_fetch.ts";
import { SocketServer, toChunk, toHead } from "./_socket_server.ts";

const DONE = { done: true, value: undefined } as const;

/** Ways in which a body may take it that its reader leaves. */
const CANCELS: Readonly<Record<string, () => Promise<void>>> = {
  "rejects": () => Promise.reject(new Error("planted-4711")),
  "never settles": () => new Promise(() => {}),
};

/** A network whose answers begin with a text, stay open, and mind being left. */
function createStubborn(
  provider: ProviderCase,
  text: string,
  cancel: () => Promise<void>,
): ScriptedFetch {
  return new ScriptedFetch(() => {
    const body = new ReadableStream({
      start: (controller) => controller.enqueue(toBytes(text)),
      cancel,
    });
    return toResponse(provider, body);
  });
}

for (const provider of PROVIDERS) {
  Deno.test(`${provider.name} does not mind an abort after the end [A04]`, async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const network = answerWith(provider, toAnswer(provider));
    const stream = provider.create({ fetch: network.fetch })
      .stream("Hello", { signal });
    const { text } = await readAll(stream);
    const requests = network.requests.length;
    controller.abort(new Error("late"));
    await flush();
    assertEquals([text, stream.partial.text], [provider.text, provider.text]);
    assertEquals(await stream.next(), DONE);
    assertEquals(network.requests.length, requests);
  });

  Deno.test(`${provider.name} hands on what its caller's loop throws [A06]`, async () => {
    const body = new TestBody([provider.beginning], "hang");
    const { fetch } = answerWithBody(provider, body);
    const clock = new FakeClock();
    const stream = provider.create({ fetch, clock }).stream("Hello");
    const own = { mine: true };
    let caught: unknown;
    try {
      for await (const _event of stream) throw own;
    } catch (error) {
      caught = error;
    }
    assertStrictEquals(caught, own);
    await flush();
    assertEquals([body.isCancelled, clock.timers], [true, 0]);
  });

  Deno.test(`${provider.name} leaves no listener on a signal of a thousand runs [A11]`, async () => {
    const { fetch } = answerWith(provider, toAnswer(provider));
    const instance = provider.create({ fetch, clock: new FakeClock() });
    const counted = new CountedSignal();
    const { signal } = counted;
    for (let round = 0; round < 100; round++) {
      const runs = Array.from(
        { length: 10 },
        () => instance.generate("Hello", { signal }),
      );
      for (const { text } of await Promise.all(runs)) {
        assertEquals(text, provider.text);
      }
      assertEquals(counted.listeners, 0);
    }
    assert(counted.added >= 1_000);
  });

  Deno.test(`${provider.name} answers reads that wait together in order [A13]`, async () => {
    const { fetch } = answerWith(provider, toAnswer(provider));
    const instance = provider.create({ fetch });
    const { events } = await readAll(instance.stream("Hello"));
    const stream = instance.stream("Hello");
    const together = await Promise.all(
      Array.from({ length: events.length + 2 }, () => stream.next()),
    );
    assertEquals(together.slice(-2), [DONE, DONE]);
    const values = together.flatMap(({ value }) => value ?? []);
    assertEquals(JSON.stringify(values), JSON.stringify(events));
  });

  Deno.test(`${provider.name} rejects once where an abort and a reset come together [A14]`, async () => {
    let answering: RawConnection | undefined;
    await using server = await SocketServer.start((connection) => {
      answering = connection;
      return connection.write(
        toHead(provider.mediaType) + toChunk(provider.beginning),
      );
    });
    const instance = provider.create({ baseUrl: server.origin });
    const start = async () => {
      const controller = new AbortController();
      const { signal } = controller;
      const stream = instance.stream("Hello", { signal });
      assertEquals((await stream.next()).done, false);
      return { controller, stream };
    };
    const reason = new Error("enough");

    const both = await start();
    const waiting = both.stream.next().catch((error) => error);
    answering?.reset();
    both.controller.abort(reason);
    assertStrictEquals(await waiting, reason);
    assertEquals(await both.stream.next(), DONE);

    const reset = await start();
    answering?.reset();
    const { code } = await catchError(reset.stream.next());
    reset.controller.abort(reason);
    assertEquals(code, "incomplete");
    assertEquals(await reset.stream.next(), DONE);
  });

  for (const [name, cancel] of Object.entries(CANCELS)) {
    Deno.test(`${provider.name} is neither late nor wrong where cancelling ${name} [A15]`, async () => {
      const whole = toAnswer(provider) + provider.done;
      const good = createStubborn(provider, whole, cancel);
      const { text } = await within(
        2_000,
        provider.create({ fetch: good.fetch }).generate("Hello"),
      );
      assertEquals(text, provider.text);

      const failure = provider.beginning + provider.failure;
      const bad = createStubborn(provider, failure, cancel);
      const { error } = await within(
        2_000,
        readAll(provider.create({ fetch: bad.fetch }).stream("Hello")),
      );
      assertEquals([error?.code, error?.body], ["upstream", "overload"]);

      const slow = createStubborn(provider, provider.beginning, cancel);
      const clock = new FakeClock();
      const stream = provider.create({ fetch: slow.fetch, clock })
        .stream("Hello");
      const { value } = await stream.next();
      assertEquals(value && joinText([value]), "Grüße");
      assertEquals(await within(2_000, stream.return()), DONE);
      await flush();
      assertEquals(clock.timers, 0);
    });
  }

  Deno.test(`${provider.name} aborts its request besides cancelling the body [A16]`, async () => {
    const bodies = {
      "left": provider.beginning,
      "failed": provider.beginning + provider.failure,
      "whole": toAnswer(provider) + provider.done,
    };
    for (const [how, text] of Object.entries(bodies)) {
      const body = new TestBody([text], "hang");
      const network = answerWithBody(provider, body);
      const stream = provider.create({ fetch: network.fetch }).stream("Hello");
      if (how === "left") {
        await stream.next();
        await stream.return();
      } else await readAll(stream);
      const [request] = network.answers;
      assertEquals(request?.signal?.aborted, true, how);
    }
  });
}
