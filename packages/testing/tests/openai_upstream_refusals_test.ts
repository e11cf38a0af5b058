import { assertEquals } from "@std/assert";
import { createOpenAiUpstream } from "../mod.ts";
import {
  CHAT,
  IMAGES,
  MODELS,
  SITE,
  toChat,
  toInit,
} from "./_openai_requests.ts";

Deno.test("createOpenAiUpstream() wants its key everywhere but for pictures", async () => {
  const { fetch } = createOpenAiUpstream({ apiKey: "sk-1234567890" });
  const cases: readonly [string | undefined, number, string | null][] = [
    [undefined, 401, null],
    ["Basic sk-1234567890", 401, null],
    ["Bearer sk-12345678901234", 401, "invalid_api_key"],
    ["Bearer sk-1234567890", 200, null],
  ];
  for (const [authorization, status, code] of cases) {
    const drawing = { prompt: "a cat", model: "dall-e-3" };
    for (
      const [path, init] of [
        [CHAT, toInit(toChat())],
        [IMAGES, toInit(drawing)],
        [MODELS, { headers: {} }],
      ] as const
    ) {
      const request = new Request(`${SITE}${path}`, init);
      if (authorization) request.headers.set("authorization", authorization);
      const response = await fetch(request);
      assertEquals(response.status, status, `${path} ${authorization}`);
      const { error } = await response.json();
      assertEquals(error?.code ?? null, code);
    }
  }
  assertEquals((await fetch(`${SITE}/img/1.png`)).status, 200);
});

Deno.test("createOpenAiUpstream() refuses what the server does", async () => {
  const upstream = createOpenAiUpstream({ contextLength: 10 });
  const chat = (fields: Record<string, unknown>) => toInit(toChat(fields));
  const draw = (fields: Record<string, unknown>) =>
    toInit({ prompt: "a cat", model: "dall-e-3", ...fields });
  const user = (content: unknown) => [{ role: "user", content }];
  const refusals: readonly [
    number,
    string | null,
    string | null,
    string,
    RequestInit,
  ][] = [
    [404, "model_not_found", null, CHAT, chat({ model: "gpt-3" })],
    [404, "model_not_found", null, CHAT, chat({ model: "dall-e-3" })],
    [404, "model_not_found", null, IMAGES, draw({ model: "gpt-4o" })],
    [404, null, null, "/v1/chat", chat({})],
    [405, "method_not_supported", null, CHAT, {}],
    [405, "method_not_supported", null, MODELS, chat({})],
    [400, null, null, CHAT, { method: "POST", body: "{}" }],
    [400, null, null, CHAT, { ...chat({}), body: "{" }],
    [400, null, null, CHAT, chat({ personaId: "amigo" })],
    [400, null, null, IMAGES, draw({ personaId: "dalle-three" })],
    [
      400,
      "missing_required_parameter",
      "messages",
      CHAT,
      chat({ messages: undefined }),
    ],
    [400, "invalid_value", "messages", CHAT, chat({ messages: [] })],
    [400, "invalid_type", "temperature", CHAT, chat({ temperature: "1" })],
    [400, "invalid_value", "temperature", CHAT, chat({ temperature: 2.1 })],
    [400, "invalid_value", "top_p", CHAT, chat({ top_p: -1 })],
    [400, "invalid_type", "stream", CHAT, chat({ stream: "true" })],
    [400, "invalid_value", "n", CHAT, chat({ n: 0 })],
    [400, "invalid_value", "prompt", IMAGES, draw({ prompt: "" })],
    [400, "invalid_value", "n", IMAGES, draw({ n: 11 })],
    [
      400,
      "invalid_value",
      "messages[0].role",
      CHAT,
      chat({ messages: [{ role: "robot", content: "a" }] }),
    ],
    [400, null, "stream_options", CHAT, chat({ stream_options: {} })],
    [
      400,
      "unsupported_parameter",
      "max_tokens",
      CHAT,
      chat({ model: "o4-mini", max_tokens: 5 }),
    ],
    [
      400,
      "invalid_parameter_combination",
      null,
      CHAT,
      chat({ max_tokens: 5, max_completion_tokens: 5 }),
    ],
    [
      400,
      "context_length_exceeded",
      "messages",
      CHAT,
      chat({ messages: user("a ".repeat(11)) }),
    ],
    [
      400,
      "context_length_exceeded",
      "messages",
      CHAT,
      chat({ max_tokens: 9 }),
    ],
  ];
  for (const [status, code, param, path, init] of refusals) {
    const response = await upstream.fetch(`${SITE}${path}`, init);
    const said = `${path} ${init.body}`;
    assertEquals(response.status, status, said);
    const { error } = await response.json();
    assertEquals([error.code, error.param], [code, param], said);
    assertEquals(error.type, "invalid_request_error");
  }
});
