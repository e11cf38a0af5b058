import { assertEquals } from "@std/assert";
import * as library from "../mod.ts";
import * as failover from "../failover/mod.ts";
import * as gateway from "../gateway/mod.ts";
import * as testing from "../testing/mod.ts";

Deno.test("mod.ts exports these names and no other", () => {
  assertEquals(Object.keys(library).sort(), [
    "JsonLineDecoder",
    "ProviderError",
    "SYSTEM_CLOCK",
    "SseDecoder",
    "aiChats",
    "amigoChat",
    "autonomousAi",
    "cohereC4aiCommand",
    "createAiChats",
    "createAmigoChat",
    "createAutonomousAi",
    "createCohereC4aiCommand",
    "createOpenAiCompatible",
    "decodeBase64",
    "defineProvider",
    "detectMediaType",
    "downloadImage",
    "encodeBase64",
    "formatPrompt",
    "generateChatId",
    "getPersonaId",
    "getProvider",
    "parseConversation",
    "providers",
    "readOpenAiAnswer",
    "readOpenAiImages",
    "toDataUrl",
    "toImage",
    "toJsonLines",
    "toLines",
    "toOpenAiMessages",
    "toSseEvents",
  ]);
});

Deno.test("failover/mod.ts exports these names and no other", () => {
  assertEquals(Object.keys(failover).sort(), [
    "createFailover",
    "createKvStore",
    "createMemoryStore",
  ]);
});

Deno.test("gateway/mod.ts exports these names and no other", () => {
  assertEquals(Object.keys(gateway).sort(), [
    "createConversationSealer",
    "createConversationStore",
    "createGateway",
  ]);
});

Deno.test("testing/mod.ts exports these names and no other", () => {
  assertEquals(Object.keys(testing).sort(), [
    "FakeClock",
    "conformanceCases",
    "createAiChatsUpstream",
    "createAmigoChatUpstream",
    "createAutonomousAiUpstream",
    "createChatUiUpstream",
    "createFaultyUpstream",
    "createOpenAiUpstream",
    "createRandom",
    "createUpstream",
    "echo",
    "flush",
    "rechunk",
    "testProvider",
    "toAnswerBody",
  ]);
});

const ATTRIBUTES = [
  "baseUrl",
  "defaultModel",
  "generate",
  "getModel",
  "id",
  "imageModels",
  "label",
  "modelAliases",
  "models",
  "stream",
  "supportsMessageHistory",
  "supportsStream",
  "supportsSystemMessage",
  "url",
  "working",
];

Deno.test("every provider has these attributes and no other", () => {
  for (const provider of Object.values(library.providers)) {
    assertEquals(Object.keys(provider).sort(), ATTRIBUTES);
  }
  const provider = library.createOpenAiCompatible({ baseUrl: "http://[::1]" });
  assertEquals(
    Object.keys(provider).sort(),
    [...ATTRIBUTES, "listModels"].sort(),
  );
});
