import { createAiChats, type Provider } from "../../mod.ts";
import type { ConformanceTarget } from "@parley/testing";
import { TestBody, toBytes } from "../_body.ts";

function toAnswer(firstCharacter: number): string {
  return Array.from(
    { length: 500 },
    (_, index) => String.fromCharCode(firstCharacter + index),
  ).join("");
}

/** What a route answers that breaks off: 500 characters, no two the same. */
export const ANSWER: string = toAnswer(0x4e00);

/** What another one answers; it shares no character with the first. */
export const OTHER_ANSWER: string = toAnswer(0x5e00);

/** A provider whose answers break off. */
export interface CutProvider {
  readonly provider: Provider;
  /** After how many characters the next answers break off. */
  cut: number;
}

/** Reads the body of one answer, a character in each of its events. */
async function record(
  { create, answerPath = "" }: ConformanceTarget,
  fetch: typeof globalThis.fetch,
): Promise<string> {
  let body = "";
  const provider = create({
    async fetch(input, init) {
      const response = await fetch(input, init);
      if (!new RegExp(answerPath).test(String(input))) return response;
      body = await response.text();
      return new Response(body, response);
    },
  });
  await provider.generate("Hello");
  return body;
}

/** How many characters before a cut come one by one. */
const SINGLE = 20;

/**
 * Cuts a body after so many characters of the answer. The first of them come
 * in one event, or reading them would take most of the time of the tests.
 */
function createCutter(body: string): (cut: number) => Uint8Array {
  const starts = [...ANSWER].map((character) =>
    body.lastIndexOf("\n", body.indexOf(character)) + 1
  );
  const last = starts.at(-1) ?? 0;
  const length = body.slice(last).search(/(?<=\n)[^\n]/);
  starts.push(length === -1 ? body.length : last + length);
  const toEvents = (from: number, to: number) =>
    body.slice(starts[from], starts[to]);
  return (cut) => {
    const opening = body.slice(0, starts[0]);
    if (cut === 0) return toBytes(opening);
    const first = Math.max(0, cut - SINGLE);
    const joined = toEvents(first, first + 1)
      .replace(ANSWER[first] ?? "", ANSWER.slice(0, first + 1));
    return toBytes(opening + joined + toEvents(first + 1, cut));
  };
}

function* toPieces(body: Uint8Array, size: number): Generator<Uint8Array> {
  for (let start = 0; start < body.length; start += size) {
    yield body.subarray(start, start + size);
  }
}

/**
 * Makes a provider whose answers break off between two characters: the body
 * ends there, or the connection breaks where nothing marks the end of a body.
 *
 * @param target The provider and its server.
 */
export async function createCutProvider(
  target: ConformanceTarget,
): Promise<CutProvider> {
  const { create, answerPath = "", endMarker } = target;
  const { fetch } = target.upstream({ answer: () => [...ANSWER] });
  const cutBody = createCutter(await record(target, fetch));
  const cutProvider: CutProvider = {
    cut: 0,
    provider: create({
      maxRetries: 0,
      async fetch(input, init) {
        if (!new RegExp(answerPath).test(String(input))) {
          return await fetch(input, init);
        }
        const { cut } = cutProvider;
        const rest = new TestBody(
          // Pieces of other sizes for each cut, now and then all in one.
          toPieces(cutBody(cut), 100 * (1 + cut % 50)),
          endMarker === undefined ? new TypeError("reset") : "close",
        );
        return new Response(rest.stream, {
          headers: {
            "content-type": answerPath === ""
              ? "text/event-stream"
              : "application/jsonl",
          },
        });
      },
    }),
  };
  return cutProvider;
}

/** Makes a provider that gives a whole answer, in a few pieces. */
export function createWholeProvider(answer: string): Provider {
  const body = answer.match(/.{1,70}/gs)
    ?.map((piece) => `data: ${piece}\n\n`).join("");
  return createAiChats({
    fetch: () => Promise.resolve(new Response(body)),
  });
}
