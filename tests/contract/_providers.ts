import {
  type ChatOptions,
  type Conversation,
  createAiChats,
  createAmigoChat,
  createAutonomousAi,
  createCohereC4aiCommand,
  type Provider,
  type ProviderOptions,
} from "../../mod.ts";
import { CONVERSATION_ID } from "../_chat_ui.ts";
import { createOpenAi } from "../_openai_compatible.ts";

/** How to ask one provider, and what a whole answer of its server is. */
export interface ProviderCase {
  readonly name: string;
  readonly create: (options?: ProviderOptions) => Provider;
  readonly options?: ChatOptions;
  readonly mediaType: string;
  /** What the server sends to begin with, which holds the first text. */
  readonly beginning: string;
  /** What the server sends while it has nothing to say. */
  readonly keepAlive: string;
  /** The rest of the answer. */
  readonly rest: string;
  /** What the server sends in place of it where it fails. */
  readonly failure: string;
  /** How an event begins that holds text. */
  readonly opening: string;
  /** What ends the answer at once, though the socket stays open. */
  readonly done: string;
  /** The text of the answer. */
  readonly text: string;
  /**
   * What makes the answer whole, in `rest`; absent where the end of the body
   * does.
   */
  readonly endMarker?: string;
  /** Whether the request for the answer may be sent again after any failure. */
  readonly isRepeatable: boolean;
}

function toLines(values: readonly unknown[]): string {
  return values.map((value) => `${JSON.stringify(value)}\n`).join("");
}

function toChunk(fields: Record<string, unknown>, id = "c1"): string {
  return JSON.stringify({ id, choices: [{ index: 0, ...fields }] });
}

/** The one that keeps a conversation. */
export const CHAT_UI: ProviderCase = {
  name: "CohereForAI_C4AI_Command",
  create: createCohereC4aiCommand,
  mediaType: "application/jsonl",
  beginning: toLines([
    { type: "status", status: "started" },
    { type: "stream", token: "Grüße\0\0\0\0\0\0\0\0\0" },
  ]),
  keepAlive: toLines([{ type: "status", status: "keepAlive" }]),
  rest: toLines([
    { type: "title", title: "🔤 Rivers" },
    { type: "reasoning", token: "hm" },
    { type: "webSearch" },
    { type: "stream", token: " \u2028x\ud83d" },
    { type: "stream", token: "\ude00y\0\0" },
    {
      type: "finalAnswer",
      text: "Grüße \u2028x😀y 日本",
      interrupted: false,
    },
  ]) + " ".repeat(40),
  opening: '{"type":"stream","token":"',
  failure: toLines([{ type: "status", status: "error", message: "overload" }]),
  done: "",
  text: "Grüße \u2028x😀y 日本",
  endMarker: '"interrupted":false}',
  isRepeatable: false,
};

/** AiChats, the one without an end marker. */
export const AI_CHATS: ProviderCase = {
  name: "AiChats",
  create: createAiChats,
  mediaType: "text/event-stream",
  beginning: "data: Grüße\n\n",
  keepAlive: ": wait\n\n",
  rest:
    ": wait\n\ndata:  x😀\r\n\r\ndata: one\r\ndata:\r\ndata: two\r\n\r\nid: 7\n" +
    "data:日本\r\r",
  opening: "data: ",
  failure: "event: error\ndata: overload\n\n",
  done: "data: [DONE]\n\n",
  text: "Grüße x😀one\n\ntwo日本",
  isRepeatable: true,
};

const autonomousAi: ProviderCase = {
  name: "AutonomousAI",
  create: createAutonomousAi,
  mediaType: "text/event-stream",
  beginning: `data: ${toChunk({ delta: { content: "Grüße" } })}\n\n`,
  keepAlive: ": wait\n\n",
  rest: [
    `data: ${toChunk({ delta: null })}\n\ndata: {"choices":[{"delta"\n\n`,
    `data: ${toChunk({ delta: { content: " x\ud83d" } })}\n\n`,
    `data: ${toChunk({ delta: { content: "\ude00y" } })}\r\n\r\n`,
    `data: ${toChunk({ delta: {}, finish_reason: "length" })}\n\n`,
    'data: {"choices":[],"usage":{"prompt_tokens":1,"total_tokens":3}}\n\n',
    "data: [DONE]\n\n",
  ].join(""),
  opening: 'data: {"choices":[{"delta":{"content":"',
  failure: 'data: {"error":{"message":"overload"}}\n\n',
  done: "",
  text: "Grüße x😀y",
  endMarker: '"finish_reason":"length"}]}',
  isRepeatable: true,
};

