import {
  assert,
  assertEquals,
  assertStrictEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { ProviderError } from "../../core/chat/errors.ts";
import * as library from "../../mod.ts";
import { amigoChat } from "../../providers/amigo_chat.ts";
import { getProvider, providers } from "../../providers/registry.ts";

/** Every ready instance that the library exports. */
const INSTANCES = Object.entries(library).filter(([, value]) =>
  typeof value === "object" && "stream" in value && "id" in value
);

Deno.test("providers has every ready instance by its id", () => {
  const found = INSTANCES.map(([, instance]) => instance);
  assertEquals(new Set<unknown>(Object.values(providers)), new Set(found));
  for (const [id, provider] of Object.entries(providers)) {
    assertEquals(provider.id, id);
  }
});

Deno.test("every ready instance has a factory of its name", () => {
  const names = Object.keys(library);
  for (const [name] of INSTANCES) {
    const factory = `create${name.charAt(0).toUpperCase()}${name.slice(1)}`;
    assert(names.includes(factory), factory);
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
  assertStrictEquals(providers.AmigoChat, amigoChat);
});

Deno.test("getProvider() finds a provider in any letter case", () => {
  for (const [id, provider] of Object.entries(providers)) {
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
    for (const known of Object.keys(providers)) {
      assertStringIncludes(error.message, `"${known}"`);
    }
  }
});
