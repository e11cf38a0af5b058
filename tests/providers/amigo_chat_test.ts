import {
  assert,
  assertEquals,
  assertNotEquals,
  assertObjectMatch,
  assertStringIncludes,
} from "@std/assert";
import { validate } from "@std/uuid";
import { createAmigoChat, generateChatId } from "../../providers/amigo_chat.ts";
import { createAmigoChatUpstream } from "@parley/testing";
import {
  catchError,
  readAll,
} from "../../packages/testing/conformance/ending.ts";
import {
  always,
  IMPATIENT,
  interpose,
  readHeaders,
  readJson,
} from "./_requests.ts";

/** A server whose answers are always the same, and who asks it. */
function createPair(answer = "Good day") {
  const upstream = createAmigoChatUpstream({ answer: () => answer });
  const provider = createAmigoChat({ fetch: upstream.fetch });
  return { upstream, provider };
}

Deno.test("amigoChat sends this request", async () => {
  const { upstream, provider } = createPair();
  await provider.generate("Hello");
  const [request] = upstream.requests;
  assertEquals(request?.url, "https://api.amigochat.io/v1/chat/completions");
  const { "x-device-uuid": device = "", ...headers } = readHeaders(request);
  assertEquals(headers, {
    "accept": "*/*",
    "accept-language": "en-US,en;q=0.9",
    "authorization": "Bearer",
    "content-type": "application/json",
    "origin": "https://amigochat.io/chat/",
    "referer": "https://amigochat.io/chat//",
    "sec-ch-ua": '"Chromium";v="131", "Not_A Brand";v="24"',
    "sec-ch-ua-mobile": "?0",
    "sec-ch-ua-platform": '"Linux"',
    "x-device-language": "en-US",
    "x-device-platform": "web",
    "x-device-version": "1.0.45",
  });
  const { chatId, ...body } = readJson(request);
  assertEquals(body, {
    frequency_penalty: 0,
    max_tokens: 4000,
    messages: [{ role: "user", content: "Hello" }],
    model: "gpt-4o-mini",
    personaId: "amigo",
    presence_penalty: 0,
    stream: true,
    temperature: 0.5,
    top_p: 0.95,
  });
  assert(validate(device) && validate(String(chatId)));
  assertNotEquals(device, chatId);
});

Deno.test("amigoChat is another device with each attempt [R07] [R03]", async () => {
  const upstream = createAmigoChatUpstream({ answer: () => "Good day" });
  const devices: string[] = [];
  const chats: string[] = [];
  const fetch = interpose(upstream, async (request) => {
    devices.push(request.headers.get("x-device-uuid") ?? "");
    chats.push((await request.clone().json()).chatId);
    if (devices.length % 3 !== 0) throw new TypeError("unreachable");
    return undefined;
  });
  const provider = createAmigoChat({ ...IMPATIENT, fetch });
  for (const count of [3, 6]) {
    const { text, attempts } = await provider.generate("Hello");
    assertEquals([text, attempts.length], ["Good day", 3]);
    assert([...devices, ...chats].every(validate));
    assertEquals(new Set(devices).size, count);
    assertEquals(new Set([...devices, ...chats]).size, count * 2);
  }
});

Deno.test("amigoChat takes the ids that a caller makes", async () => {
  const { fetch, requests } = createAmigoChatUpstream();
  const id = "5bb67e1a-ecf0-4d78-ac8a-37e052cac1ae";
  await createAmigoChat({ fetch, randomUuid: () => id }).generate("Hello");
  assertEquals(requests[0]?.headers.get("x-device-uuid"), id);
  assertEquals(readJson(requests[0]).chatId, id);
});

Deno.test("amigoChat sends a key, and a caller's headers over its own", async () => {
  const { fetch, requests } = createAmigoChatUpstream();
  const provider = createAmigoChat({
    fetch,
    apiKey: "sk-1",
    headers: { "X-Device-Language": "de-DE", "x-a": "1" },
  });
  await provider.generate("Hello", { headers: { "x-a": "2" } });
  const headers = readHeaders(requests[0]);
  assertEquals(headers.authorization, "Bearer sk-1");
  assertEquals(headers["x-device-language"], "de-DE");
  assertEquals([headers["x-a"], headers["x-device-platform"]], ["2", "web"]);
});

Deno.test("amigoChat tells where an answer is cut", async () => {
  const { provider } = createPair("One two three");
  for (const stream of [true, false]) {
    const options = { maxTokens: 2, stream };
    const { events, text } = await readAll(provider.stream("Count", options));
    assertEquals(text, "One two");
    assertEquals(
      events.filter(({ type }) => type === "text").length,
      stream ? 2 : 1,
    );
    const [usage, finish] = events.slice(-2);
    assertEquals(usage, {
      type: "usage",
      usage: { inputTokens: 1, outputTokens: 2, totalTokens: 3 },
    });
    assertObjectMatch(finish ?? {}, {
      type: "finish",
      reason: "length",
      rawReason: "length",
      responseModel: "gpt-4o-mini",
    });
  }
});

Deno.test("amigoChat reads what older servers send", async () => {
  const chunks = [
    'data: {"choices":[{"text":"Good"}]}\n\n',
    'data: {"choices":[{"index":1,"text":"Bad"},{"index":0,"text":" day"}]}\n\n',
    'data: {"choices":[],"finish_reason":"eos"}\n\n',
  ];
  const provider = createAmigoChat({ fetch: always(chunks.join("")) });
  const { text, events } = await readAll(provider.stream("Hello"));
  assertEquals(text, "Good day");
  assertEquals(events.at(-1), {
    type: "finish",
    reason: "stop",
    rawReason: "eos",
  });
});

Deno.test("amigoChat keeps what the server says where it refuses", async () => {
  const { fetch } = createAmigoChatUpstream({ models: {}, imageModels: {} });
  const provider = createAmigoChat({ fetch });
  for (const model of ["gpt-4o-mini", "recraft-v3"]) {
    const error = await catchError(provider.generate("Hello", { model }));
    assertEquals([error.code, error.status], ["unknown-model", 400]);
    assertEquals(error.body, `Unknown model: ${model}`);
    assertStringIncludes(error.message, `Unknown model: ${model}`);
    assertEquals(error.attempts?.length, 1);
  }
});

Deno.test("generateChatId() makes a UUID that nobody has", () => {
  const ids = Array.from({ length: 100 }, generateChatId);
  assert(ids.every(validate));
  assertEquals(new Set(ids).size, 100);
});
