// Promise 5: nothing happens before the first read, and there is one reading.
import {
  assertEquals,
  assertInstanceOf,
  assertRejects,
  assertThrows,
} from "@std/assert";
import { type ChatStream, ProviderError } from "../../mod.ts";
import { flush } from "../../packages/testing/fake_clock.ts";
import { PROVIDERS, toAnswer } from "./_providers.ts";
import { answerWith } from "./_scripted_fetch.ts";

/** Every way to read a stream. */
const READERS: Readonly<Record<string, (stream: ChatStream) => unknown>> = {
  "a loop": (stream) => stream[Symbol.asyncIterator](),
  "textStream()": (stream) => stream.textStream(),
  "toReadableStream()": (stream) => stream.toReadableStream(),
  "toResponse()": (stream) => stream.toResponse(),
};

for (const provider of PROVIDERS) {
  Deno.test(`${provider.name} sends nothing before the first read [A08]`, async () => {
    const network = answerWith(provider, toAnswer(provider));
    const stream = provider.create({ fetch: network.fetch }).stream("Hello");
    await flush();
    assertEquals(network.requests.length, 0);
    await stream.next();
    assertEquals(network.answers.length, 1);
    await stream.return();
  });

  Deno.test(`${provider.name} sends nothing before streams are pulled`, async () => {
    for (const read of Object.values(READERS)) {
      const network = answerWith(provider, toAnswer(provider));
      const stream = provider.create({ fetch: network.fetch }).stream("Hello");
      read(stream);
      await flush();
      assertEquals(network.requests.length, 0);
      await stream.cancel();
    }
  });

  Deno.test(`${provider.name} sends nothing for a stream that is left unread [A08]`, async () => {
    const network = answerWith(provider, toAnswer(provider));
    const stream = provider.create({ fetch: network.fetch }).stream("Hello");
    await stream.cancel();
    await stream[Symbol.asyncDispose]();
    assertEquals(network.requests.length, 0);
  });

  Deno.test(`${provider.name} can be read once only [A12] [B04]`, async () => {
    for (const [first, read] of Object.entries(READERS)) {
      for (const [second, readAgain] of Object.entries(READERS)) {
        const network = answerWith(provider, toAnswer(provider));
        const stream = provider.create({ fetch: network.fetch })
          .stream("Hello");
        read(stream);
        const error = assertThrows(
          () => readAgain(stream),
          ProviderError,
          "Cannot read the stream again",
          `${second} after ${first}`,
        );
        assertEquals(error.code, "invalid-request");
        await assertRejects(() => stream.result(), ProviderError);
        await stream.cancel();
      }
    }
  });

  Deno.test(`${provider.name} cannot be read again after its end [A12]`, async () => {
    const network = answerWith(provider, toAnswer(provider));
    const stream = provider.create({ fetch: network.fetch }).stream("Hello");
    for await (const _event of stream);
    assertThrows(() => stream[Symbol.asyncIterator](), ProviderError);
    assertEquals(await stream.next(), { done: true, value: undefined });
    assertEquals(network.answers.length, 1);
  });

  Deno.test(`${provider.name} gives text() and result() of one reading`, async () => {
    const network = answerWith(provider, toAnswer(provider));
    const stream = provider.create({ fetch: network.fetch }).stream("Hello");
    const [text, result] = await Promise.all([stream.text(), stream.result()]);
    assertEquals([text, result.text], [provider.text, provider.text]);
    assertEquals(network.answers.length, 1);
  });

  Deno.test(`${provider.name} does not throw before the first read`, async () => {
    const stream = provider.create().stream("Hello", { model: "nope" });
    const error = await stream.next().catch((error) => error);
    assertInstanceOf(error, ProviderError);
    assertEquals(error.code, "unknown-model");
    assertEquals((await stream.next()).done, true);
  });
}
