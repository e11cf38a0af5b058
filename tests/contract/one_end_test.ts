// Promise 1: an answer is whole, or it is an error. Promise 2: the text law.
import { assert, assertEquals } from "@std/assert";
import { TestBody, toBytes } from "../_body.ts";
import {
  AI_CHATS,
  ANSWERS,
  type ProviderCase,
  PROVIDERS,
  toAnswer,
} from "./_providers.ts";
import { readAll } from "../../packages/testing/conformance/ending.ts";
import { answerWith, answerWithBody } from "./_scripted_fetch.ts";

/** Where the answer is whole: how many bytes have come at least. */
function toWholeLength(provider: ProviderCase): number {
  const answer = toAnswer(provider);
  const { endMarker } = provider;
  if (endMarker === undefined) return toBytes(answer).length;
  assert(answer.includes(endMarker));
  const end = answer.indexOf(endMarker) + endMarker.length;
  return toBytes(answer.slice(0, end)).length;
}

/** Asks for an answer of which only so many bytes come. */
async function askForCut(
  provider: ProviderCase,
  length: number,
  end: "close" | Error,
) {
  const bytes = toBytes(toAnswer(provider)).subarray(0, length);
  const body = new TestBody(length === 0 ? [] : [bytes], end);
  const { fetch } = answerWithBody(provider, body);
  const instance = provider.create({ fetch, maxRetries: 0 });
  return await readAll(instance.stream("Hello", provider.options));
}

for (const provider of ANSWERS) {
  const whole = toWholeLength(provider);
  const total = toBytes(toAnswer(provider)).length;
  // Without an end marker every border of events may be the end.
  const hasMarker = provider.endMarker !== undefined;

  Deno.test(`${provider.name} ends with one finish event`, async () => {
    const { fetch } = answerWith(provider, toAnswer(provider));
    const ending = await readAll(
      provider.create({ fetch }).stream("Hello", provider.options),
    );
    assertEquals(ending.error, undefined);
    assertEquals(ending.text, provider.text);
    assertEquals(ending.events.at(-1)?.type, "finish");
  });

  Deno.test(`${provider.name} fails where the connection breaks at any byte [T04]`, async () => {
    const failAt = hasMarker ? whole : total + 1;
    for (let length = 0; length < failAt; length++) {
      const ending = await askForCut(provider, length, new TypeError("reset"));
      const where = `after ${length} bytes`;
      assertEquals(ending.error?.code, "incomplete", where);
      const { text = "?", images } = ending.error?.partial ?? {};
      assert(provider.text.startsWith(text), where);
      assertEquals(images, [], where);
      assertEquals(ending.text, text, where);
    }
  });

  if (!hasMarker) continue;

  Deno.test(`${provider.name} fails where the body ends before its end marker [T05] [T06] [T13] [F08]`, async () => {
    for (let length = 0; length < whole; length++) {
      const ending = await askForCut(provider, length, "close");
      const where = `after ${length} bytes`;
      assertEquals(ending.error?.code, "incomplete", where);
      assert(provider.text.startsWith(ending.error?.partial?.text ?? "?"));
      assertEquals(ending.text, ending.error?.partial?.text, where);
    }
  });

  Deno.test(`${provider.name} succeeds from its end marker on [T07] [T08] [F08]`, async () => {
    for (let length = whole; length <= total; length++) {
      const ending = await askForCut(provider, length, "close");
      assertEquals(ending.error, undefined, `after ${length} bytes`);
      assertEquals(ending.text, provider.text);
    }
    const broken = await askForCut(provider, total, new TypeError("reset"));
    const isCollected = provider.mediaType === "application/json";
    assertEquals(
      broken.error?.code,
      isCollected ? "incomplete" : undefined,
    );
  });
}

/** Pieces of an answer of AiChats, and whether each can be cut unnoticed. */
const PIECES = [
  { piece: "data: Grüße\n\n", isText: true },
  { piece: ": wait\n", isText: false },
  { piece: "data:  x😀\n\n", isText: true },
  { piece: "data: one\ndata: two\n\n", isText: true },
  { piece: "\n", isText: false },
  { piece: "data:日本\r\r", isText: true },
  { piece: "data: [DONE]", isText: true },
];

Deno.test("AiChats succeeds where its body ends between two events only [T08] [F08]", async () => {
  const rest = PIECES.map(({ piece }) => piece).join("");
  const provider = { ...AI_CHATS, beginning: "", keepAlive: "", rest };
  const text = "Grüße x😀one\ntwo日本";
  let length = 0;
  for (const { piece, isText } of PIECES) {
    const size = toBytes(piece).length;
    for (let offset = 1; offset <= size; offset++) {
      const ending = await askForCut(provider, ++length, "close");
      const where = `after ${offset} bytes of ${JSON.stringify(piece)}`;
      const isWhole = !isText || offset === size;
      assertEquals(
        ending.error?.code,
        isWhole ? undefined : "incomplete",
        where,
      );
      assert(text.startsWith(ending.text), `${where}: "${ending.text}"`);
      if (!isWhole) assertEquals(ending.error?.partial?.text, ending.text);
    }
  }
});

Deno.test("AiChats fails where nothing comes at all [T11]", async () => {
  const ending = await askForCut(AI_CHATS, 0, "close");
  assertEquals(ending.error?.code, "bad-response");
});

for (const provider of PROVIDERS) {
  Deno.test(`${provider.name}: collected text is the joined text`, async () => {
    const { fetch } = answerWith(provider, toAnswer(provider));
    const instance = provider.create({ fetch });
    const { text, finishReason, warnings } = await instance.generate("Hello");
    assertEquals(text, provider.text);
    const { events } = await readAll(instance.stream("Hello"));
    const finish = events.at(-1);
    assert(finish?.type === "finish");
    assertEquals(finish.text, undefined);
    assertEquals(finish.reason, finishReason);
    assertEquals(
      events.filter(({ type }) => type === "warning").length,
      warnings.length,
    );
  });
}
