import {
  createAiChats,
  createAmigoChat,
  createAutonomousAi,
  createCohereC4aiCommand,
} from "../../mod.ts";
import {
  type ConformanceTarget,
  createAiChatsUpstream,
  createAmigoChatUpstream,
  createAutonomousAiUpstream,
  createChatUiUpstream,
  createOpenAiUpstream,
} from "@parley/testing";
import { createOpenAi } from "../_openai_compatible.ts";

const OPENAI = {
  failure: 'data: {"error":{"message":"overload"}}\n\n',
  opening: 'data: {"choices":[{"delta":{"content":"',
};

/** The one that keeps a conversation. */
export const CHAT_UI: ConformanceTarget = {
  name: "CohereForAI_C4AI_Command",
  create: createCohereC4aiCommand,
  upstream: createChatUiUpstream,
  answerPath: "/conversation/[0-9a-f]{24}$",
  endMarker: '"interrupted":false}',
  keepAlive: '{"type":"status","status":"keepAlive"}\n',
  failure: '{"type":"status","status":"error","message":"overload"}\n',
  opening: '{"type":"stream","token":"',
  isRepeatable: false,
  keepsConversation: true,
};

/** The one without an end marker. */
export const AI_CHATS: ConformanceTarget = {
  name: "AiChats",
  create: createAiChats,
  upstream: createAiChatsUpstream,
  keepAlive: ": wait\n\n",
  failure: "event: error\ndata: overload\n\n",
  opening: "data: ",
  pictures: { options: { model: "dalle" }, upstream: createAiChatsUpstream },
};

/** The one with several paths. */
export const AUTONOMOUS_AI: ConformanceTarget = {
  ...OPENAI,
  name: "AutonomousAI",
  create: createAutonomousAi,
  upstream: createAutonomousAiUpstream,
  endMarker: '"finish_reason":"stop"',
  keepAlive: ": wait\n\n",
};

/** The one with devices. */
export const AMIGO_CHAT: ConformanceTarget = {
  ...OPENAI,
  name: "AmigoChat",
  create: createAmigoChat,
  upstream: createAmigoChatUpstream,
  endMarker: '"finish_reason":"stop"',
  keepAlive: 'data: {"choices":[]}\n\n',
  pictures: {
    options: { model: "dall-e-3" },
    upstream: createAmigoChatUpstream,
  },
};

/** The one that any server may be behind. */
export const OPENAI_COMPATIBLE: ConformanceTarget = {
  ...OPENAI,
  name: "OpenAiCompatible",
  create: createOpenAi,
  upstream: createOpenAiUpstream,
  endMarker: '"finish_reason":"stop"',
  keepAlive: ": OPENROUTER PROCESSING\n\n",
  pictures: {
    options: { model: "dall-e-3" },
    upstream: createOpenAiUpstream,
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
