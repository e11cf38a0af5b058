import { assertEquals } from "@std/assert";
import {
  createAiChats,
  createAmigoChat,
  createOpenAiCompatible,
} from "@parley/chat";
import { FakeClock } from "@parley/testing";
import { get, open, readError } from "../_gateway.ts";

const gateway = open({
  providers: [createAiChats(), createAmigoChat()],
  routes: { best: [createAiChats()] },
});

const NOTHING = {
  tool_support: "none",
  output_support: "none",
  supported_parameters: [],
};

Deno.test("GET /v1/models lets go of a client that takes nothing of a long list", async () => {
  const clock = new FakeClock();
  const codes: unknown[] = [];
  const long = open({
    providers: [createOpenAiCompatible({
      baseUrl: "http://127.0.0.1:1/v1",
      models: Array.from({ length: 1_000 }, (_, index) => `model-${index}`),
    })],
    clock,
    log: ({ code }) => codes.push(code),
  });
  const response = await get(long, "/v1/models");
  await clock.advance(30_000);
  assertEquals(codes, ["client_stalled"]);
  const error = await response.text().catch((error) => error);
  assertEquals(error, "Client takes nothing");
});

Deno.test("GET /v1/models lists models as OpenAI does", async () => {
  const response = await get(gateway, "/v1/models");
  assertEquals(response.status, 200);
  const { object, data } = await response.json();
  assertEquals(object, "list");
  assertEquals(data.slice(0, 3), [
    {
      id: "best",
      object: "model",
      created: 0,
      owned_by: "Failover",
      input_modalities: ["text"],
      output_modalities: ["text"],
      ...NOTHING,
    },
    {
      id: "AiChats/gpt-4",
      object: "model",
      created: 0,
      owned_by: "AiChats",
      input_modalities: ["text"],
      output_modalities: ["text"],
      ...NOTHING,
    },
    {
      id: "AiChats/dalle",
      object: "model",
      created: 0,
      owned_by: "AiChats",
      input_modalities: ["text"],
      output_modalities: ["image"],
      ...NOTHING,
    },
  ]);
});

for (
  const [path, id] of [
    ["best", "best"],
    ["AmigoChat/flux/dev", "AmigoChat/flux/dev"],
    ["AmigoChat%2Fflux%2Fdev", "AmigoChat/flux/dev"],
    ["amigochat%2Fflux-dev", "AmigoChat/flux/dev"],
    ["dalle", "AiChats/dalle"],
  ] as const
) {
  Deno.test(`GET /v1/models/${path} tells of ${id}`, async () => {
    const response = await get(gateway, `/v1/models/${path}`);
    assertEquals(response.status, 200);
    assertEquals((await response.json()).id, id);
  });
}

Deno.test("GET /v1/models/{id} of an unknown model is a 404", async () => {
  const response = await get(gateway, "/v1/models/nothing%2F%E0%A4%A");
  assertEquals(response.status, 404);
  assertEquals((await readError(response)).code, "model_not_found");
});

Deno.test("GET /v1/models/{id} repeats no name that cannot be printed", async () => {
  const gateway = open({
    providers: [createOpenAiCompatible({ baseUrl: "http://any.example/v1" })],
  });
  for (const name of ["a%00", "a%C2%9B31m", "%E2%80%AEa", "a".repeat(257)]) {
    const response = await get(gateway, `/v1/models/OpenAiCompatible/${name}`);
    assertEquals(response.status, 400);
    assertEquals((await readError(response)).param, "model");
  }
});

Deno.test("GET /healthz says that it is well", async () => {
  const response = await get(gateway, "/healthz");
  assertEquals([response.status, await response.json()], [200, {
    status: "ok",
  }]);
});
