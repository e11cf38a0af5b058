import * as z from "zod/mini";
import { Protocol } from "../settings/protocols.ts";
import { duration, integer, json, list, oneOf, text } from "./setting_kinds.ts";
import type { Setting } from "./setting.ts";

/** A server, of which its provider checks the rest. */
const Server = z.looseObject({
  baseUrl: z.string(),
  protocol: z.optional(Protocol),
  apiKeyVariable: z.optional(z.string()),
});

/** A server as a configuration has it. */
export type ServerSettings = z.infer<typeof Server>;

/** Where the program listens, and what it says. */
export const LISTENING = {
  "config": {
    kind: text("FILE", "the path of a file"),
    about: "a file of JSON with these settings",
    example: "parley.json",
  },
  "hostname": {
    kind: text("ADDRESS", "an address"),
    about: "the address to listen on; 0.0.0.0 is every one of this machine",
    byDefault: "127.0.0.1",
    example: "0.0.0.0",
  },
  "port": {
    kind: integer(0, 65_535),
    about: "the port to listen on; 0 takes a free one",
    byDefault: "8000",
    example: "8080",
  },
  "log": {
    kind: oneOf("all", "failures", "none"),
    about: "which requests to /v1/ are a line of JSON on standard error; " +
      '"failures" are those that failed, or of which an attempt did',
    byDefault: "all",
    example: "failures",
  },
} as const satisfies Record<string, Setting>;

/** Who answers. */
export const SERVERS = {
  "openai.baseUrl": {
    kind: text("URL", "a URL"),
    about: 'a server that speaks like OpenAI\'s, served as "openai", such as ' +
      "http://127.0.0.1:11434/v1",
    example: "http://127.0.0.1:11434/v1",
  },
  "openai.apiKey": {
    kind: text("KEY", "a key"),
    about: "the key for it",
    example: "a-key",
  },
  "openai.imageModels": {
    kind: list("MODEL", "names of models"),
    about: "those of its models that draw",
    example: "dall-e-3",
  },
  "servers": {
    kind: json(
      'servers by their names, such as {"local": {"baseUrl": "http://…/v1"}}',
      z.record(z.string().check(z.minLength(1)), Server),
    ),
    about: "several servers by their names, each with what " +
      'createOpenAiCompatible() takes, such as {"baseUrl", "apiKey", "models", ' +
      '"compat"}; "apiKeyVariable" names a variable in place of the key, and ' +
      '"protocol": "chat-ui" is for chat-ui',
    example: '{"local": {"baseUrl": "http://127.0.0.1:8081/v1"}}',
  },
  "providers": {
    kind: list("ID", "ids of providers"),
    about: "public providers",
    example: "AmigoChat,AiChats",
  },
} as const satisfies Record<string, Setting>;

/** Conversations, and what several instances share. */
export const KEEPING = {
  "conversations": {
    kind: oneOf("sealed", "stored", "none"),
    about:
      "how chats with servers that keep them go on: by a sealed token, by " +
      'a token for what is in "kv", or not at all',
    byDefault: "sealed",
    example: "none",
  },
  "conversationKey": {
    kind: text("KEY", "at least 32 characters", 32),
    about: "what seals conversations: at least 32 characters; all instances " +
      "need the same one",
    byDefault: "a new one at each start",
    example: "thirty-two characters or more ...",
  },
  "conversationTime": {
    kind: duration,
    about: "how long a conversation can go on",
    byDefault: "30d",
    example: "7d",
  },
  "kv": {
    kind: text("PATH", "the path of a file, or a URL"),
    about: "a database of Deno KV for what instances share: the counts of " +
      "requestsPerMinute, the health of routes, stored conversations",
    byDefault: "each instance keeps its own",
    example: "parley.kv",
  },
} as const satisfies Record<string, Setting>;
