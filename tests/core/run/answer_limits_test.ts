// How much of an answer is kept, whatever it is made of.
import { assert, assertEquals } from "@std/assert";
import { LazyImage } from "../../../core/run/lazy_image.ts";
import { createFailover, type OnPartial } from "../../../failover/mod.ts";
import {
  type ChatEvent,
  isProviderError,
  type PartialAnswer,
  type Provider,
} from "../../../mod.ts";
import { readAll } from "../../../packages/testing/conformance/ending.ts";
import { createParrot, FINISH, toTextEvent } from "../../_parrot.ts";

const LIMITS = { answerLength: 1_000, answerImageBytes: 5_000 };

const DOT = new LazyImage({ base64: "R0lGODlhAQABAAAAACw=" }, {
  prompt: "",
  maxBytes: 100,
  download: () => Promise.reject(),
});

const CALL = { type: "tool-call-delta", index: 0, id: "1", name: "f" } as const;

/** A piece of which fifty are too many, how much of it is kept, and how much at least. */
type Row = readonly [
  (index: number) => ChatEvent,
  (partial: PartialAnswer) => number | undefined,
  number,
];

const PIECES: Readonly<Record<string, Row>> = {
  text: [
    () => toTextEvent("x".repeat(70)),
    ({ text }) => text.length,
    1_000,
  ],
  reasoning: [
    () => ({ type: "reasoning", text: "y".repeat(70) }),
    ({ reasoning }) => reasoning.length,
    1_000,
  ],
  calls: [
    () => ({ ...CALL, text: " ".repeat(70) }),
    ({ toolCalls: [call] }) => call?.rawInput.length,
    980,
  ],
  images: [
    () => ({ type: "image", image: DOT }),
    ({ images }) => images.length,
    4,
  ],
  sources: [
    (index) => ({
      type: "source",
      source: { url: `https://a.example/${index}` },
    }),
    () => 0,
    0,
  ],
  "a final text": [
    () => ({ type: "finish", reason: "stop", text: "z".repeat(1_001) }),
    () => 0,
    0,
  ],
};

function create(piece: Row[0], options = {}): Provider {
  return createParrot({
    async *respond() {
      for (let index = 0; index < 50; index++) yield piece(index);
      yield FINISH;
    },
    options,
  }).provider;
}

async function assertTooLarge(provider: Provider, [, kept, count]: Row) {
  for (const method of ["result", "text"] as const) {
    const error = await provider.stream("Hi")[method]().catch((error) => error);
    assert(isProviderError(error), `it is a success: ${error}`);
    assertEquals([error.code, error.retryable], ["too-large", false]);
    assertEquals(error.partial && kept(error.partial), count);
  }
}

for (const [name, row] of Object.entries(PIECES)) {
  Deno.test(`a run keeps so much of an answer that is collected (${name})`, async () => {
    await assertTooLarge(create(row[0], { limits: LIMITS }), row);
  });

  Deno.test(`a run keeps memory flat where an answer is streamed (${name})`, async () => {
    const stream = create(row[0], { limits: LIMITS }).stream("Hi");
    const { error } = await readAll(stream);
    // The calls are handed out when they are whole, and are kept until then.
    assertEquals(error !== undefined, name === "calls");
    assert((row[1](stream.partial) ?? 0) <= 1_050);
    assert(stream.partial.images.length <= 4);
  });

  for (const onPartial of ["restart", "match", "continue", "error"] as const) {
    // These hand out whole calls only, which the route has counted.
    if (name === "calls" && /^[mc]/.test(onPartial)) continue;
    Deno.test(`a failover keeps so much of an answer that is collected (${name}, ${onPartial})`, async () => {
      const options = { onPartial, limits: LIMITS };
      await assertTooLarge(createFailover([create(row[0])], options), row);
    });
  }
}

Deno.test("a failover holds so much of an answer back", async () => {
  const onPartial: OnPartial = "hold";
  for (const [name, [piece, kept]] of Object.entries(PIECES)) {
    // The calls come when they are whole; so far the route keeps them.
    if (name === "calls") continue;
    const options = { onPartial, limits: LIMITS };
    const failover = createFailover([create(piece)], options);
    const { events, error } = await readAll(failover.stream("Hi"));
    assert(isProviderError(error), name);
    assertEquals([events, error.code], [[], "too-large"]);
    // What was held is not lost.
    const { partial } = error;
    const isKept = name !== "sources" && name !== "a final text";
    assertEquals(!!(partial && kept(partial)), isKept);
  }
});

Deno.test("a run cuts a title that is too long", async () => {
  const { title } = await create(() => ({
    type: "title",
    title: "t".repeat(2_000),
  })).generate("Hi");
  assertEquals(title?.length, 1_000);
});
