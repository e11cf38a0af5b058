import {
  type ChatStream,
  createAmigoChat,
  createCohereC4aiCommand,
  type Provider,
} from "../../mod.ts";
import { toResponse } from "./_bodies.ts";

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

/** A provider whose server gives an answer of OpenAI's form. */
export function toProvider(pieces: readonly Uint8Array[]): Provider {
  return createAmigoChat({
    fetch: () => Promise.resolve(toResponse(pieces)),
  });
}

/** Reads an answer of OpenAI's form. */
export function chat(pieces: readonly Uint8Array[]): ChatStream {
  return toProvider(pieces).stream("Hello");
}

/** Reads an answer of chat-ui. */
export function chatUi(pieces: readonly Uint8Array[]): ChatStream {
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
