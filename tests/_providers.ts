// The one table of providers: every suite that asks each of them reads it.
import {
  createAiChats,
  createAmigoChat,
  createAutonomousAi,
  createCohereC4aiCommand,
  decodeBase64,
} from "../mod.ts";
import {
  type ConformanceTarget,
  createAiChatsUpstream,
  createAmigoChatUpstream,
  createAutonomousAiUpstream,
  createChatUiUpstream,
  createOpenAiUpstream,
  type ToolAnswerOptions,
  type ToolQuirk,
} from "@parley/testing";
import { createOpenAi } from "./_openai_compatible.ts";
import { readOpenAiMessages, readOpenAiQuestion } from "./_sent_messages.ts";

const SETTINGS = [
  "temperature",
  "topP",
  "maxTokens",
  "frequencyPenalty",
  "presencePenalty",
] as const;

const OPENAI = {
  reportsUsage: true,
  reportsLength: true,
  failure: 'data: {"error":{"message":"overload"}}\n\n',
  opening: 'data: {"choices":[{"delta":{"content":"',
};

/** How servers like OpenAI's differ where tools are called. */
const TOOL_QUIRKS: readonly ToolQuirk[] = [
  "no-index",
  "index-0",
  "no-id",
  "late-id",
  "one-id",
  "name-each",
  "late-name",
  "whole",
  "args-object",
  "interleaved",
  "stop-reason",
  "double-finish",
];

/** Reads the messages of a prompt, whose pictures come with the last one. */
function toMessages(prompt: string, images: readonly string[]) {
  const lines = /^User: ([^]*)\nAssistant:$/.exec(prompt)?.[1] ?? prompt;
  const texts = lines.split(/\n(?:User|Assistant): /);
  return texts.map((text, index) => ({
    role: index % 2 === 0 ? "user" : "assistant",
    text,
    ...(index === texts.length - 1 && images.length > 0 && { images }),
  }));
}

/** The one that keeps a conversation. */
export const CHAT_UI: ConformanceTarget = {
  name: "CohereForAI_C4AI_Command",
  create: createCohereC4aiCommand,
  upstream: createChatUiUpstream,
  answerPath: "(?<!/api)/conversation/[0-9a-f]{24}$",
  endMarker: '"interrupted":false}',
  keepAlive: '{"type":"status","status":"keepAlive"}\n',
  failure: '{"type":"status","status":"error","message":"overload"}\n',
  opening: '{"type":"stream","token":"',
  isRepeatable: false,
  trailerTime: 30_000,
  recovers: true,
  keepsConversation: true,
  readQuestion({ body }, requests) {
    // The model and the system text are told where a conversation begins.
    const [begin] = requests.filter(({ path }) => path === "/conversation");
    const { model, preprompt = "" } = JSON.parse(begin?.body ?? "{}");
    const [, data = "{}"] = /name="data"\r\n\r\n([^]*?)\r\n--/.exec(body) ?? [];
    const system = preprompt && { role: "system", text: preprompt };
    const images = [...body.matchAll(
      /filename="base64;[^"]*"\r\nContent-Type: (.*)\r\n\r\n(.*)\r\n/g,
    )].map(([, type, base64]) => `data:${type};base64,${base64}`);
    const prompt = toMessages(JSON.parse(data).inputs ?? "", images);
    return { model, messages: system ? [system, ...prompt] : prompt };
  },
};

/** The one without an end marker. */
export const AI_CHATS: ConformanceTarget = {
  name: "AiChats",
  create: createAiChats,
  upstream: createAiChatsUpstream,
  keepAlive: ": wait\n\n",
  failure: "event: error\ndata: overload\n\n",
  opening: "data: ",
  readQuestion: ({ body }) => ({
    messages: JSON.parse(body).messagesHistory.map((
      { content }: { readonly content: string },
    ) => ({ role: "user", text: content })),
  }),
  pictures: { options: { model: "dalle" }, upstream: createAiChatsUpstream },
};

/** The one with several paths. */
export const AUTONOMOUS_AI: ConformanceTarget = {
  ...OPENAI,
  name: "AutonomousAI",
  create: createAutonomousAi,
  upstream: createAutonomousAiUpstream,
  answerPath: "/api/v1/ai/",
  endMarker: '"finish_reason":"stop"',
  keepAlive: ": wait\n\n",
  readQuestion({ body }) {
    const { threadId: model, messages } = JSON.parse(body);
    const json = new TextDecoder().decode(decodeBase64(messages));
    return { model, messages: readOpenAiMessages(JSON.parse(json)) };
  },
};

/** The one with devices. */
export const AMIGO_CHAT: ConformanceTarget = {
  ...OPENAI,
  name: "AmigoChat",
  total: 300_000,
  create: createAmigoChat,
  upstream: createAmigoChatUpstream,
  endMarker: '"finish_reason":"stop"',
  keepAlive: 'data: {"choices":[]}\n\n',
  readQuestion: readOpenAiQuestion,
  settings: SETTINGS,
  pictures: {
    options: { model: "dall-e-3" },
    upstream: createAmigoChatUpstream,
  },
};

/** The one that any server may be behind. */
export const OPENAI_COMPATIBLE: ConformanceTarget = {
  ...OPENAI,
  name: "OpenAiCompatible",
  create: (options) => createOpenAi(options),
  upstream: createOpenAiUpstream,
  endMarker: '"finish_reason":"stop"',
  keepAlive: ": OPENROUTER PROCESSING\n\n",
  readQuestion: readOpenAiQuestion,
  settings: SETTINGS,
  pictures: {
    options: { model: "dall-e-3" },
    upstream: createOpenAiUpstream,
  },
  tools: {
    upstreams: {
      "of OpenAI": createOpenAiUpstream,
      ...Object.fromEntries(TOOL_QUIRKS.map((quirk) => [
        quirk,
        (options: ToolAnswerOptions) =>
          createOpenAiUpstream({ ...options, quirks: [quirk] }),
      ])),
    },
  },
};

/** The five providers. */
export const TARGETS: readonly ConformanceTarget[] = [
  CHAT_UI,
  AI_CHATS,
  AUTONOMOUS_AI,
  AMIGO_CHAT,
  OPENAI_COMPATIBLE,
];

/** Those that can be asked for an answer in one piece. */
export const COLLECTED_TARGETS: readonly ConformanceTarget[] = [
  AUTONOMOUS_AI,
  AMIGO_CHAT,
  OPENAI_COMPATIBLE,
].map(({ keepAlive: _, failure: _failure, opening: _opening, ...target }) => ({
  ...target,
  name: `${target.name}, collected`,
  options: { stream: false },
  isStreamed: false,
  endMarker: undefined,
}));
