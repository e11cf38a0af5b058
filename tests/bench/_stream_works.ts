import {
  type ChatStream,
  createAmigoChat,
  createCohereC4aiCommand,
  type Provider,
} from "../../mod.ts";
import {
  cut,
  toBody,
  toChatUiBytes,
  toOpenAiBytes,
  toResponse,
} from "./_bodies.ts";
import { readChunks, readTokens } from "./_loops.ts";
import type { Contestant, Work } from "./_measure.ts";
import type { ReadText } from "./_peers.ts";

const EVENTS = 200_000;
const STREAMS = 1_000;

const CONVERSATION = "65f0a1b2c3d4e5f601234567";
const PAGE_DATA = JSON.stringify({
  type: "data",
  nodes: [null, {
    type: "data",
    data: [{ messages: 1 }, [2], { id: 3, from: 4 }, crypto.randomUUID(), "x"],
  }],
});

/** What a server of chat-ui answers at each path. */
const CHAT_UI: Readonly<
  Record<string, (pieces: readonly Uint8Array[]) => Response>
> = {
  "/conversation": () => Response.json({ conversationId: CONVERSATION }),
  [`/conversation/${CONVERSATION}/__data.json`]: () => new Response(PAGE_DATA),
  [`/conversation/${CONVERSATION}`]: (pieces) =>
    toResponse(pieces, "application/jsonl"),
};

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

async function countStream(stream: ChatStream): Promise<number> {
  let length = 0;
  for await (const event of stream) {
    if (event.type === "text") length += event.text.length;
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

function toProvider(pieces: readonly Uint8Array[]): Provider {
  return createAmigoChat({
    fetch: () => Promise.resolve(toResponse(pieces)),
  });
}

function chat(pieces: readonly Uint8Array[]): ChatStream {
  return toProvider(pieces).stream("Hello");
}

function chatUi(pieces: readonly Uint8Array[]): ChatStream {
  return createCohereC4aiCommand({
    fetch: (input) => {
      const { pathname } = new URL(String(input));
      const toAnswer = CHAT_UI[pathname];
      return Promise.resolve(
        toAnswer ? toAnswer(pieces) : new Response(null, { status: 404 }),
      );
    },
  }).stream("Hello");
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
      target: 1.4,
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
      title: "(b) The same, collected by `generate()`",
      size,
      count: EVENTS,
      unit: "event",
      target: 1.3,
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
      target: 1.4,
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
        " whoever made it: the last two rows tell how much that is.",
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
      ],
    },
  ];
}
