// Twice as much should take twice the time.
import * as z from "zod";
import {
  createOpenAiCompatible,
  type Provider,
  toJsonLines,
  toSseEvents,
} from "../../mod.ts";
import { streamObject } from "../../tools/mod.ts";
import { toBody, toResponse } from "./_bodies.ts";
import type { Work } from "./_measure.ts";

const KIB = 1024;
const MIB = KIB * KIB;

/** What may be kept of one answer, for the largest of them. */
const MOST = 65 * MIB;

const END = "data: [DONE]\n\n";

function create(respond: () => Response): Provider {
  return createOpenAiCompatible({
    baseUrl: "http://127.0.0.1:1/v1",
    models: ["model"],
    maxRetries: 0,
    limits: { answerLength: MOST },
    fetch: () => Promise.resolve(respond()),
  });
}

/** Answers with the same delta again and again, of so many KiB together. */
function toAnswer(
  kib: number,
  toDelta: (text: string) => unknown,
  around: readonly [string, string] = ["", ""],
): () => Response {
  const encoder = new TextEncoder();
  const toEvent = (text: string) => {
    const choices = [{ index: 0, delta: toDelta(text) }];
    return encoder.encode(`data: ${JSON.stringify({ choices })}\n\n`);
  };
  const [head, tail] = around.map(toEvent);
  const piece = toEvent("x".repeat(KIB));
  const pieces = [
    ...(head ? [head] : []),
    ...Array.from({ length: kib }, () => piece),
    ...(tail ? [tail] : []),
    encoder.encode(END),
  ];
  return () => toResponse(pieces);
}

/** Times one way at a size, at twice and at four times of it. */
function toGrowthWork(
  what: string,
  unit: string,
  least: number,
  prepare: (size: number) => () => Promise<unknown>,
  remark = "",
): Work {
  return {
    title: `(n) Growth: ${what}`,
    size: `from ${least} ${unit} to four times as much`,
    count: least,
    unit,
    remark,
    contestants: [1, 2, 4].map((times) => {
      const run = prepare(least * times);
      const name = `${least * times} ${unit}`;
      return { name, run: () => run().then(() => true) };
    }),
  };
}

/** One line of so many MiB, in pieces of 16 KiB. */
function toLine(
  mib: number,
  ...[head, tail]: readonly [string, string]
): () => ReadableStream<Uint8Array<ArrayBuffer>> {
  const encoder = new TextEncoder();
  const piece = encoder.encode("x".repeat(16 * KIB));
  const pieces = [
    encoder.encode(head),
    ...Array.from({ length: mib * KIB / 16 }, () => piece),
    encoder.encode(tail),
  ];
  return () => toBody(pieces);
}

async function readAll(items: AsyncIterable<unknown>): Promise<void> {
  for await (const _item of items);
}

/** Why these may take more than twice as long. */
const LONG_TEXT =
  "So long a text costs the platform more by the character: a bare loop takes" +
  " eight times as long for a line of 64 MiB as for one of 16.";

const TEXT = z.object({ text: z.string() });
const TOOL = { name: "write", description: "Writes", inputSchema: TEXT };

/** What has to grow in proportion. */
export function toGrowthWorks(): readonly Work[] {
  return [
    toGrowthWork("a line", "MiB", 16, (mib) => {
      const open = toLine(mib, '"', '"\n');
      return () => readAll(toJsonLines(open(), { eventLength: MOST }));
    }, LONG_TEXT),
    toGrowthWork("an event", "MiB", 16, (mib) => {
      const open = toLine(mib, "data: ", "\n\n");
      return () => readAll(toSseEvents(open(), { eventLength: MOST }));
    }, LONG_TEXT),
    toGrowthWork("a collected text", "KiB", 16 * KIB, (kib) => {
      const provider = create(toAnswer(kib, (content) => ({ content })));
      return () => provider.generate("Hello");
    }),
    toGrowthWork("the input of a tool", "KiB", 1_000, (kib) => {
      const provider = create(
        toAnswer(kib, (text) => ({
          tool_calls: [{
            index: 0,
            id: "call",
            function: { name: "write", arguments: text },
          }],
        }), ['{"text":"', '"}']),
      );
      return () => provider.generate("Hello", { tools: [TOOL] });
    }),
    toGrowthWork("an object with partials", "KiB", 250, (kib) => {
      const provider = create(
        toAnswer(kib, (content) => ({ content }), ['{"text":"', '"}']),
      );
      return () => readAll(streamObject(provider, "Hello", { output: TEXT }));
    }),
    toGrowthWork("a refused prompt", "messages", 2_500, (count) => {
      const refusal = { error: { message: "The server has too much to do" } };
      const provider = create(() => Response.json(refusal, { status: 400 }));
      const messages = Array.from({ length: count }, (_, index) => ({
        role: "user" as const,
        content: `Message ${index}: what is to be seen at ${index * 7919}?`,
      }));
      return () => provider.generate(messages).catch(() => {});
    }),
  ];
}
