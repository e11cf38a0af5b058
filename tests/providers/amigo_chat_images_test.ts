import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { encodeBase64 } from "@std/encoding/base64";
import { createAmigoChat } from "../../providers/amigo_chat.ts";
import { createAmigoChatUpstream } from "@parley/testing";
import {
  catchError,
  readAll,
} from "../../packages/testing/conformance/ending.ts";
import { assertPng } from "../../packages/testing/tests/_png.ts";
import { always, readHeaders, readJson, toRoutes } from "./_requests.ts";

const MODEL = "recraft-v3";
const GIF = "R0lGODlh";

Deno.test("amigoChat sends this request for a picture", async () => {
  const { fetch, requests } = createAmigoChatUpstream();
  const provider = createAmigoChat({ fetch });
  await provider.generate([
    { role: "system", content: "Draw cats" },
    { role: "user", content: "A dog" },
    { role: "user", content: [{ type: "text", text: "Ein Kätzchen" }] },
  ], { model: MODEL });
  assertEquals(requests[0]?.method, "POST");
  assertEquals(
    requests[0]?.url,
    "https://api.amigochat.io/v1/images/generations",
  );
  assertEquals(readJson(requests[0]), {
    prompt: "Ein Kätzchen",
    model: MODEL,
    personaId: "recraft",
  });
  const headers = readHeaders(requests[0]);
  assertEquals(headers["x-device-version"], "1.0.45");
  assertEquals(headers.authorization, "Bearer");
});

Deno.test("amigoChat gives pictures in order, and loads each once", async () => {
  const upstream = createAmigoChatUpstream({ imageCount: 3, prefix: "/hub" });
  await using server = upstream.serve();
  const baseUrl = `${server.url}/hub`;
  const provider = createAmigoChat({ baseUrl, allowPrivateUrls: true });
  const options = { model: MODEL, stream: false };
  const { events } = await readAll(provider.stream("Three cats", options));
  assertEquals(events.map(({ type }) => type), [
    "warning",
    "image",
    "image",
    "image",
    "finish",
  ]);
  assertEquals(toRoutes(upstream), ["POST /hub/v1/images/generations"]);

  const images = events.flatMap((event) =>
    event.type === "image" ? event.image : []
  );
  assertEquals(
    images.map((image) => image.toJSON()),
    [1, 2, 3].map((number) => ({
      url: `${baseUrl}/img/${number}.png`,
      prompt: "Three cats",
    })),
  );
  const [, second] = images;
  assert(second !== undefined);
  const [bytes, again] = await Promise.all([second.bytes(), second.bytes()]);
  assertStrictEquals(again, bytes);
  await assertPng(bytes);
  assertEquals(await second.base64(), encodeBase64(bytes));
  assertEquals(second.mediaType, "image/png");
  assertEquals(toRoutes(upstream).slice(1), ["GET /hub/img/2.png"]);
});

Deno.test("amigoChat loads no picture from a private place", async () => {
  const upstream = createAmigoChatUpstream();
  await using server = upstream.serve();
  const provider = createAmigoChat({ baseUrl: server.url });
  const { images: [image] } = await provider.generate("A cat", {
    model: MODEL,
  });
  assert(image !== undefined);
  assertEquals((await catchError(image.bytes())).code, "unsafe-url");
  assertEquals(upstream.requests.length, 1);
});

Deno.test("amigoChat takes bytes in place of a URL [P14]", async () => {
  const upstream = createAmigoChatUpstream({
    imageFormat: "b64_json",
    imageCount: 2,
  });
  const provider = createAmigoChat({ fetch: upstream.fetch });
  const { images, text, finishReason } = await provider.generate("Two cats", {
    model: "dall-e-3",
  });
  assertEquals([text, finishReason, images.length], ["", "stop", 2]);
  for (const image of images) {
    assertEquals(image.url, undefined);
    await assertPng(await image.bytes());
    assertEquals(image.mediaType, "image/png");
  }
  assertEquals(upstream.requests.length, 1);
});

Deno.test("amigoChat keeps the order of URLs, bytes and data URLs", async () => {
  const data = [
    { url: "https://a.example/1.png" },
    { b64_json: GIF },
    { revised_prompt: "neither" },
    { url: null, b64_json: GIF },
    { url: `data:image/png;base64,${GIF}` },
  ];
  const provider = createAmigoChat({ fetch: always(JSON.stringify({ data })) });
  const { images } = await provider.generate("Cats", { model: MODEL });
  assertEquals(images.map(({ url }) => url), [
    "https://a.example/1.png",
    undefined,
    undefined,
    undefined,
  ]);
  for (const image of images.slice(1)) {
    assertEquals(await image.dataUrl(), `data:image/gif;base64,${GIF}`);
  }
});

Deno.test("amigoChat fails where there is no picture [P13] [P15]", async () => {
  const answers: readonly unknown[] = [
    {},
    [],
    null,
    { data: [] },
    { data: null },
    { data: [{}] },
    { data: [{ url: "" }, { b64_json: "" }] },
    { data: [{ url: 7 }] },
    { data: [7] },
  ];
  for (const answer of answers) {
    const body = JSON.stringify(answer);
    const provider = createAmigoChat({ fetch: always(body) });
    const { events, error } = await readAll(
      provider.stream("A cat", { model: MODEL }),
    );
    assertEquals([error?.code, events], ["bad-response", []], body);
  }
});

Deno.test("amigoChat keeps what the server says where there is no picture [P15]", async () => {
  for (
    const error of [
      { message: "Too many cats", code: null },
      "Too many cats",
    ]
  ) {
    const body = JSON.stringify({ error, data: [] });
    const provider = createAmigoChat({ fetch: always(body), maxRetries: 0 });
    const failure = await catchError(
      provider.generate("A cat", { model: MODEL }),
    );
    assertEquals([failure.code, failure.body], ["upstream", "Too many cats"]);
  }
});

Deno.test("amigoChat draws from words alone", async () => {
  const { fetch, requests } = createAmigoChatUpstream();
  const provider = createAmigoChat({ fetch });
  const error = await catchError(
    provider.generate(
      [{ role: "user", content: [{ type: "image", image: "R0lGODlh" }] }],
      { model: MODEL },
    ),
  );
  assertEquals([error.code, requests], ["unsupported", []]);
});

Deno.test("amigoChat warns of settings that a picture does not take", async () => {
  const { fetch, requests } = createAmigoChatUpstream();
  const provider = createAmigoChat({ fetch });
  const { warnings } = await provider.generate("A cat", {
    model: MODEL,
    temperature: 1,
    maxTokens: 7,
  });
  assertEquals(warnings.map(({ code }) => code), [
    "unsupported-setting",
    "unsupported-setting",
  ]);
  assertEquals(Object.keys(readJson(requests[0])), [
    "prompt",
    "model",
    "personaId",
  ]);
});

Deno.test("amigoChat gives the good pictures beside a bad one [P19]", async () => {
  const data = [1, 2, 3].map((number) => ({
    url: `https://pictures.example/${number}.gif`,
  }));
  const provider = createAmigoChat({
    fetch: (input, init) =>
      Promise.resolve(
        init?.method === "POST"
          ? Response.json({ data })
          : new Response(String(input).includes("2.gif") ? "<html>" : "GIF89a"),
      ),
  });
  const { images } = await provider.generate("Cats", { model: MODEL });
  const loaded = await Promise.allSettled(images.map((image) => image.bytes()));
  assertEquals(
    loaded.map(({ status }) => status),
    ["fulfilled", "rejected", "fulfilled"],
  );
});
