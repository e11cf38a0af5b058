import {
  assertEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { createFailover, type RouteInit } from "../../failover/mod.ts";
import { resolveRoutes, toRoute } from "../../failover/route.ts";
import {
  createAiChats,
  createAmigoChat,
  createAutonomousAi,
  createOpenAiCompatible,
  ProviderError,
} from "../../mod.ts";
import { FakeClock } from "@parley/testing";
import { createActor } from "./_actors.ts";

/** Writes down who is asked for which model. */
function resolve(routes: readonly RouteInit[], name: string) {
  return resolveRoutes(routes.map(toRoute), name).map(({ provider, model }) =>
    `${provider.id}/${model}`
  );
}

const AI_CHATS = createAiChats();
const AMIGO_CHAT = createAmigoChat();
const AUTONOMOUS_AI = createAutonomousAi();

Deno.test("resolveRoutes() asks each provider for the model that is named, or for its default", () => {
  assertEquals(resolve([AUTONOMOUS_AI, AMIGO_CHAT], "gpt-4o-mini"), [
    "AutonomousAI/llama",
    "AmigoChat/gpt-4o-mini",
  ]);
});

Deno.test("resolveRoutes() asks for the model of a route, whatever is named", () => {
  const routes = [{ provider: AUTONOMOUS_AI, model: "hermes" }];
  assertEquals(resolve(routes, "llama"), ["AutonomousAI/hermes"]);
});

Deno.test("resolveRoutes() asks for pictures only who draws", () => {
  assertEquals(resolve([AI_CHATS, AUTONOMOUS_AI, AMIGO_CHAT], "dalle"), [
    "AiChats/dalle",
  ]);
  assertEquals(
    resolve([AI_CHATS, { provider: AMIGO_CHAT, model: "dall-e-3" }], "dalle"),
    ["AiChats/dalle", "AmigoChat/dall-e-3"],
  );
});

Deno.test("resolveRoutes() asks for text only who writes", () => {
  const routes = [AI_CHATS, { provider: AMIGO_CHAT, model: "dall-e-3" }];
  assertEquals(resolve(routes, "gpt-4"), ["AiChats/gpt-4"]);
});

Deno.test("resolveRoutes() finds pictures also where the first route knows none", () => {
  assertEquals(resolve([AUTONOMOUS_AI, AMIGO_CHAT], "dall-e-3"), [
    "AmigoChat/dall-e-3",
  ]);
});

Deno.test("resolveRoutes() gives each route a key of its own", () => {
  const routes: readonly RouteInit[] = [
    AI_CHATS,
    AI_CHATS,
    { provider: AI_CHATS, name: "Spare" },
  ];
  const keys = resolveRoutes(routes.map(toRoute), "gpt-4").map(({ key }) =>
    key
  );
  assertEquals(keys, ["AiChats/gpt-4", "AiChats/gpt-4#2", "Spare"]);
});

Deno.test("createFailover() knows the models of all its routes", () => {
  const failover = createFailover([
    { provider: AUTONOMOUS_AI, model: "hermes" },
    AMIGO_CHAT,
  ]);
  assertEquals(failover.defaultModel, "hermes");
  assertEquals(failover.models, ["hermes", ...AMIGO_CHAT.models]);
  assertEquals(failover.imageModels, AMIGO_CHAT.imageModels);
  assertEquals(failover.getModel("gpt-4o-mini"), "gpt-4o-mini");
});

Deno.test("createFailover() lists a model that draws once, where a route asks for it", () => {
  const twice = createFailover([AMIGO_CHAT, AMIGO_CHAT]);
  assertEquals(twice.imageModels, AMIGO_CHAT.imageModels);
  const text = createFailover([{ provider: AMIGO_CHAT, model: "gpt-4o-mini" }]);
  assertEquals(text.imageModels, []);
});

Deno.test("createFailover() names models as its map does", () => {
  const failover = createFailover({
    clever: [{ provider: AMIGO_CHAT, model: "gpt-4o-mini" }, AUTONOMOUS_AI],
    painter: [{ provider: AMIGO_CHAT, model: "dall-e-3" }, AUTONOMOUS_AI],
  });
  assertEquals(failover.models, ["clever", "painter"]);
  assertEquals(failover.defaultModel, "clever");
  assertEquals(failover.imageModels, ["painter"]);
});

Deno.test("createFailover() asks the routes that its map has for a model", async () => {
  const clock = new FakeClock();
  const [a, b] = ["A", "B"].map((id) => createActor(id, [[id]], { clock }));
  if (a === undefined || b === undefined) throw new Error();
  const failover = createFailover(
    { first: [a.provider], second: [b.provider] },
    { clock },
  );
  const { text, provider, model } = await failover.generate("Hi", {
    model: "second",
  });
  assertEquals([text, provider, model], ["B", "B", "b"]);
  assertEquals((await failover.generate("Hi")).text, "A");
});

Deno.test("createFailover() asks each provider by its own alias", async () => {
  const clock = new FakeClock();
  const actors = ["A", "B"].map((id) =>
    createActor(id, [id === "A" ? [{ code: "upstream" }] : ["B"]], {
      clock,
      definition: {
        models: ["small", `${id}-large`],
        defaultModel: "small",
        modelAliases: { large: `${id}-large` },
      },
    })
  );
  const failover = createFailover(actors.map(({ provider }) => provider), {
    clock,
  });
  assertEquals(failover.getModel("large"), "A-large");
  const { model } = await failover.generate("Hi", { model: "large" });
  assertEquals(model, "B-large");
});

Deno.test("createFailover() sends nothing for a model that nobody knows", async () => {
  const clock = new FakeClock();
  const actor = createActor("A", [["A"]], { clock });
  for (const routes of [[actor.provider], { only: [actor.provider] }]) {
    const error = await assertRejects(
      () => createFailover(routes, { clock }).generate("Hi", { model: "z" }),
      ProviderError,
    );
    assertEquals(error.code, "unknown-model");
  }
  assertEquals(actor.runs.length, 0);
});

Deno.test("createFailover() refuses a route to a model that its provider does not know", () => {
  const error = assertThrows(
    () => createFailover([{ provider: AI_CHATS, model: "gpt-9" }]),
    ProviderError,
  );
  assertEquals(error.code, "unknown-model");
});

Deno.test("createFailover() calls the model of a route by its id", () => {
  const provider = createActor("A", [[]], {
    clock: new FakeClock(),
    definition: {
      models: ["draw-1"],
      imageModels: ["draw-1"],
      modelAliases: { draw: "draw-1" },
    },
  }).provider;
  const failover = createFailover([{ provider, model: "draw" }]);
  assertEquals(failover.models, ["draw-1"]);
  assertEquals(failover.imageModels, ["draw-1"]);
});

Deno.test("createFailover() takes any model where a route does", async () => {
  const bodies: string[] = [];
  const anything = createOpenAiCompatible({
    baseUrl: "http://127.0.0.1/v1",
    maxRetries: 0,
    fetch(_input, init) {
      bodies.push(String(init?.body));
      return Promise.resolve(new Response(null, { status: 503 }));
    },
  });
  const clock = new FakeClock();
  const b = createActor("B", [["B"]], { clock });
  const failover = createFailover([anything, b.provider], { clock });
  assertEquals(failover.models, ["b"]);
  assertEquals(failover.getModel("qwen3"), "qwen3");
  const { model } = await failover.generate("Hi", { model: "qwen3" });
  assertEquals([model, bodies.length], ["b", 1]);
  assertStringIncludes(bodies[0] ?? "", '"model":"qwen3"');
  // The first has no default.
  const error = await assertRejects(
    () => failover.generate("Hi"),
    ProviderError,
  );
  assertEquals([error.code, bodies.length], ["unknown-model", 1]);
});

Deno.test("createFailover() takes no other model than that of its route", () => {
  const provider = createOpenAiCompatible({ baseUrl: "http://127.0.0.1/v1" });
  const failover = createFailover([{ provider, model: "qwen3" }]);
  assertEquals(failover.models, ["qwen3"]);
  assertThrows(() => failover.getModel("llama"), ProviderError, "unknown");
});
