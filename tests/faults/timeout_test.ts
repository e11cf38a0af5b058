// Silence, over sockets: a test moves the clock, the server sees the end.
import { assertEquals, assertStrictEquals } from "@std/assert";
import type { ProviderError, Timeouts } from "../../mod.ts";
import { FakeClock } from "../../packages/testing/fake_clock.ts";
import { ProxyServer } from "../_proxy_server.ts";
import { within } from "../../packages/testing/conformance/check.ts";
import { AnswerServer, beginWith, SOON } from "../contract/_answer_server.ts";
import {
  CHAT_UI,
  type ProviderCase,
  PROVIDERS,
} from "../contract/_providers.ts";
import { catchError } from "../../packages/testing/conformance/ending.ts";

const OFF = { headers: null, firstToken: null, idle: null, total: null };

/** Asks, and lets the only clock that is on run out once the server has heard. */
async function outlast(
  provider: ProviderCase,
  server: AnswerServer,
  timeouts: Timeouts,
): Promise<ProviderError> {
  const clock = new FakeClock();
  const instance = provider.create({
    baseUrl: server.origin,
    clock,
    timeouts: { ...OFF, ...timeouts },
  });
  const error = catchError(instance.generate("Hello"));
  const { closed } = await server.answering;
  await clock.advance(1_000);
  await within(SOON, closed);
  if (provider === CHAT_UI) await within(2_000, server.stopped);
  return await within(2_000, error);
}

for (const provider of PROVIDERS) {
  Deno.test(`${provider.name} does not wait for a connection that is never made [M01]`, async () => {
    const asked = Promise.withResolvers<void>();
    await using proxy = new ProxyServer(async (socket) => {
      await socket.readHead();
      asked.resolve();
      // Says nothing until the client leaves.
      await socket.read(1);
      return undefined;
    });
    const clock = new FakeClock();
    const instance = provider.create({
      baseUrl: "https://upstream.test",
      proxy: `http://${proxy.host}`,
      clock,
    });
    const failed = catchError(instance.generate("Hello"));
    await asked.promise;
    await clock.advance(30_000);
    const error = await within(2_000, failed);
    assertEquals([error.code, error.phase], ["timeout", "headers"]);
    assertEquals(error.attempts?.length, 1);
    await within(2_000, proxy.closed());
  });

  Deno.test(`${provider.name} closes its socket where no headers come [M02]`, async () => {
    await using server = new AnswerServer(({ closed }) => closed);
    const error = await outlast(provider, server, { headers: 1_000 });
    assertEquals([error.code, error.phase], ["timeout", "headers"]);
    assertEquals(error.attempts?.length, 1);
  });

  Deno.test(`${provider.name} closes its socket where no text comes [M03] [M05]`, async () => {
    await using server = beginWith(provider, provider.keepAlive);
    const error = await outlast(provider, server, { firstToken: 1_000 });
    assertEquals([error.code, error.phase], ["timeout", "first-token"]);
    assertEquals(error.attempts?.length, 1);
  });

  Deno.test(`${provider.name} closes its socket where text drips without end [M06]`, async () => {
    await using server = new AnswerServer(async (connection) => {
      await connection.start(200, [["content-type", provider.mediaType]]);
      for (;;) {
        await connection.send(provider.beginning);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    });
    const error = await outlast(provider, server, { total: 1_000 });
    assertEquals([error.code, error.phase], ["timeout", "total"]);
  });

  Deno.test(`${provider.name} ends with a signal that is a timeout of the caller's [M10]`, async () => {
    await using server = beginWith(provider, provider.beginning);
    const instance = provider.create({ baseUrl: server.origin });
    const signal = AbortSignal.timeout(200);
    const error = await instance.generate("Hello", { signal })
      .catch((error: unknown) => error);
    assertStrictEquals(error, signal.reason);
    assertEquals(signal.reason.name, "TimeoutError");
    const { closed } = await within(2_000, server.answering);
    await within(SOON, closed);
    if (provider === CHAT_UI) await within(2_000, server.stopped);
  });
}