const amigoChat: ProviderCase = {
  name: "AmigoChat",
  create: createAmigoChat,
  mediaType: "text/event-stream",
  beginning: `data: ${toChunk({ delta: { content: "Grüße" } })}\n\n`,
  keepAlive: 'data: {"choices":[]}\n\n',
  rest: [
    'event: message\rdata:{"choices":[{"delta":\rdata:{"content":" x"}}]}\r\r',
    'data: {"choices":[{"text":"😀 日本"}]}\n\n',
    "data:[DONE]\r\n\r\n",
  ].join(""),
  opening: 'data: {"choices":[{"delta":{"content":"',
  failure: 'data: {"error":{"message":"overload"}}\n\n',
  done: "",
  text: "Grüße x😀 日本",
  endMarker: "[DONE]",
  isRepeatable: true,
};

const openAiCompatible: ProviderCase = {
  name: "OpenAiCompatible",
  create: createOpenAi,
  mediaType: "text/event-stream",
  beginning: `data: ${toChunk({ delta: { content: "Grüße" } })}\n\n`,
  keepAlive: ": PROCESSING\n\n",
  rest: [
    `data: ${toChunk({ delta: { reasoning_content: "hm" }, usage: null })}\n\n`,
    `data: ${toChunk({ delta: { content: " x😀" }, finish_reason: null })}\n\n`,
    `data: ${toChunk({ delta: {}, finish_reason: "stop" })}\n\n`,
    'data: {"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2}}\n\n',
    "data: [DONE]\n\n",
  ].join(""),
  opening: 'data: {"choices":[{"delta":{"content":"',
  failure: 'data: {"error":{"message":"overload"}}\n\n',
  done: "",
  text: "Grüße x😀",
  endMarker: '"finish_reason":"stop"}]}',
  isRepeatable: true,
};

/** The five providers. */
export const PROVIDERS: readonly ProviderCase[] = [
  CHAT_UI,
  AI_CHATS,
  autonomousAi,
  amigoChat,
  openAiCompatible,
];

const completion = JSON.stringify({
  choices: [{ index: 0, message: { content: "Grüße 😀" } }],
});

const picture = JSON.stringify({ data: [{ b64_json: "R0lGODlhAQABAAAA" }] });

/** Answers that are one JSON object: whole only with their last byte. */
const COLLECTED = {
  mediaType: "application/json",
  beginning: "",
  keepAlive: "",
  opening: '{"choices":[{"message":{"content":"',
  failure: '{"error":{"message":"overload"}}',
  done: "",
  isRepeatable: true,
};

/** Every form of answer that there is. */
export const ANSWERS: readonly ProviderCase[] = [
  ...PROVIDERS,
  ...[autonomousAi, amigoChat, openAiCompatible].map((provider) => ({
    ...provider,
    ...COLLECTED,
    name: `${provider.name}, collected`,
    options: { stream: false },
    rest: completion,
    text: "Grüße 😀",
    endMarker: completion,
  })),
  ...[{ ...AI_CHATS, options: { model: "dalle" } }, {
    ...amigoChat,
    options: { model: "dall-e-3" },
  }].map((provider) => ({
    ...provider,
    ...COLLECTED,
    name: `${provider.name}, picture`,
    rest: picture,
    text: "",
    endMarker: picture,
  })),
];

/** The whole answer. */
export function toAnswer({ beginning, keepAlive, rest }: ProviderCase): string {
  return beginning + keepAlive + rest;
}

/** A conversation with a provider, as it comes back from storage. */
export function toConversation(
  { create }: ProviderCase,
  cookies: Conversation["cookies"] = {},
): Conversation {
  const { id, baseUrl, defaultModel } = create();
  return {
    version: 1,
    provider: id,
    origin: new URL(baseUrl).origin,
    id: CONVERSATION_ID,
    model: defaultModel,
    systemPrompt: "",
    cookies,
  };
}
