import type { ChatStream } from "../../mod.ts";
import {
  cut,
  toBody,
  toChangedFields,
  toChatUiBytes,
  toMixedText,
  toOpenAiBytes,
  toResponse,
} from "./_bodies.ts";
import { readChunks, readTokens } from "./_loops.ts";
import type { Contestant, Work } from "./_measure.ts";
import { chat, chatUi, toProvider } from "./_offline_chats.ts";
import type { ReadText } from "./_peers.ts";

const EVENTS = 200_000;
const STREAMS = 1_000;

async function countText(texts: AsyncIterable<string>): Promise<number> {
  let length = 0;
  for await (const text of texts) length += text.length;
  return length;
}

/** Reads every event by itself, as `for await` over a stream does. */
async function countEvents(
  batches: AsyncIterable<readonly string[]>,
): Promise<number> {
  let length = 0;
  for await (const texts of batches) {
    for (const text of texts) length += text.length;
  }
  return length;
}

/** Gives each event to a loop of its own, as ours does. */
async function* toSingle(
  batches: AsyncIterable<readonly string[]>,
): AsyncGenerator<string> {
  for await (const texts of batches) yield* texts;
}

async function countStream(stream: ChatStream): Promise<number> {
  let length = 0;
  for await (const event of stream) {
    if (event.type === "text") length += event.text.length;
  }
  return length;
}

async function countBatches(stream: ChatStream): Promise<number> {
  let length = 0;
  for await (const events of stream.batches()) {
    for (const event of events) {
      if (event.type === "text") length += event.text.length;
    }
  }
  return length;
}

async function joinAll(
  batches: AsyncIterable<readonly string[]>,
): Promise<number> {
  const texts: string[] = [];
  for await (const batch of batches) texts.push(batch.join(""));
  return texts.join("").length;
}

function toContestants(
  peers: Readonly<Record<string, ReadText>>,
  pieces: readonly Uint8Array[],
): readonly Contestant[] {
  return Object.entries(peers).map(([name, read]) => ({
    name,
    run: () => countText(read(toResponse(pieces))),
  }));
}

/** Reads streams one after another, each of a part of the events. */
async function readInTurn(read: () => Promise<number>): Promise<number> {
  for (let index = 0; index < STREAMS; index++) await read();
  return STREAMS;
}

/** Reads them all at once. */
async function readAtOnce(read: () => Promise<number>): Promise<number> {
  const lengths = await Promise.all(Array.from({ length: STREAMS }, read));
  return lengths.length;
}

/** Reads answers of another kind, event by event. */
function toKindWork(
  title: string,
  bytes: Uint8Array,
  target: number,
): Work {
  const pieces = cut(bytes);
  return {
    title,
    size: `${EVENTS} chunks, in pieces of 16 KiB`,
    count: EVENTS,
    unit: "event",
    target,
    contestants: [
      {
        name: "bare loop",
        run: () => countEvents(readChunks(toBody(pieces))),
      },
      { name: "@parley/chat", run: () => countStream(chat(pieces)) },
    ],
  };
}

/** Streams of answers, through an injected `fetch`. */
export function toStreamWorks(
  peers: Readonly<Record<string, ReadText>> = {},
): readonly Work[] {
  // One of them would take longer than all the others together.
  const { ai: _, ...quickPeers } = peers;
  const openAi = cut(toOpenAiBytes(EVENTS));
  const lines = cut(toChatUiBytes(EVENTS));
  const short = cut(toOpenAiBytes(EVENTS / STREAMS));
  const provider = toProvider(short);
  const size = `${EVENTS} chunks of 168 bytes, in pieces of 16 KiB`;
  return [
    {
      title: "(a) Events of an answer like OpenAI's, by `for await`",
      size,
      count: EVENTS,
      unit: "event",
      target: 0.7,
      contestants: [
        {
          name: "bare loop",
          run: () => countEvents(readChunks(toBody(openAi))),
        },
        { name: "@parley/chat", run: () => countStream(chat(openAi)) },
        ...toContestants(peers, openAi),
      ],
    },
    {
      title: "(a) The same, by `batches()`",
      size,
      count: EVENTS,
      unit: "event",
      target: 0.5,
      contestants: [
        {
          name: "bare loop",
          run: () => countEvents(readChunks(toBody(openAi))),
        },
        { name: "@parley/chat", run: () => countBatches(chat(openAi)) },
      ],
    },
    toKindWork(
      "(a) Text with escapes and in other scripts",
      toOpenAiBytes(EVENTS, { toText: toMixedText }),
      0.9,
    ),
    toKindWork(
      "(a) A server that changes more than the text in each chunk",
      toOpenAiBytes(EVENTS, { toChanges: toChangedFields }),
      1.25,
    ),
    {
      title: "(b) The same, collected by `generate()`",
      size,
      count: EVENTS,
      unit: "event",
      target: 0.5,
      contestants: [
        { name: "bare loop", run: () => joinAll(readChunks(toBody(openAi))) },
        {
          name: "@parley/chat",
          run: async () => (await chat(openAi).text()).length,
        },
        ...toContestants(quickPeers, openAi),
      ],
    },
    {
      title: "(c) Tokens of an answer of chat-ui",
      size: `${EVENTS} lines of JSON, in pieces of 16 KiB`,
      count: EVENTS,
      unit: "token",
      target: 0.7,
      contestants: [
        {
          name: "bare loop",
          run: () => countEvents(readTokens(toBody(lines))),
        },
        { name: "@parley/chat", run: () => countStream(chatUi(lines)) },
      ],
    },
    {
      title: "(g) A thousand streams at once, beside one after another",
      remark:
        "What lives at once has to be copied by the collector of garbage," +
        " whoever made it, and each turn of another stream finds its data out" +
        " of the cache: the other rows tell how much that is.",
      size: `${STREAMS} streams of ${EVENTS / STREAMS} chunks`,
      count: EVENTS,
      unit: "event",
      target: 1.3,
      contestants: [
        {
          name: "@parley/chat, in turn",
          run: () => readInTurn(() => countStream(provider.stream("Hello"))),
        },
        {
          name: "@parley/chat, at once",
          run: () => readAtOnce(() => countStream(provider.stream("Hello"))),
        },
        {
          name: "bare loop, in turn",
          run: () => readInTurn(() => countEvents(readChunks(toBody(short)))),
        },
        {
          name: "bare loop, at once",
          run: () => readAtOnce(() => countEvents(readChunks(toBody(short)))),
        },
        {
          name: "bare loop by single events, in turn",
          run: () =>
            readInTurn(() => countText(toSingle(readChunks(toBody(short))))),
        },
        {
          name: "bare loop by single events, at once",
          run: () =>
            readAtOnce(() => countText(toSingle(readChunks(toBody(short))))),
        },
      ],
    },
  ];
}
