import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { createOpenAiCompatible, ProviderError } from "@parley/chat";
import { FakeClock, flush, replay } from "../mod.ts";

/** What a real server of llama.cpp answered to a provider of this library. */
const LLAMA = await Deno.readTextFile(
  new URL("../../../tests/fixtures/llama_server.jsonl", import.meta.url),
);

type Fields = Readonly<Record<string, unknown>>;

/** Writes a recording of one exchange. */
function write(lines: readonly Fields[], exchange = 0): string {
  const request = {
    method: "POST",
    url: "https://a.example/chat",
    headers: [],
  };
  return [{ ms: 0, request }, ...lines]
    .map((line) => `${JSON.stringify({ exchange, ms: 0, ...line })}\n`)
    .join("");
}

const OK = { response: { status: 200, headers: [] } };
const WHOLE = { end: "whole" };

function ask(fetch: typeof globalThis.fetch, init: RequestInit = {}) {
  return fetch("http://127.0.0.1:1/chat", { method: "POST", ...init });
}

Deno.test("a recording of a real server replays to the same events", async () => {
  const provider = createOpenAiCompatible({
    baseUrl: "http://127.0.0.1:1/v1",
    defaultModel: "tiny-random",
    fetch: replay(LLAMA, { scale: 0 }),
  });
  const options = { seed: 1, maxTokens: 12 };
  const streamed = await Array.fromAsync(provider.stream("Hello", options));
  const texts = streamed.flatMap((event) =>
    event.type === "text" ? [event.text] : []
  );
  const words = "pu helpfulteleorsrenheiteather mode Chatcelerpu De";
  assertEquals([texts.length, texts.join("")], [12, words]);
  assertEquals(streamed.at(-1)?.type, "finish");

  const whole = await provider.generate("Hello", { ...options, stream: false });
  assertEquals([whole.text, whole.finishReason], [words, "length"]);

  const error = await assertRejects(
    () => provider.generate("Hello ".repeat(600)),
    ProviderError,
  );
  assertEquals(error.code, "context-length");
});

Deno.test("replay() gives the pieces after their times, scaled", async () => {
  const clock = new FakeClock();
  const recording = write([
    { ms: 100, ...OK },
    { ms: 300, text: "Good" },
    { ms: 310, base64: "4oI=" },
    { ms: 320, base64: "rA==" },
    { ms: 320, ...WHOLE },
  ]);
  const fetch = replay(recording, { clock, scale: 0.5 });
  const shown: string[] = [];
  async function read(): Promise<void> {
    const { body } = await ask(fetch);
    shown.push("head");
    for await (const text of body?.pipeThrough(new TextDecoderStream()) ?? []) {
      shown.push(text);
    }
  }
  const reading = read();
  for (const [ms, count] of [[49, 0], [1, 1], [99, 1], [1, 2]] as const) {
    await clock.advance(ms);
    await flush();
    assertEquals(shown.length, count);
  }
  await clock.skipWaits(reading);
  assertEquals(shown, ["head", "Good", "€"]);
});

for (
  const [what, lines, words] of [
    [
      "breaks off where it did",
      [OK, { text: "Hi" }, { end: "broken", message: "Closed" }],
      "Closed",
    ],
    [
      "breaks off where a client left",
      [OK, { end: "left" }],
      "its client left",
    ],
    ["has no body that was refused", [OK, { end: "refused" }], "held a secret"],
    ["fails where the connection did", [{ end: "broken" }], "broke off"],
  ] as const
) {
  Deno.test(`replay() ${what}`, async () => {
    await assertRejects(
      async () => await (await ask(replay(write(lines)))).text(),
      TypeError,
      words,
    );
  });
}

Deno.test("replay() answers requests in turn, and then no more", async () => {
  const fetch = replay(
    write([OK, { text: "second" }, WHOLE], 1) +
      write([OK, { text: "first" }, WHOLE], 0) +
      write([{ response: { status: 204, headers: [] } }, WHOLE], 2),
  );
  assertEquals(await (await ask(fetch)).text(), "first");
  assertEquals(await (await ask(fetch)).text(), "second");
  assertEquals((await ask(fetch)).status, 204);
  await assertRejects(() => ask(fetch), TypeError, "no more answers");
});

Deno.test("replay() ends with the reason of an abort, while it waits", async () => {
  const clock = new FakeClock();
  for (const at of ["head", "body"]) {
    const controller = new AbortController();
    const late = { ms: 1_000, text: "Hi" };
    const fetch = replay(
      write(at === "head" ? [{ ms: 1_000, ...OK }] : [OK, late]),
      { clock },
    );
    const reading = ask(fetch, { signal: controller.signal })
      .then((response) => response.text());
    await flush();
    controller.abort("enough");
    assertEquals(await reading.catch((reason) => reason), "enough");
  }
  assertEquals(clock.timers, 0);
});

Deno.test("replay() refuses what is no recording", () => {
  for (const text of ["Hello", '{"a":1}']) {
    const error = assertThrows(() => replay(text), TypeError);
    assert(error.message.includes("line 1"));
  }
});
