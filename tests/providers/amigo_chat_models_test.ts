import { assertEquals, assertThrows } from "@std/assert";
import { ProviderError } from "../../core/chat/errors.ts";
import { SAMPLING_SETTINGS } from "../../core/openai/settings.ts";
import {
  amigoChat,
  createAmigoChat,
  getPersonaId,
} from "../../providers/amigo_chat.ts";
import {
  CHAT_PERSONAS,
  IMAGE_PERSONAS,
} from "../../packages/testing/upstreams/_amigo_chat_models.ts";
import { createAmigoChatUpstream } from "@parley/testing";
import { ALIASES } from "./_amigo_chat_aliases.ts";
import { readJson, toAttributes } from "./_requests.ts";

const PERSONAS = { ...CHAT_PERSONAS, ...IMAGE_PERSONAS };

Deno.test("amigoChat has the attributes of its site", () => {
  assertEquals(Object.keys(PERSONAS).length, 37);
  assertEquals(toAttributes(amigoChat), {
    id: "AmigoChat",
    label: "AmigoChat",
    url: "https://amigochat.io/chat/",
    baseUrl: "https://api.amigochat.io",
    working: false,
    supportsStream: true,
    supportsSystemMessage: true,
    supportsMessageHistory: true,
    acceptsImages: true,
    settings: SAMPLING_SETTINGS,
    toolSupport: "none",
    outputSupport: "none",
    defaultModel: "gpt-4o-mini",
    models: Object.keys(PERSONAS),
    imageModels: Object.keys(IMAGE_PERSONAS),
    modelAliases: ALIASES,
  });
});

/** Finds the names that a message says are near to one that is unknown. */
function listNames(message: string, known: readonly string[]): string[] {
  const [, names = ""] = message.split("the nearest are ");
  return names.split(", ").filter((name) =>
    known.some((id) => name === `"${id}"`)
  );
}

Deno.test("amigoChat asks the model behind each alias", async () => {
  for (const [alias, model] of Object.entries(ALIASES)) {
    const upstream = createAmigoChatUpstream({ answer: () => "Good day" });
    const provider = createAmigoChat({ fetch: upstream.fetch });
    assertEquals(
      (await provider.generate("Hi", { model: alias })).model,
      model,
    );
    const { model: sent, personaId } = readJson(upstream.requests[0]);
    assertEquals([sent, personaId], [model, PERSONAS[model]], alias);
  }
});

Deno.test("amigoChat asks another server for its models", async () => {
  const { fetch, requests } = createAmigoChatUpstream();
  const provider = createAmigoChat({ fetch, models: ["gpt-9", "recraft-v3"] });
  assertEquals(provider.defaultModel, "gpt-9");
  assertEquals(provider.imageModels, ["recraft-v3"]);
  assertEquals(provider.modelAliases, {});
  await provider.generate("Hi", { maxRetries: 0 }).catch(() => {});
  assertEquals(readJson(requests[0]).model, "gpt-9");
});

Deno.test("getPersonaId() finds the persona of each model", () => {
  for (const [model, persona] of Object.entries(PERSONAS)) {
    assertEquals(getPersonaId(model), persona);
  }
  for (const [alias, model] of Object.entries(ALIASES)) {
    if (alias in PERSONAS) continue;
    assertEquals(getPersonaId(alias), PERSONAS[model], alias);
  }
});

Deno.test("getPersonaId() names the ten nearest models where one is unknown", () => {
  for (const name of ["", "gpt-4", "toString", "__proto__"]) {
    const error = assertThrows(() => getPersonaId(name), ProviderError);
    assertEquals([error.code, error.provider], ["unknown-model", "AmigoChat"]);
    assertEquals(listNames(error.message, Object.keys(PERSONAS)).length, 10);
  }
});
