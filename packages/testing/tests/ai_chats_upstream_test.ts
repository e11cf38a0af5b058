import { assertEquals } from "@std/assert";
import { type AiChatsUpstreamOptions, createAiChatsUpstream } from "../mod.ts";
import { assertPng } from "./_png.ts";

const SITE = "https://ai-chats.org";

function toInit(
  body: unknown,
  headers: Record<string, string> = {},
): RequestInit {
  return {
    method: "POST",
    headers: { "content-type": "application/json", origin: SITE, ...headers },
    body: JSON.stringify(body),
  };
}

function toBody(type = "chat", content = "Hello"): unknown {
  return { type, messagesHistory: [{ from: "you", content }] };
}

async function ask(options: AiChatsUpstreamOptions): Promise<string> {
  const upstream = createAiChatsUpstream(options);
  const response = await upstream.fetch(
    `${SITE}/chat/send2/`,
    toInit(toBody()),
  );
  assertEquals(response.status, 200);
  assertEquals(response.headers.get("content-type"), "text/event-stream");
  return await response.text();
}

Deno.test("createAiChatsUpstream() answers with raw text", async () => {
  assertEquals(
    await ask({ answer: () => "Good day" }),
    "data: Good\n\ndata:  day\n\n",
  );
});

Deno.test("createAiChatsUpstream() writes each line of a token as data", async () => {
  assertEquals(
    await ask({ answer: () => ["a\nb", "\n"] }),
    "data: a\ndata: b\n\ndata: \ndata: \n\n",
  );
});

Deno.test("createAiChatsUpstream() ends with [DONE] where wanted", async () => {
  assertEquals(
    await ask({ answer: () => "a", done: true }),
    "data: a\n\ndata: [DONE]\n\n",
  );
});

Deno.test("createAiChatsUpstream() draws, and serves what it drew", async () => {
  const upstream = createAiChatsUpstream({ prefix: "/hub", imageCount: 2 });
  await using server = upstream.serve();
  for (
    const [fetch, base] of [
      [upstream.fetch, `${SITE}/hub`],
      [globalThis.fetch, `${server.url}/hub`],
    ] as const
  ) {
    const response = await fetch(
      `${base}/chat/send2/`,
      toInit(toBody("image")),
    );
    const { data } = await response.json();
    assertEquals(data.length, 2);
    for (const { url } of data) {
      assertEquals(url.startsWith(`${base}/img/`), true);
      const picture = await fetch(url);
      assertEquals(picture.headers.get("content-type"), "image/png");
      await assertPng(await picture.bytes());
    }
  }
  const missing = await upstream.fetch(`${SITE}/hub/img/5.png`);
  assertEquals([missing.status, await missing.text()], [404, "Not Found"]);
});

Deno.test("createAiChatsUpstream() refuses what the site does", async () => {
  const upstream = createAiChatsUpstream();
  const { headers: _, ...withoutOrigin } = toInit(toBody());
  const refusals: readonly [number, string, RequestInit][] = [
    [403, "/chat/send2/", {
      ...withoutOrigin,
      headers: { "content-type": "application/json" },
    }],
    [400, "/chat/send2/", toInit(toBody(), { "content-type": "text/plain" })],
    [400, "/chat/send2/", toInit(toBody("song"))],
    [400, "/chat/send2/", toInit({ type: "chat", messagesHistory: [] })],
    [
      400,
      "/chat/send2/",
      toInit({
        type: "chat",
        messagesHistory: [{ role: "user", content: "a" }],
      }),
    ],
    [400, "/chat/send2/", { ...toInit({}), body: "{" }],
    [405, "/chat/send2/", {}],
    [404, "/chat/send", toInit(toBody())],
  ];
  for (const [status, path, init] of refusals) {
    const response = await upstream.fetch(`${SITE}${path}`, init);
    assertEquals(response.status, status, `${path} ${init.body}`);
    assertEquals(typeof (await response.json()).error.message, "string");
  }
});
