import { assertEquals, assertStringIncludes } from "@std/assert";
import { toText } from "@std/streams";
import { aiChats, createAiChats } from "../../providers/ai_chats.ts";
import { createAiChatsUpstream } from "@parley/testing";
import { readHeaders, readJson, toAttributes, toRoutes } from "./_requests.ts";

/** A server whose answers are always the same, and who asks it. */
function createPair() {
  const upstream = createAiChatsUpstream({ answer: () => "Good day" });
  const provider = createAiChats({ fetch: upstream.fetch });
  return { upstream, provider };
}

Deno.test("aiChats has the attributes of its site", () => {
  assertEquals(toAttributes(aiChats), {
    id: "AiChats",
    label: "AI-Chats.org",
    url: "https://ai-chats.org",
    baseUrl: "https://ai-chats.org",
    working: false,
    supportsStream: true,
    supportsSystemMessage: false,
    supportsMessageHistory: true,
    acceptsImages: false,
    settings: [],
    toolSupport: "none",
    outputSupport: "none",
    defaultModel: "gpt-4",
    models: ["gpt-4", "dalle"],
    imageModels: ["dalle"],
    modelAliases: {},
  });
});

Deno.test("aiChats sends this request", async () => {
  const { upstream, provider } = createPair();
  const { text, model } = await provider.generate("Grüße, 日本 👋🏽");
  assertEquals([text, model], ["Good day", "gpt-4"]);
  const [request] = upstream.requests;
  assertEquals(request?.method, "POST");
  assertEquals(request?.url, "https://ai-chats.org/chat/send2/");
  assertEquals(readHeaders(request), {
    "accept": "application/json, text/event-stream",
    "accept-language": "en-US,en;q=0.9",
    "content-type": "application/json",
    "origin": "https://ai-chats.org",
    "referer": "https://ai-chats.org/chat/",
    "sec-ch-ua": '"Chromium";v="131", "Not_A Brand";v="24"',
    "sec-ch-ua-mobile": "?0",
    "sec-ch-ua-platform": '"Linux"',
    "sec-fetch-dest": "empty",
    "sec-fetch-mode": "cors",
    "sec-fetch-site": "same-origin",
  });
  assertEquals(readJson(request), {
    type: "chat",
    messagesHistory: [{ from: "you", content: "Grüße, 日本 👋🏽" }],
  });
});

Deno.test("aiChats sends a chat as one prompt", async () => {
  const { upstream, provider } = createPair();
  await provider.generate([
    { role: "system", content: "Be brief" },
    {
      role: "user",
      content: [
        { type: "text", text: "Hello," },
        { type: "text", text: " you" },
      ],
    },
    { role: "assistant", content: "Good day" },
    { role: "user", content: " \n" },
    { role: "user", content: "Who are you?\nAnd why?" },
  ]);
  assertEquals(readJson(upstream.requests[0]).messagesHistory, [{
    from: "you",
    content: "System: Be brief\nUser: Hello, you\nAssistant: Good day\n" +
      "User: Who are you?\nAnd why?\nAssistant:",
  }]);
});

Deno.test("aiChats sends a key and a session only where they are given [K09]", async () => {
  const { upstream, provider } = createPair();
  await provider.generate("Hello");
  const { authorization, cookie } = readHeaders(upstream.requests[0]);
  assertEquals([authorization, cookie], [undefined, undefined]);
  const member = createAiChats({
    fetch: upstream.fetch,
    apiKey: "sk-1",
    headers: { "Cookie": "session=1", "Origin": "https://mirror.example" },
  });
  await member.generate("Hello", { headers: { "accept": "text/plain" } });
  const headers = readHeaders(upstream.requests[1]);
  assertEquals(headers.authorization, "Bearer sk-1");
  assertEquals(headers.cookie, "session=1");
  assertEquals(headers.origin, "https://mirror.example");
  assertEquals(headers.accept, "text/plain");
  assertEquals(headers.referer, "https://ai-chats.org/chat/");
});

Deno.test("aiChats goes below the path of a base URL, over a socket", async () => {
  const upstream = createAiChatsUpstream({ prefix: "/hub", done: true });
  await using server = upstream.serve();
  const provider = createAiChats({ baseUrl: new URL(`${server.url}/hub/`) });
  const text = await toText(provider.stream("Hello").textStream());
  assertStringIncludes(text, "You said: Hello\n\nI am a small model");
  assertStringIncludes(text, "Zürich! 👋🏽");
  assertEquals(text.includes("[DONE]"), false);
  assertEquals(toRoutes(upstream), ["POST /hub/chat/send2/"]);
  const { origin, referer } = readHeaders(upstream.requests[0]);
  assertEquals([origin, referer], [server.url, `${server.url}/hub/chat/`]);
});
