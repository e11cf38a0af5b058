import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { ProviderError } from "../../core/chat/errors.ts";
import {
  createOpenAiCompatible,
  type OpenAiCompatibleOptions,
} from "../../providers/openai_compatible.ts";
import { createOpenAiUpstream } from "@parley/testing";
import { catchError } from "../../packages/testing/conformance/ending.ts";
import { assertPng } from "../../packages/testing/tests/_png.ts";
import { readJson, toRoutes } from "./_requests.ts";

const baseUrl = "https://models.example/v1";

function create(options: Partial<OpenAiCompatibleOptions> = {}) {
  return createOpenAiCompatible({ baseUrl, ...options });
}

Deno.test("createOpenAiCompatible() asks for any model where it knows none", async () => {
  const { fetch, requests } = createOpenAiUpstream({ models: ["org/a:7b"] });
  const { model } = await create({ fetch }).generate("Hello", {
    model: "org/a:7b",
  });
  assertEquals([model, readJson(requests[0]).model], ["org/a:7b", "org/a:7b"]);
  for (const name of ["constructor", "__proto__", " "]) {
    assertEquals(create().getModel(name), name);
  }
});

Deno.test("createOpenAiCompatible() wants a model to be named where it has no default", async () => {
  const { fetch, requests } = createOpenAiUpstream();
  const provider = create({ fetch, imageModels: ["dall-e-3"] });
  for (const options of [{}, { model: "" }]) {
    const error = await catchError(provider.generate("Hello", options));
    assertEquals([error.code, requests.length], ["unknown-model", 0]);
    assertStringIncludes(error.message, 'name one, or set "defaultModel"');
  }
  assertThrows(() => provider.getModel(), ProviderError, "name one");
});

Deno.test("createOpenAiCompatible() asks for its default model", () => {
  assertEquals(create({ defaultModel: "a" }).getModel(), "a");
  assertEquals(create({ models: ["b", "c"] }).getModel(), "b");
  const both = create({ models: ["b", "c"], defaultModel: "c" });
  assertEquals([both.getModel(), both.defaultModel], ["c", "c"]);
});

Deno.test("createOpenAiCompatible() asks for no other than its models", async () => {
  const { fetch, requests } = createOpenAiUpstream();
  const provider = create({
    fetch,
    models: ["a", "b"],
    defaultModel: "c",
    imageModels: ["d"],
    modelAliases: { small: "e", large: "a" },
  });
  assertEquals(provider.models, ["c", "a", "b", "d", "e"]);
  assertEquals(provider.imageModels, ["d"]);
  assertEquals(provider.getModel("small"), "e");
  const error = await catchError(provider.generate("Hello", { model: "gpt" }));
  assertEquals([error.code, requests.length], ["unknown-model", 0]);
  assertStringIncludes(error.message, '"a", "b", "d", "e", "small", "large"');
});

Deno.test("createOpenAiCompatible() knows aliases beside any model", () => {
  const provider = create({ modelAliases: { small: "gpt-4o-mini" } });
  assertEquals(provider.getModel("small"), "gpt-4o-mini");
  assertEquals(provider.getModel("large"), "large");
  assertEquals(provider.models, ["gpt-4o-mini"]);
});

Deno.test("createOpenAiCompatible() draws with the models that it is told draw", async () => {
  const { fetch, requests } = createOpenAiUpstream();
  const provider = create({
    fetch,
    imageModels: ["dall-e-3"],
    modelAliases: { brush: "dall-e-3" },
  });
  const { images, text, warnings } = await provider.generate([
    { role: "system", content: "Draw cats" },
    { role: "user", content: "Ein Kätzchen" },
  ], { model: "brush", temperature: 1 });
  assertEquals(
    requests.map(({ url, body }) => [url, JSON.parse(body)]),
    [[`${baseUrl}/images/generations`, {
      prompt: "Ein Kätzchen",
      model: "dall-e-3",
      n: 1,
    }]],
  );
  assertEquals([text, images.length], ["", 1]);
  assertEquals(images[0]?.url, "https://models.example/img/1.png");
  assertEquals(warnings.map(({ code }) => code), ["unsupported-setting"]);

  // By its name alone no model is one that draws.
  const other = await catchError(
    create({ fetch }).generate("A cat", { model: "dall-e-3" }),
  );
  assertEquals(other.code, "unknown-model");
  assertEquals(requests[1]?.path, "/v1/chat/completions");
});

Deno.test("createOpenAiCompatible() takes bytes in place of a URL", async () => {
  const upstream = createOpenAiUpstream({ imageFormat: "b64_json" });
  const provider = create({
    fetch: upstream.fetch,
    imageModels: ["dall-e-3"],
    defaultModel: "dall-e-3",
  });
  const { images: [image] } = await provider.generate("A cat");
  assertEquals(image?.url, undefined);
  await assertPng(await image?.bytes() ?? new Uint8Array());
  assertEquals(toRoutes(upstream), ["POST /v1/images/generations"]);
});

Deno.test("createOpenAiCompatible() is not made with wrong options", () => {
  const wrong: readonly Record<string, unknown>[] = [
    { baseUrl: undefined },
    { id: "" },
    { label: 7 },
    { defaultModel: "" },
    { imageModels: [""] },
    { imageModels: "dall-e-3" },
    { modelAliases: { small: "" } },
    { modelAliases: ["small"] },
    { compat: "vllm" },
    { models: [] },
    { model: "gpt-4o" },
  ];
  const wrongCompat = [
    { maxTokensField: "maxTokens" },
    { includeUsage: "yes" },
    { includeUsages: true },
  ];
  const cases = [
    ...wrong.map((fields) => [Object.keys(fields)[0] ?? "", fields] as const),
    ...wrongCompat.map((compat) =>
      [`compat.${Object.keys(compat)[0]}`, { compat }] as const
    ),
  ];
  for (const [name, fields] of cases) {
    const options = { baseUrl, ...fields } as OpenAiCompatibleOptions;
    const error = assertThrows(
      () => createOpenAiCompatible(options),
      ProviderError,
      `Option "${name}`,
    );
    assertEquals(error.code, "invalid-request", name);
  }
});
