// Bytes that are cut, odd or too many, as far as whole providers meet them.
import { assert, assertEquals } from "@std/assert";
import { toJsonLines, toSseEvents } from "../../mod.ts";
import { TestBody } from "../_body.ts";
import { FakeClock } from "../../packages/testing/fake_clock.ts";
import { toGeneratedChunks } from "../_vectors.ts";
import {
  AI_CHATS,
  CHAT_UI,
  type ProviderCase,
  PROVIDERS,
  toAnswer,
} from "../contract/_providers.ts";
import {
  joinText,
  readAll,
} from "../../packages/testing/conformance/ending.ts";
import { answerWith, answerWithBody } from "../contract/_scripted_fetch.ts";

/** Those that send chunks as OpenAI does. */
const OPENAI_LIKE = PROVIDERS.filter((provider) =>
  provider !== CHAT_UI && provider !== AI_CHATS
);

async function ask(provider: ProviderCase, text: string) {
  const { fetch } = answerWith(provider, text);
  return await readAll(provider.create({ fetch }).stream("Hello"));
}

/** One event with this text. */
function toTextEvent(provider: ProviderCase, text: string): string {
  if (provider === AI_CHATS) return `data: ${text}\n\n`;
  if (provider === CHAT_UI) {
    return `${JSON.stringify({ type: "stream", token: text })}\n`;
  }
  const chunk = { choices: [{ index: 0, delta: { content: text } }] };
  return `data: ${JSON.stringify(chunk)}\n\n`;
}

/** The end of an answer of this text. */
function toEnd(provider: ProviderCase, text: string): string {
  return provider === CHAT_UI
    ? `${JSON.stringify({ type: "finalAnswer", text })}\n`
    : "data: [DONE]\n\n";
}

for (const provider of PROVIDERS) {
  Deno.test(`${provider.name} takes text for text that looks like framing [F21]`, async () => {
    const text = "data: [DONE] id: 7 [DONE]";
    const { events, error } = await ask(
      provider,
      toTextEvent(provider, text) + toTextEvent(provider, " [DONE]") +
        toEnd(provider, `${text} [DONE]`),
    );
    assertEquals(error, undefined);
    assertEquals(joinText(events), `${text} [DONE]`);
  });

  Deno.test(`${provider.name} gives nothing that comes after the end [F24]`, async () => {
    const answer = toAnswer(provider) + provider.done;
    const { text, events, error } = await ask(
      provider,
      answer + provider.beginning,
    );
    assertEquals([text, error], [provider.text, undefined]);
    assertEquals(events.at(-1)?.type, "finish");
  });

  Deno.test(`${provider.name} decodes no more of a huge chunk than is asked for [F18]`, async () => {
    const count = 100_000;
    const body = new TestBody([
      toTextEvent(provider, "x").repeat(count) +
      toEnd(provider, "x".repeat(count)) + "data: {\n\n".repeat(10_000),
    ]);
    const { fetch } = answerWithBody(provider, body);
    const stream = provider.create({ fetch }).stream("Hello");
    const { decode } = TextDecoder.prototype;
    let decoded = 0;
    TextDecoder.prototype.decode = function (bytes, options) {
      decoded += bytes?.byteLength ?? 0;
      return decode.call(this, bytes, options);
    };
    try {
      assertEquals((await stream.next()).done, false);
    } finally {
      TextDecoder.prototype.decode = decode;
    }
    assert(decoded > 0 && decoded < 200_000, `${decoded} bytes are decoded`);
    const { events, text, error } = await readAll(stream);
    assertEquals([text.length, error], [count - 1, undefined]);
    assert(events.every(({ type }) => type !== "warning"));
  });
}

