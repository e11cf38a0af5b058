// Promise 4, over sockets: the server sees the connection close.
import {
  assert,
  assertEquals,
  assertRejects,
  assertStrictEquals,
} from "@std/assert";
import type { ChatStream } from "../../mod.ts";
import { flush } from "../../packages/testing/fake_clock.ts";
import { within } from "../../packages/testing/conformance/check.ts";
import { AnswerServer, beginWith, SOON } from "./_answer_server.ts";
import {
  CHAT_UI,
  type ProviderCase,
  PROVIDERS,
  toAnswer,
} from "./_providers.ts";
import {
  catchError,
  joinText,
  readAll,
} from "../../packages/testing/conformance/ending.ts";

/** Waits until the socket of the answer is closed, and nothing is under way. */
async function checkReleased(
  server: AnswerServer,
  provider: ProviderCase,
  isEarly: boolean,
): Promise<void> {
  const { closed } = await server.answering;
  await within(SOON, closed);
  // The server of the one that keeps conversations generates on until told.
  const stops = isEarly && provider === CHAT_UI ? 1 : 0;
  if (stops > 0) await within(2_000, server.stopped);
  for (let turn = 0; turn < 5; turn++) await flush();
  assertEquals(server.stops, stops);
}

/** Ways to leave a stream after its first event. */
const WAYS: Readonly<Record<string, (stream: ChatStream) => Promise<unknown>>> =
  {
    "break": async (stream) => {
      for await (const _event of stream) break;
    },
    "return()": async (stream) => {
      await stream.next();
      await stream.return();
    },
    "throw()": async (stream) => {
      await stream.next();
      await assertRejects(() => stream.throw(new RangeError("no")), RangeError);
    },
    "an error in the loop": (stream) =>
      assertRejects(async () => {
        for await (const _event of stream) throw new RangeError("no");
      }, RangeError),
    "cancel()": async (stream) => {
      await stream.next();
      await stream.cancel();
    },
    "await using": async (stream) => {
      await using own = stream;
      await own.next();
    },
    "cancel() of its text stream": async (stream) => {
      const reader = stream.textStream().getReader();
      await reader.read();
      await reader.cancel();
    },
    "cancel() of its response": async (stream) => {
      const reader = stream.toResponse({ format: "sse" }).body?.getReader();
      await reader?.read();
      await reader?.cancel();
    },
  };

/** Which faults of the catalogue a case is about. */
const FAULTS: Readonly<Record<string, string>> = {
  "break": " [A05]",
  "an error in the loop": " [A06]",
};

for (const provider of PROVIDERS) {
  for (const [name, leave] of Object.entries(WAYS)) {
    Deno.test(`${provider.name} closes its socket after ${name}${FAULTS[name] ?? ""}`, async () => {
      await using server = beginWith(provider, provider.beginning);
      const instance = provider.create({ baseUrl: server.origin });
      await within(2_000, leave(instance.stream("Hello")));
      await checkReleased(server, provider, true);
    });
  }

  Deno.test(`${provider.name} closes its socket after an abort [A03]`, async () => {
    await using server = beginWith(provider, provider.beginning);
    const controller = new AbortController();
    const { signal } = controller;
    const instance = provider.create({ baseUrl: server.origin });
    const stream = instance.stream("Hello", { signal });
    await stream.next();
    const waiting = stream.next();
    const reason = { why: "The caller has seen enough" };
    controller.abort(reason);
    const error = await within(SOON, waiting.catch((error) => error));
    assertStrictEquals(error, reason);
    await checkReleased(server, provider, true);
  });

  Deno.test(`${provider.name} closes its socket after an abort before the headers [A02]`, async () => {
    await using server = new AnswerServer(({ closed }) => closed);
    const controller = new AbortController();
    const { signal } = controller;
    const instance = provider.create({ baseUrl: server.origin });
    const result = instance.generate("Hello", { signal });
    await Promise.race([server.answering, result]);
    controller.abort();
    const error = await within(SOON, result.catch((error) => error));
    assertStrictEquals(error, signal.reason);
    await checkReleased(server, provider, true);
  });

  Deno.test(`${provider.name} closes its socket after an error`, async () => {
    await using server = beginWith(
      provider,
      provider.beginning + provider.failure,
    );
    const instance = provider.create({ baseUrl: server.origin });
    const error = await catchError(instance.generate("Hello"));
    assertEquals(error.code, "upstream");
    await checkReleased(server, provider, false);
  });

  Deno.test(`${provider.name} closes its socket after a timeout [M04]`, async () => {
    await using server = beginWith(provider, provider.beginning);
    const instance = provider.create({ baseUrl: server.origin });
    const error = await catchError(
      instance.generate("Hello", { timeouts: { idle: 50 } }),
    );
    assertEquals([error.code, error.phase], ["timeout", "idle"]);
    await checkReleased(server, provider, true);
  });

  Deno.test(`${provider.name} ends though the socket stays open [T12]`, async () => {
    const answer = toAnswer(provider) + provider.done;
    await using server = beginWith(provider, answer);
    const instance = provider.create({ baseUrl: server.origin });
    const stream = instance.stream("Hello");
    const { value: first } = await stream.next();
    const start = performance.now();
    const { events } = await readAll(stream);
    assert(first !== undefined);
    assertEquals(joinText([first, ...events]), provider.text);
    // A title may follow the answer of a chat-ui server, for a quarter second.
    const bound = provider === CHAT_UI ? SOON + 250 : SOON;
    assert(performance.now() - start < bound);
    await checkReleased(server, provider, false);
  });

  Deno.test(`${provider.name} settles return() while a read waits [A07]`, async () => {
    await using server = beginWith(provider, provider.beginning);
    const instance = provider.create({ baseUrl: server.origin });
    const stream = instance.stream("Hello");
    await stream.next();
    const waiting = stream.next();
    const returned = await within(SOON, stream.return());
    assertEquals(returned, { done: true, value: undefined });
    const waited = await within(SOON, waiting);
    assertEquals(waited, { done: true, value: undefined });
    await checkReleased(server, provider, true);
  });
}
