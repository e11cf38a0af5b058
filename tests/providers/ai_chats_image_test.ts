import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { encodeBase64 } from "@std/encoding/base64";
import { createAiChats } from "../../providers/ai_chats.ts";
import { createAiChatsUpstream } from "@parley/testing";
import { catchError } from "../../packages/testing/conformance/ending.ts";
import { assertPng } from "../../packages/testing/tests/_png.ts";
import { interpose, readHeaders, readJson, toRoutes } from "./_requests.ts";

const OPTIONS = { model: "dalle" };

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
