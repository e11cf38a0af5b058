// Promise 8: nothing that an upstream sends fills the memory.
import { assert, assertEquals } from "@std/assert";
import { TestBody } from "../_body.ts";
import { FakeClock, flush } from "../../packages/testing/fake_clock.ts";
import { ANSWERS, CHAT_UI, PROVIDERS, toAnswer } from "./_providers.ts";
import {
  catchError,
  readAll,
} from "../../packages/testing/conformance/ending.ts";
import {
  answerWith,
  answerWithBody,
  ScriptedFetch,
} from "./_scripted_fetch.ts";

const MIB = 1024 * 1024;

/** A beginning, and then the same piece for ever. */
function* repeat(beginning: string, piece: string): Generator<string> {
  yield beginning;
  for (;;) yield piece;
}

const PIECE = "x".repeat(65_536);

/** Answers with the URL of a picture, and then with its bytes. */
function createGallery(picture: () => Response): ScriptedFetch {
  return new ScriptedFetch((count) =>
    count === 1
      ? Response.json({ data: [{ url: "https://pictures.example/1.png" }] })
      : picture()
  );
}

for (const provider of ANSWERS) {
  Deno.test(`${provider.name} takes 32 MiB of one event, and no more [F10] [B02]`, async () => {
    const body = new TestBody(repeat(provider.opening, PIECE));
    const { fetch } = answerWithBody(provider, body);
    const instance = provider.create({ fetch });
    const result = instance.generate("Hello", provider.options);
    assertEquals((await catchError(result)).code, "too-large");
    await flush();
    assert(body.isCancelled);
    const read = body.pulls * PIECE.length;
    assert(read > 32 * MIB && read < 33 * MIB, `${read} bytes were read`);
  });

  Deno.test(`${provider.name} heeds the limit of an event [F10]`, async () => {
    const limits = { eventLength: 1_000 };
    const text = provider.opening + "x".repeat(1_000);
    const body = new TestBody([text], "hang");
    const { fetch } = answerWithBody(provider, body);
    const instance = provider.create({ fetch, limits });
    const result = instance.generate("Hello", provider.options);
    assertEquals((await catchError(result)).code, "too-large");
    await flush();
    assert(body.isCancelled);
  });
}

for (const provider of PROVIDERS) {
  Deno.test(`${provider.name} reads 64 KiB of the body of an error [S23]`, async () => {
    const body = new TestBody(repeat("", "no ".repeat(1_000)));
    const network = new ScriptedFetch(() => new Response());
    network.first = () => new Response(body.stream, { status: 400 });
    const instance = provider.create({ fetch: network.fetch });
    const error = await catchError(instance.generate("Hello"));
    assertEquals(error.code, "invalid-request");
    await flush();
    assert(body.isCancelled);
    const read = body.pulls * 3_000;
    assert(read > 60_000 && read < 75_000, `${read} bytes were read`);
    assert(error.body !== undefined && error.body.length <= 200);
    assert(error.message.length < 400);
  });

  Deno.test(`${provider.name} waits 5 s for the body of an error [S23]`, async () => {
    const clock = new FakeClock();
    const body = new TestBody(["why"], "hang");
    const network = new ScriptedFetch(() => new Response());
    network.first = () => new Response(body.stream, { status: 400 });
    const instance = provider.create({ fetch: network.fetch, clock });
    let isSettled = false;
    const caught = catchError(instance.generate("Hello"))
      .finally(() => isSettled = true);
    await clock.advance(0);
    await clock.advance(4_999);
    assertEquals(isSettled, false);
    await clock.advance(1);
    const error = await caught;
    assertEquals([error.status, error.body], [400, "why"]);
    assert(body.isCancelled);
    assertEquals(clock.timers, 0);
  });

  Deno.test(`${provider.name} does not read ahead of a slow reader [B01]`, async () => {
    const body = new TestBody(repeat("", provider.beginning));
    const { fetch } = answerWithBody(provider, body);
    const clock = new FakeClock();
    const stream = provider.create({ fetch, clock }).stream("Hello");
    for (let count = 1; count <= 20; count++) {
      await stream.next();
      await flush();
      assert(body.pulls <= count + 1, `${body.pulls} pulls for ${count} reads`);
    }
    await stream.return();
  });

  Deno.test(`${provider.name} does not read ahead of a slow response [B03]`, async () => {
    const body = new TestBody(repeat("", provider.beginning));
    const { fetch } = answerWithBody(provider, body);
    const clock = new FakeClock();
    const response = provider.create({ fetch, clock }).stream("Hello")
      .toResponse();
    const reader = response.body?.getReader();
    await reader?.read();
    await flush();
    assert(body.pulls <= 3, `${body.pulls} pulls for one read`);
    await reader?.cancel();
    await flush();
    assert(body.isCancelled);
  });
}

for (
  const [model, provider] of ANSWERS.flatMap((answer) =>
    answer.options?.model === undefined
      ? []
      : [[answer.options.model, answer] as const]
  )
) {
  const load = async (network: ScriptedFetch, imageBytes?: number) => {
    const instance = provider.create({
      fetch: network.fetch,
      limits: { imageBytes },
    });
    const { images } = await instance.generate("Hello", { model });
    return await images[0]?.bytes();
  };

  Deno.test(`${provider.name} takes 32 MiB of a picture, and no more [P03]`, async () => {
    const body = new TestBody(repeat("GIF89a", PIECE));
    const network = createGallery(() => new Response(body.stream));
    assertEquals((await catchError(load(network))).code, "too-large");
    await flush();
    assert(body.isCancelled);
    const read = body.pulls * PIECE.length;
    assert(read > 32 * MIB && read < 33 * MIB, `${read} bytes were read`);
  });

  Deno.test(`${provider.name} refuses a picture by its announced length [P02]`, async () => {
    const body = new TestBody(["GIF89a"], "hang");
    const headers = { "content-length": String(32 * MIB + 1) };
    const network = createGallery(() => new Response(body.stream, { headers }));
    assertEquals((await catchError(load(network))).code, "too-large");
    assert(body.isCancelled && body.pulls <= 1);
  });

  Deno.test(`${provider.name} heeds the limit of a picture [P03]`, async () => {
    const picture = `GIF89a${"x".repeat(94)}`;
    const network = createGallery(() => new Response(picture));
    assertEquals((await load(network, 100))?.length, 100);
    const other = createGallery(() => new Response(picture));
    assertEquals((await catchError(load(other, 99))).code, "too-large");
  });
}

Deno.test("A kept conversation takes cookies of 4 KiB, and no more [C16]", async () => {
  async function ask(length: number) {
    const network = answerWith(CHAT_UI, toAnswer(CHAT_UI));
    const cookie = `c=${"x".repeat(length - 2)}`;
    const fetch: typeof globalThis.fetch = (input, init) =>
      String(input).endsWith("/conversation")
        ? Promise.resolve(Response.json({ conversationId: "a".repeat(24) }, {
          headers: { "set-cookie": `${cookie}; Path=/` },
        }))
        : network.fetch(input, init);
    const ending = await readAll(CHAT_UI.create({ fetch }).stream("Hello"));
    return { ending, sent: network.answers[0]?.headers.get("cookie"), cookie };
  }
  const good = await ask(4_096);
  assertEquals(good.ending.error, undefined);
  assertEquals(good.sent, good.cookie);
  const bad = await ask(4_097);
  assertEquals(bad.ending.error?.code, "too-large");
  assertEquals(bad.sent, undefined);
  assertEquals(good.cookie.length, 4_096);
});
