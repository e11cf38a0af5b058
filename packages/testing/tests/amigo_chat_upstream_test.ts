import { assertEquals } from "@std/assert";
import { createAmigoChatUpstream } from "../mod.ts";

const SITE = "https://api.amigochat.io";
const CHAT = "/v1/chat/completions";
const IMAGES = "/v1/images/generations";
const HEADERS = {
  authorization: "Bearer",
  "content-type": "application/json",
  "x-device-uuid": "0bbba655-258b-4be1-af87-c899218f242d",
};

function toInit(body: unknown, headers = {}): RequestInit {
  return {
    method: "POST",
    headers: { ...HEADERS, ...headers },
    body: JSON.stringify(body),
  };
}

function toChat(fields: Record<string, unknown> = {}): unknown {
  return {
    chatId: "5bb67e1a-ecf0-4d78-ac8a-37e052cac1ae",
    frequency_penalty: 0,
    max_tokens: 4000,
    messages: [{ role: "user", content: "Hello" }],
    model: "gpt-4o-mini",
    personaId: "amigo",
    presence_penalty: 0,
    stream: true,
    temperature: 0.5,
    top_p: 0.95,
    ...fields,
  };
}

function toDrawing(fields: Record<string, unknown> = {}): unknown {
  return {
    prompt: "two cats",
    model: "flux/dev",
    personaId: "flux-dev",
    ...fields,
  };
}

Deno.test("createAmigoChatUpstream() cuts after max_tokens", async () => {
  const upstream = createAmigoChatUpstream({ answer: () => "one two three" });
  const finish = async (tokens: number): Promise<unknown[]> => {
    const body = toChat({ max_tokens: tokens, stream: false });
    const response = await upstream.fetch(`${SITE}${CHAT}`, toInit(body));
    const { choices: [{ message, finish_reason }] } = await response.json();
    return [message.content, finish_reason];
  };

  assertEquals(await finish(2), ["one two", "length"]);
  assertEquals(await finish(3), ["one two three", "stop"]);
});

Deno.test("createAmigoChatUpstream() accepts a key, and a device twice", async () => {
  const upstream = createAmigoChatUpstream();
  for (const authorization of ["Bearer key", "Bearer key"]) {
    const init = toInit(toChat({ stream: false }), { authorization });
    const response = await upstream.fetch(`${SITE}${CHAT}`, init);
    assertEquals(response.status, 200);
    await response.body?.cancel();
  }
});

Deno.test("createAmigoChatUpstream() serves other models", async () => {
  const upstream = createAmigoChatUpstream({
    models: { mine: "my-persona" },
    imageModels: { brush: "painter" },
  });
  const requests: readonly [number, string, unknown][] = [
    [200, CHAT, toChat({ model: "mine", personaId: "my-persona" })],
    [400, CHAT, toChat()],
    [200, IMAGES, toDrawing({ model: "brush", personaId: "painter" })],
    [400, IMAGES, toDrawing()],
  ];
  for (const [status, path, body] of requests) {
    const response = await upstream.fetch(`${SITE}${path}`, toInit(body));
    assertEquals(response.status, status);
    await response.body?.cancel();
  }
});

Deno.test("createAmigoChatUpstream() refuses what the server does", async () => {
  const upstream = createAmigoChatUpstream();
  const without = (name: keyof typeof HEADERS): RequestInit => {
    const { [name]: _, ...headers } = HEADERS;
    return { ...toInit(toChat()), headers };
  };
  const refusals: readonly [number, string, RequestInit][] = [
    [401, CHAT, without("x-device-uuid")],
    [401, CHAT, toInit(toChat(), { "x-device-uuid": "my device" })],
    [401, CHAT, without("authorization")],
    [401, CHAT, toInit(toChat(), { authorization: "Basic a2V5" })],
    [401, IMAGES, {
      ...without("authorization"),
      body: JSON.stringify(toDrawing()),
    }],
    [400, CHAT, without("content-type")],
    [400, CHAT, toInit(toChat({ chatId: "42" }))],
    [400, CHAT, toInit(toChat({ model: "gpt-5" }))],
    [400, CHAT, toInit(toChat({ model: "flux/dev", personaId: "flux-dev" }))],
    [400, CHAT, toInit(toChat({ personaId: "gpt" }))],
    [400, CHAT, toInit(toChat({ messages: [] }))],
    [400, CHAT, toInit(toChat({ temperature: "0.5" }))],
    [400, CHAT, toInit(toChat({ top_p: null }))],
    [400, CHAT, toInit(toChat({ max_tokens: 0.5 }))],
    [400, CHAT, toInit(toChat({ presence_penalty: true }))],
    [400, CHAT, toInit(toChat({ frequency_penalty: [] }))],
    [400, CHAT, toInit(toChat({ stream: "true" }))],
    [400, IMAGES, toInit(toDrawing({ prompt: "" }))],
    [400, IMAGES, toInit(toDrawing({ model: "gpt-4o-mini" }))],
    [400, IMAGES, toInit(toDrawing({ personaId: "flux-pro" }))],
    [405, CHAT, { headers: HEADERS }],
    [404, "/v1/models", toInit({})],
  ];
  for (const [status, path, init] of refusals) {
    const response = await upstream.fetch(`${SITE}${path}`, init);
    assertEquals(response.status, status, `${path} ${init.body}`);
    assertEquals((await response.json()).error.type, "invalid_request_error");
  }
});
