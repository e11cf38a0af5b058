import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  createAiChats,
  createAmigoChat,
  createOpenAiCompatible,
  type Provider,
  ProviderError,
} from "@parley/chat";
import {
  type CatalogOptions,
  createModelCatalog,
} from "../../models/model_catalog.ts";
import { createOpenAiUpstream } from "@parley/testing";
import { createParrot } from "../../../../tests/_parrot.ts";

function createNamed(
  id: string,
  models: readonly string[] = ["grey"],
): Provider {
  return createParrot({
    async *respond() {},
    definition: { id, models, defaultModel: models[0] ?? "" },
  }).provider;
}

function create(options: Partial<CatalogOptions>) {
  return createModelCatalog({
    providers: [],
    routes: {},
    failover: {},
    aliases: {},
    ...options,
  });
}

function find(options: Partial<CatalogOptions>, name: string) {
  const { id, owner, model, isFailover } = create(options).find(name);
  return [id, owner, model, isFailover] as const;
}

const TWO = { providers: [createAmigoChat(), createAiChats()] };

Deno.test("createModelCatalog() finds provider/model, the id in any case", () => {
  const expected = [
    "AmigoChat/flux/dev",
    "AmigoChat",
    "flux/dev",
    false,
  ] as const;
  assertEquals(find(TWO, "AmigoChat/flux/dev"), expected);
  assertEquals(find(TWO, "amigochat/flux/dev"), expected);
  assertEquals(find(TWO, "AMIGOCHAT/flux-dev"), expected);
});

Deno.test("createModelCatalog() knows which models routes ask for, as the failover does", async () => {
  const routes = {
    blue: [createNamed("One", ["grey", "blue"]), createNamed("Two")],
  };
  const { answerers, provider } = create({ routes }).find("blue");
  assertEquals(answerers, [
    { provider: "One", model: "blue" },
    { provider: "Two", model: "grey" },
  ]);
  const error = await assertRejects(
    () => provider.generate("Hi", { model: "blue" }),
    ProviderError,
  );
  assertEquals(
    error.attempts?.map(({ provider, model }) => ({ provider, model })),
    answerers,
  );
});

Deno.test("createModelCatalog() finds a model that one provider knows", () => {
  assertEquals(find(TWO, "dalle")[0], "AiChats/dalle");
  assertEquals(find(TWO, "flux/dev")[0], "AmigoChat/flux/dev");
  assertEquals(
    find(TWO, "claude-3.5-sonnet")[0],
    "AmigoChat/claude-3-5-sonnet-20241022",
  );
});

Deno.test("createModelCatalog() takes no name without a slash for that of a provider", () => {
  const providers = [createNamed("llama"), createNamed("B", ["llama3"])];
  assertEquals(find({ providers }, "llama3")[0], "B/llama3");
});

Deno.test("createModelCatalog() asks which provider is meant", () => {
  const providers = [
    createNamed("A"),
    createNamed("B"),
    createNamed("C", ["x"]),
  ];
  const error = assertThrows(() => find({ providers }, "grey"), ProviderError);
  assertEquals(error.code, "unknown-model");
  assertEquals(error.message.includes('"A/…", "B/…"'), true);
});

Deno.test("createModelCatalog() finds aliases and routes before all else", () => {
  const [amigoChat, aiChats] = TWO.providers;
  const options = {
    ...TWO,
    routes: { best: [amigoChat, aiChats] as Provider[] },
    aliases: { "gpt-4": "AmigoChat/gpt-4o-mini", good: "best" },
  };
  assertEquals(find(options, "best"), ["best", "Failover", "best", true]);
  assertEquals(find(options, "good"), ["good", "Failover", "best", true]);
  assertEquals(find(options, "gpt-4"), [
    "gpt-4",
    "AmigoChat",
    "gpt-4o-mini",
    false,
  ]);
  assertEquals(find(options, "AiChats/gpt-4")[0], "AiChats/gpt-4");
});