for (const provider of PROVIDERS) {
  if (provider === CHAT_UI) continue;

  Deno.test(`${provider.name} gives an event that ends in CR CR before the next chunk [F03]`, async () => {
    const text = provider.beginning.replace("\n\n", "\r\r");
    const { fetch } = answerWithBody(provider, new TestBody([text], "hang"));
    const clock = new FakeClock();
    await using stream = provider.create({ fetch, clock }).stream("Hello");
    const { value } = await stream.next();
    assertEquals(value, { type: "text", text: "Grüße" });
  });

  Deno.test(`${provider.name} does not reconnect as events ask for [F15]`, async () => {
    const text = `retry: 1\nid: 7\n${provider.beginning}data: x`;
    const network = answerWith(provider, text);
    const { error } = await readAll(
      provider.create({ fetch: network.fetch }).stream("Hello"),
    );
    assertEquals([error?.code, network.answers.length], ["incomplete", 1]);
    const again = network.answers[0]?.headers.has("last-event-id");
    assertEquals(again, false);
  });

  Deno.test(`${provider.name} ignores fields that are none [F13] [F14]`, async () => {
    const event = provider.beginning.trimEnd();
    const no = event.replace("Grüße", "no").slice("data".length);
    const odd = [`DATA${no}`, ` data${no}`, `data\0${no}`, `datum${no}`];
    const { text, error } = await ask(
      provider,
      `${odd.join("\n")}\nnothing\n${event}\nid: \0\nEVENT: error\n\n` +
        toEnd(provider, "Grüße"),
    );
    assertEquals([text, error], ["Grüße", undefined]);
  });
}

for (const provider of OPENAI_LIKE) {
  Deno.test(`${provider.name} skips an event that is no JSON, and does not repeat it [F23]`, async () => {
    const { text, events, error } = await ask(
      provider,
      `${provider.beginning}data: {"choices":["planted-4711\n\n` +
        `${provider.beginning}data: [DONE]\n\n`,
    );
    assertEquals([text, error], ["GrüßeGrüße", undefined]);
    const warnings = events.filter(({ type }) => type === "warning");
    assertEquals(warnings.length, 1);
    assert(!JSON.stringify(warnings).includes("planted"));
  });

  Deno.test(`${provider.name} skips JSON of another shape [F22]`, async () => {
    const chunks: Readonly<Record<string, number>> = {
      "null": 1,
      "5": 1,
      "[]": 1,
      '{"choices":[{"delta":{"content":5}}]}': 1,
      '{"__proto__":{"choices":[{"delta":{"content":"no"}}]}}': 1,
      '{"choices":null}': 0,
      '{"choices":[]}': 0,
      '{"choices":[{"delta":null}]}': 0,
      '{"choices":[{"delta":{"content":null}}]}': 0,
    };
    for (const [chunk, count] of Object.entries(chunks)) {
      const { text, events, error } = await ask(
        provider,
        `${provider.beginning}data: ${chunk}\n\ndata: [DONE]\n\n`,
      );
      assertEquals([text, error], ["Grüße", undefined], chunk);
      const warnings = events.filter(({ type }) => type === "warning");
      assertEquals(warnings.length, count, chunk);
    }
  });
}

Deno.test("CohereForAI_C4AI_Command refuses a bad line, and keeps what came before [F20] [F22] [F23]", async () => {
  for (
    const line of [
      '{"type":"stream","token":"planted-4711',
      '{"token":"planted-4711"}',
      "null",
      "[]",
      '{"type":"stream","token":5}',
    ]
  ) {
    const text = `${CHAT_UI.beginning}${line}\n${CHAT_UI.rest}`;
    const { error, events } = await ask(CHAT_UI, text);
    assertEquals(error?.code, "bad-response", line);
    assertEquals([error?.partial?.text, joinText(events)], ["Grüße", "Grüße"]);
    assert(!Deno.inspect(error).includes("planted"), line);
  }
});

Deno.test("toSseEvents() and toJsonLines() read a long line in linear time [F09]", async () => {
  const count = 24 * 1024 * 1024;
  const recipe = { repeat: "m", count, chunkBytes: 1024 };
  const readers = [
    toSseEvents(
      new TestBody(
        toGeneratedChunks({ ...recipe, prefix: "data: ", suffix: "\n\n" }),
      ).stream,
    ),
    toJsonLines(
      new TestBody(toGeneratedChunks({ ...recipe, prefix: '"', suffix: '"\n' }))
        .stream,
    ),
  ];
  const start = performance.now();
  for (const reader of readers) {
    assertEquals((await Array.fromAsync<unknown>(reader)).length, 1);
  }
  // In quadratic time it is minutes.
  assert(performance.now() - start < 20_000);
});
