import {
  assert,
  assertEquals,
  assertStrictEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { ProviderError } from "../../core/chat/errors.ts";
import { aiChats } from "../../providers/ai_chats.ts";
import { amigoChat } from "../../providers/amigo_chat.ts";
import { autonomousAi } from "../../providers/autonomous_ai.ts";
import { cohereC4aiCommand } from "../../providers/cohere_c4ai_command.ts";
import { getProvider, providers } from "../../providers/registry.ts";

const ALL = {
  AiChats: aiChats,
  AmigoChat: amigoChat,
  AutonomousAI: autonomousAi,
  CohereForAI_C4AI_Command: cohereC4aiCommand,
};

Deno.test("providers has every ready instance by its id", () => {
  assertEquals(Object.keys(providers), Object.keys(ALL));
  for (const [id, provider] of Object.entries(ALL)) {
    assertStrictEquals(providers[id], provider);
    assertEquals(provider.id, id);
  }
});

Deno.test("providers cannot be changed", () => {
  assert(Object.isFrozen(providers));
  for (const id of ["AiChats", "Parrot"]) {
    assertThrows(
      () => Object.assign(providers, { [id]: amigoChat }),
      TypeError,
    );
  }
  assertStrictEquals(providers.AiChats, aiChats);
});

Deno.test("getProvider() finds a provider in any letter case", () => {
  for (const [id, provider] of Object.entries(ALL)) {
    for (const name of [id, id.toLowerCase(), id.toUpperCase()]) {
      assertStrictEquals(getProvider(name), provider, name);
    }
  }
});

Deno.test("getProvider() lists the ids where it finds none", () => {
  for (
    const id of [
      "",
      "Amigo",
      "AmigoChat ",
      "toString",
      "__proto__",
      "amigo_chat",
    ]
  ) {
    const error = assertThrows(() => getProvider(id), ProviderError);
    assertEquals(error.code, "unknown-provider", id);
    for (const known of Object.keys(ALL)) {
      assertStringIncludes(error.message, `"${known}"`);
    }
  }
});
