import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { ProviderError } from "../../../core/chat/errors.ts";
import type { ChatEvent } from "../../../core/chat/events.ts";
import { defineProvider } from "../../../core/run/provider.ts";
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
    acceptsImages: false,
    settings: [],
    toolSupport: "none",
    outputSupport: "none",
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

Deno.test("a definition says where the key goes, what failures mean and what models take", async () => {
  const apiKey = "sk-7Qx2mVt9Lr4Kw8Zp";
  let seen: unknown;
  const { provider, requests } = createParrot({
    answer: ({ headers }) =>
      Response.json({ kind: "Busy", why: `No ${headers.get("x-api-key")}` }, {
        status: 418,
      }),
    definition: {
      keyHeader: "x-api-key",
      settings: ["temperature"],
      modelSettings: { green: ["topP"] },
      classify: (status, body) =>
        status === 418 && Object.hasOwn(Object(body), "kind")
          ? "rate-limit"
          : undefined,
    },
    async *respond(run) {
      seen = run.settings;
      yield {
        type: "text",
        text: await (await run.post("/say?deep=1")).text(),
      };
    },
    options: {
      apiKey,
      baseUrl: "https://parrot.example/v1?api-version=2",
      maxRetries: 0,
    },
  });
  const error = await assertRejects(
    () => provider.generate("Hi", { model: "green", topP: 1, temperature: 1 }),
    ProviderError,
  );
  assertEquals([error.code, error.retryable], ["rate-limit", true]);
  assertEquals(seen, { topP: 1 });
  assert(!JSON.stringify(error).includes(apiKey));
  assert(!Deno.inspect(error).includes(apiKey));
  const [{ url, headers } = new Request("https://none.example")] = requests;
  assertEquals(url, "https://parrot.example/v1/say?deep=1&api-version=2");
  assertEquals(headers.get("x-api-key"), apiKey);
  assertEquals(headers.has("authorization"), false);
});

Deno.test("defineProvider() takes an instance of a class, whose methods are its own", async () => {
  class Definition {
    readonly id = "Parrot";
    readonly label = "Parrot";
    readonly url = "https://parrot.example";
    readonly baseUrl = "https://parrot.example";
    readonly working = true;
    readonly defaultModel = "grey";
    readonly models = ["grey", "brush"];
    readonly imageModels = ["brush"];
    readonly toolSupport = "native";
    get bodyFields(): readonly string[] {
      return ["model"];
    }
    readonly #answer = "Hello!";
    async *respond(): AsyncGenerator<ChatEvent> {
      yield { type: "text", text: this.#answer };
      yield FINISH;
    }
  }
  const provider = defineProvider(new Definition());
  for (const model of provider.models) {
    const { text } = await provider.generate("Hello", {
      model,
      extraBody: { top_k: 1 },
    });
    assertEquals(text, "Hello!");
  }
});
