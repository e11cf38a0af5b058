import { assertEquals, assertThrows } from "@std/assert";
import { ProviderError } from "../../../core/chat/errors.ts";
import { createParrot, FINISH } from "../../_parrot.ts";

async function* respond() {
  yield FINISH;
}

Deno.test("defineProvider() gives the attributes and their defaults", () => {
  const { stream: _stream, generate: _generate, getModel: _getModel, ...rest } =
    createParrot({ respond }).provider;
  assertEquals(rest, {
    id: "Parrot",
    label: "Parrot",
    url: "https://parrot.example",
    baseUrl: "https://parrot.example",
    working: true,
    supportsStream: true,
    supportsSystemMessage: true,
    supportsMessageHistory: true,
    defaultModel: "grey",
    models: ["grey", "green"],
    imageModels: [],
    modelAliases: {},
  });
});

Deno.test("defineProvider() takes attributes over the defaults", () => {
  const { provider } = createParrot({
    respond,
    definition: {
      supportsStream: false,
      supportsSystemMessage: false,
      supportsMessageHistory: false,
      imageModels: ["green"],
      modelAliases: { leaf: "green" },
    },
    options: { baseUrl: "http://127.0.0.1:8000/hub/" },
  });
  assertEquals(provider.baseUrl, "http://127.0.0.1:8000/hub");
  assertEquals(provider.supportsStream, false);
  assertEquals(provider.supportsSystemMessage, false);
  assertEquals(provider.supportsMessageHistory, false);
  assertEquals(provider.imageModels, ["green"]);
  assertEquals(provider.getModel("leaf"), "green");
});

Deno.test("defineProvider() refuses wrong options at once", () => {
  const { code } = assertThrows(
    () => createParrot({ respond, options: { maxRetries: -1 } }),
    ProviderError,
  );
  assertEquals(code, "invalid-request");
});

Deno.test("defineProvider() shows no secret when the provider is printed [K02]", () => {
  const { provider } = createParrot({
    respond,
    options: {
      apiKey: "sk-secret",
      headers: { "x-key": "sk-secret" },
      proxy: "http://me:sk-secret@proxy.example",
    },
  });
  const shown = Deno.inspect(provider, { depth: 100, showHidden: true }) +
    JSON.stringify(provider);
  assertEquals(shown.includes("sk-secret"), false);
});

Deno.test("defineProvider() works when its methods are taken off", async () => {
  const { generate, stream, getModel } = createParrot({ respond }).provider;
  assertEquals((await generate("Hi")).finishReason, "stop");
  assertEquals(await stream("Hi").text(), "");
  assertEquals(getModel(), "grey");
});
