import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { encodeBase64 } from "@std/encoding/base64";
import { createAiChats } from "../../providers/ai_chats.ts";
import { createAiChatsUpstream } from "@parley/testing";
import {
  catchError,
  readAll,
} from "../../packages/testing/conformance/ending.ts";
import { assertPng } from "../../packages/testing/tests/_png.ts";
import {
  always,
  interpose,
  readHeaders,
  readJson,
  toRoutes,
} from "./_requests.ts";

const OPTIONS = { model: "dalle" };
const GIF_URL = "data:image/gif;base64,R0lGODlh";

Deno.test("aiChats sends this request for a picture", async () => {
  const { fetch, requests } = createAiChatsUpstream();
  const provider = createAiChats({ fetch });
  await provider.generate([
    { role: "system", content: "Draw cats" },
    { role: "assistant", content: "Meow" },
    {
      role: "user",
      content: [{ type: "text", text: "Ein " }, { type: "text", text: "日本" }],
    },
  ], OPTIONS);
  const [request] = requests;
  assertEquals(request?.url, "https://ai-chats.org/chat/send2/");
  assertEquals(readJson(request), {
    type: "image",
    messagesHistory: [{ from: "you", content: "Ein 日本" }],
  });
  const headers = readHeaders(request);
  assertEquals(headers.referer, "https://ai-chats.org/image/");
  assertEquals(headers.accept, "application/json, text/event-stream");
});

Deno.test("aiChats hands on the picture and its place", async () => {
  const upstream = createAiChatsUpstream({ prefix: "/hub" });
  await using server = upstream.serve();
  const provider = createAiChats({
    baseUrl: `${server.url}/hub`,
    allowPrivateUrls: true,
    headers: { cookie: "session=1" },
  });
  const { images, text, finishReason, model } = await provider.generate(
    "A cat",
    OPTIONS,
  );
  assertEquals([text, finishReason, model], ["", "stop", "dalle"]);
  const routes = ["POST /hub/chat/send2/", "GET /hub/img/1.png"];
  assertEquals(toRoutes(upstream), routes);
  assertEquals(
    upstream.requests.map(({ headers }) => headers.get("cookie")),
    ["session=1", null],
  );
  const [image] = images;
  assert(image !== undefined);
  const bytes = await image.bytes();
  await assertPng(bytes);
  assertEquals(image.toJSON(), {
    url: `${server.url}/hub/img/1.png`,
    mediaType: "image/png",
    prompt: "A cat",
    dataUrl: `data:image/png;base64,${encodeBase64(bytes)}`,
  });
  assertEquals(await image.base64(), encodeBase64(bytes));
  // It was loaded by the run, and is not loaded again.
  assertEquals(toRoutes(upstream), routes);
});

Deno.test("aiChats loads no picture from a private place", async () => {
  const upstream = createAiChatsUpstream();
  await using server = upstream.serve();
  const provider = createAiChats({ baseUrl: server.url });
  const { events, error } = await readAll(provider.stream("A cat", OPTIONS));
  assertEquals([error?.code, events], ["unsafe-url", []]);
  assertEquals(toRoutes(upstream), ["POST /chat/send2/"]);
});

Deno.test("aiChats takes bytes in place of a URL [P14]", async () => {
  const upstream = createAiChatsUpstream({ imageFormat: "b64_json" });
  const provider = createAiChats({ fetch: upstream.fetch });
  const { events } = await readAll(provider.stream("A cat", OPTIONS));
  assertEquals(events.map(({ type }) => type), ["image", "finish"]);
  const [event] = events;
  assert(event?.type === "image");
  assertEquals(event.image.url, undefined);
  assertEquals(event.image.mediaType, "image/png");
  await assertPng(await event.image.bytes());
  assertEquals(upstream.requests.length, 1);
});

Deno.test("aiChats gives several pictures in order", async () => {
  const { fetch } = createAiChatsUpstream({ imageCount: 3 });
  const { images } = await createAiChats({ fetch }).generate("Cats", OPTIONS);
  assertEquals(
    images.map(({ url }) => url),
    [1, 2, 3].map((number) => `https://ai-chats.org/img/${number}.png`),
  );
});

Deno.test("aiChats reads a data URL by its bytes [P09] [P10]", async () => {
  for (
    const url of [
      GIF_URL,
      GIF_URL.replace("image/gif", "text/html"),
      GIF_URL.replace("data:", "DATA:"),
      "data:,GIF89a",
    ]
  ) {
    const fetch = always(JSON.stringify({ data: [{ url }] }));
    const provider = createAiChats({ fetch });
    const { images } = await provider.generate("A cat", OPTIONS);
    assertEquals(images.map((image) => image.toJSON()), [{
      mediaType: "image/gif",
      prompt: "A cat",
      dataUrl: GIF_URL,
    }], url);
  }
});

Deno.test("aiChats refuses what is no picture [P09] [P12] [P14]", async () => {
  for (
    const source of [
      { b64_json: "%%%" },
      { b64_json: btoa("<svg/>") },
      { url: "data:image/png;base64,%%%" },
      { url: "data:image/svg+xml,<svg/>" },
      { url: "data:image/gif" },
    ]
  ) {
    const fetch = always(JSON.stringify({ data: [source] }));
    const { events, error } = await readAll(
      createAiChats({ fetch }).stream("A cat", OPTIONS),
    );
    assertEquals([error?.code, events], ["bad-image", []]);
  }
});

Deno.test("aiChats fails where there is no picture [P15]", async () => {
  for (const answer of [{}, { data: [] }, { data: [{}] }, [], null]) {
    const fetch = always(JSON.stringify(answer));
    const error = await catchError(
      createAiChats({ fetch }).generate("A cat", OPTIONS),
    );
    assertEquals(error.code, "bad-response");
  }
});

Deno.test("aiChats keeps what the server says where there is no picture [P15]", async () => {
  const fetch = always('{"error":{"message":"No cats today"}}');
  const error = await catchError(
    createAiChats({ fetch, maxRetries: 0 }).generate("A cat", OPTIONS),
  );
  assertEquals([error.code, error.body], ["upstream", "No cats today"]);
});

Deno.test("aiChats says that the link of a picture is dead [P17]", async () => {
  const upstream = createAiChatsUpstream();
  const fetch = interpose(
    upstream,
    ({ method }) =>
      method === "GET" ? new Response("", { status: 410 }) : undefined,
  );
  const error = await catchError(
    createAiChats({ fetch }).generate("A cat", OPTIONS),
  );
  assertEquals([error.code, error.status], ["bad-image", 410]);
  assertStringIncludes(error.message, "expired");
  // What costs money is not asked for again.
  assertEquals(upstream.requests.length, 1);
});
