import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { encodeBase64 } from "@std/encoding/base64";
import { createAmigoChat } from "../../providers/amigo_chat.ts";
import { createAmigoChatUpstream } from "@parley/testing";
import {
  catchError,
  readAll,
} from "../../packages/testing/conformance/ending.ts";
import { assertPng } from "../../packages/testing/tests/_png.ts";
import { readHeaders, readJson, toRoutes } from "./_requests.ts";

const MODEL = "recraft-v3";

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
