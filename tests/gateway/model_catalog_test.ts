import { assertEquals, assertThrows } from "@std/assert";
import {
  createAiChats,
  createAmigoChat,
  type Provider,
  ProviderError,
} from "../../mod.ts";
import {
  type CatalogOptions,
  createModelCatalog,
} from "../../gateway/model_catalog.ts";
import { createParrot } from "../_parrot.ts";

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

Deno.test("createModelCatalog() finds a model that one provider knows", () => {
  assertEquals(find(TWO, "dalle")[0], "AiChats/dalle");
  assertEquals(find(TWO, "flux/dev")[0], "AmigoChat/flux/dev");
  assertEquals(
    find(TWO, "claude-3.5-sonnet")[0],
    "AmigoChat/claude-3-5-sonnet-20241022",
  );
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

Deno.test("createModelCatalog() lists every model, alias and failover", () => {
  const { entries } = create({
    providers: [createAiChats()],
    routes: {
      best: [createAiChats()],
      pictures: [{ provider: createAiChats(), model: "dalle" }],
    },
    aliases: { mini: "gpt-4" },
  });
  assertEquals(entries.map(({ id, makesImages }) => [id, makesImages]), [
    ["best", false],
    ["pictures", true],
    ["mini", false],
    ["AiChats/gpt-4", false],
    ["AiChats/dalle", true],
  ]);
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
