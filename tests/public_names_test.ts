import { assertEquals } from "@std/assert";
import * as library from "../mod.ts";
import * as kit from "../core/provider.ts";
import * as failover from "../failover/mod.ts";
import * as gateway from "@parley/gateway";
import * as testing from "@parley/testing";

Deno.test("mod.ts exports these names and no other", () => {
  assertEquals(Object.keys(library).sort(), [
    "ProviderError",
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
    "detectMediaType",
    "encodeBase64",
    "formatPrompt",
    "generateChatId",
    "getPersonaId",
    "getProvider",
    "isProviderError",
    "jsonSchema",
    "parseConversation",
    "providers",
    "toDataUrl",
    "toJsonLines",
    "toLines",
    "toMessage",
    "toSseEvents",
  ]);
});

Deno.test("core/provider.ts exports these names and no other", () => {
  assertEquals(Object.keys(kit).sort(), [
    "SYSTEM_CLOCK",
    "abortable",
    "createBodyReader",
    "createJsonLineDecoder",
    "createSseDecoder",
    "defineProvider",
    "downloadImage",
    "readOpenAiAnswer",
    "readOpenAiImages",
    "toImage",
    "toOpenAiMessages",
    "toOpenAiTools",
  ]);
});

Deno.test("failover/mod.ts exports these names and no other", () => {
  assertEquals(Object.keys(failover).sort(), [
    "createFailover",
    "createKvStore",
    "createMemoryStore",
  ]);
});

Deno.test("the gateway exports these names and no other", () => {
  assertEquals(Object.keys(gateway).sort(), [
    "createConversationSealer",
    "createConversationStore",
    "createGateway",
  ]);
});

Deno.test("the package for tests exports these names and no other", () => {
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
  "acceptsImages",
  "baseUrl",
  "defaultModel",
  "generate",
  "getModel",
  "id",
  "imageModels",
  "label",
  "modelAliases",
  "models",
  "outputSupport",
  "settings",
  "stream",
  "supportsMessageHistory",
  "supportsStream",
  "supportsSystemMessage",
  "toolSupport",
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