for (
  const name of [
    "nothing",
    "AmigoChat/",
    "AmigoChat/nothing",
    "Nobody/gpt-4",
    "http://evil.example/gpt-4",
    "constructor",
    "__proto__",
    "AmigoChat/constructor",
    "/",
  ]
) {
  Deno.test(`createModelCatalog() does not know ${name}`, () => {
    const error = assertThrows(() => find(TWO, name), ProviderError);
    assertEquals(error.code, "unknown-model");
  });
}

const { signal } = new AbortController();

Deno.test("createModelCatalog() lists every model, alias and failover", async () => {
  const catalog = create({
    providers: [createAiChats()],
    routes: {
      best: [createAiChats()],
      pictures: [{ provider: createAiChats(), model: "dalle" }],
    },
    aliases: { mini: "gpt-4" },
  });
  const entries = await catalog.list(signal);
  assertEquals(entries.map(({ id, makesImages }) => [id, makesImages]), [
    ["best", false],
    ["pictures", true],
    ["mini", false],
    ["AiChats/gpt-4", false],
    ["AiChats/dalle", true],
  ]);
});

Deno.test("createModelCatalog() lists no name twice", async () => {
  const catalog = create({
    providers: [createAmigoChat()],
    routes: { "AmigoChat/gpt-4o-mini": [createAiChats()] },
  });
  const entries = await catalog.list(signal);
  const ids = entries.map(({ id }) => id);
  assertEquals(ids.length, new Set(ids).size);
  // What is listed is what is found.
  for (const { id, owner } of entries) {
    assertEquals(catalog.find(id).owner, owner);
  }
  // An alias of this name wins over the id.
  assertEquals(ids.includes("AmigoChat/gpt-4o"), false);
});

for (
  const [name, models, expected] of [
    ["takes any model", undefined, ["Local/small", "Local/large"]],
    ["takes some models", ["tiny"], ["Local/tiny"]],
  ] as const
) {
  Deno.test(`createModelCatalog() lists the models of a server that ${name}`, async () => {
    const { fetch } = createOpenAiUpstream({
      models: ["small", "large"],
      imageModels: [],
    });
    const provider = createOpenAiCompatible({
      id: "Local",
      baseUrl: "http://127.0.0.1:11434/v1",
      fetch,
      models,
    });
    const entries = await create({ providers: [provider] }).list(signal);
    assertEquals(entries.map(({ id }) => id), [...expected]);
  });
}

Deno.test("createModelCatalog() lists other models where a server does not tell", async () => {
  const down = createOpenAiCompatible({
    baseUrl: "http://127.0.0.1:11434/v1",
    fetch: () => Promise.reject(new TypeError("down")),
  });
  const catalog = create({ providers: [down, createAiChats()] });
  const entries = await catalog.list(signal);
  assertEquals(entries.map(({ id }) => id), ["AiChats/gpt-4", "AiChats/dalle"]);
});

for (
  const [name, options] of [
    ["two providers of one id", {
      providers: [createNamed("A"), createNamed("a")],
    }],
    ["an id with a slash", { providers: [createNamed("a/b")] }],
    ["an alias that leads nowhere", { ...TWO, aliases: { x: "nothing" } }],
    ["an alias of an alias", { ...TWO, aliases: { x: "gpt-4o", y: "x" } }],
    [
      "an alias that is the name of routes",
      { ...TWO, routes: { x: [createNamed("A")] }, aliases: { x: "gpt-4" } },
    ],
  ] as const
) {
  Deno.test(`createModelCatalog() refuses ${name}`, () => {
    assertThrows(() => create(options), ProviderError);
  });
}

Deno.test("createModelCatalog() names the alias that leads nowhere", () => {
  const aliases = { mini: "gpt-4", quick: "AmigoChat/none" };
  const error = assertThrows(
    () => create({ ...TWO, aliases }),
    ProviderError,
    '"quick"',
  );
  assertEquals(error.code, "invalid-request");
});
