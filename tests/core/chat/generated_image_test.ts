import {
  assert,
  assertEquals,
  assertRejects,
  assertStrictEquals,
  assertStringIncludes,
} from "@std/assert";
import { decodeBase64, encodeBase64 } from "@std/encoding/base64";
import { ProviderError } from "../../../core/chat/errors.ts";
import {
  checkImage,
  LazyImage,
  type LazyImageOptions,
} from "../../../core/run/lazy_image.ts";
import type { ImageSource } from "../../../core/chat/generated_image.ts";
import { createAiChats } from "../../../providers/ai_chats.ts";
import { createAmigoChat } from "../../../providers/amigo_chat.ts";
import { FakeClock } from "../../../packages/testing/fake_clock.ts";
import { createFetch } from "../../_scope.ts";
import { readVectors } from "../../_vectors.ts";

interface Vectors {
  readonly cases: readonly {
    readonly name: string;
    readonly base64: string;
    readonly declared: string;
    readonly mediaType?: string;
    readonly reason?: string;
  }[];
  readonly dataUrls: readonly {
    readonly name: string;
    readonly url: string;
    readonly mediaType?: string;
    readonly reason?: string;
  }[];
}

const REASONS: Readonly<Record<string, string>> = {
  empty: "it is empty",
  svg: "it is SVG or XML",
  html: "it is a page",
  json: "it is JSON",
  encoding: "its encoding is malformed",
  unknown: "its bytes are of no known type",
};

const GIF = "R0lGODlhAQABAIAAAP8AAAAAACwAAAAAAQABAAACAkQBADs=";
const PICTURE = "https://cdn.example.com/a.gif";
const { cases, dataUrls } = await readVectors<Vectors>("images");
const noDownload = () => Promise.reject(new Error("no download"));

/** Lets both providers of pictures answer with one, and gives its bytes. */
async function generate(entry: unknown, picture?: Response) {
  const results: (string | ProviderError)[] = [];
  for (
    const [create, model] of [
      [createAiChats, "dalle"],
      [createAmigoChat, "dall-e-3"],
    ] as const
  ) {
    const { fetch } = createFetch(({ method }) =>
      method === "POST"
        ? Response.json({ data: [entry] })
        : picture?.clone() ?? new Response()
    );
    const provider = create({ fetch, clock: new FakeClock() });
    try {
      const { images } = await provider.generate("A cat", { model });
      results.push(await images[0]?.dataUrl() ?? "");
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      results.push(error);
    }
  }
  return results;
}

function check(
  results: readonly (string | ProviderError)[],
  mediaType: string | undefined,
  reason = "",
): void {
  assertEquals(results.length, 2);
  for (const result of results) {
    if (result instanceof ProviderError) {
      assertEquals(mediaType, undefined);
      assertEquals(result.code, "bad-image");
      assertStringIncludes(result.message, REASONS[reason] ?? "");
    } else {
      assert(result.startsWith(`data:${mediaType};base64,`), result);
    }
  }
}

/** Which faults of the catalogue a case is about. */
const FAULTS: Readonly<Record<string, string>> = {
  "jpeg-declared-png": " [P10]",
  "webp-declared-png": " [P10]",
  "png-declared-svg": " [P10]",
  "svg-with-xml-prolog": " [P12]",
  "svg-bom-and-spaces": " [P12]",
  "svg-utf16": " [P12]",
  "svgz": " [P12]",
  "json-error-declared-png": " [P01]",
  "zero-bytes": " [P11]",
};

for (const { name, base64, declared, mediaType, reason } of cases) {
  Deno.test(`GeneratedImage tells its type by its bytes: ${name}${FAULTS[name] ?? ""}`, async () => {
    const picture = new Response(decodeBase64(base64), {
      headers: { "content-type": declared },
    });
    check(await generate({ url: PICTURE }, picture), mediaType, reason);
  });
}

for (const { name, url, mediaType, reason } of dataUrls) {
  Deno.test(`GeneratedImage reads a data URL: ${name} [P09]`, async () => {
    check(await generate({ url }), mediaType, reason);
  });
}

Deno.test("GeneratedImage reads base64 [P14]", async () => {
  check(await generate({ b64_json: GIF }), "image/gif");
  check(await generate({ b64_json: "@@@" }), undefined, "encoding");
});

function createImage(
  source: ImageSource,
  download: LazyImageOptions["download"],
): LazyImage {
  return new LazyImage(source, { prompt: "A cat", maxBytes: 100, download });
}

Deno.test("LazyImage has a URL only where it can be opened", () => {
  const url = createImage({ url: PICTURE }, noDownload);
  assertEquals(Object.entries(url), [["prompt", "A cat"], ["url", PICTURE]]);
  const data = createImage({ url: "data:,x" }, noDownload);
  assertEquals(Object.entries(data), [["prompt", "A cat"]]);
});

Deno.test("LazyImage downloads once, however often it is asked", async () => {
  let downloads = 0;
  const image = createImage({ url: PICTURE }, () => {
    downloads++;
    return Promise.resolve(decodeBase64(GIF));
  });
  assertEquals(downloads, 0);
  const [first, second] = await Promise.all([image.bytes(), image.bytes()]);
  assertStrictEquals(first, second);
  assertEquals(await image.base64(), GIF);
  assertEquals(await image.dataUrl(), `data:image/gif;base64,${GIF}`);
  assertEquals(image.mediaType, "image/gif");
  assertEquals(downloads, 1);
});

Deno.test("LazyImage can be asked again after a failure", async () => {
  let downloads = 0;
  const image = createImage(
    { url: PICTURE },
    () =>
      downloads++ === 0
        ? Promise.reject(new Error("no route"))
        : Promise.resolve(decodeBase64(GIF)),
  );
  await assertRejects(() => image.bytes(), Error, "no route");
  assertEquals((await image.bytes()).length, 35);
});

Deno.test("LazyImage ends a download when the last one who waits has left", async () => {
  let given: AbortSignal | undefined;
  const image = createImage({ url: PICTURE }, (_url, signal) => {
    given = signal;
    return new Promise((_resolve, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason));
    });
  });
  const first = new AbortController();
  const second = new AbortController();
  const left = assertRejects(() => image.bytes(first), Error, "first");
  const last = assertRejects(() => image.bytes(second), Error, "second");
  first.abort(new Error("first"));
  await left;
  assertEquals(given?.aborted, false);
  second.abort(new Error("second"));
  await last;
  assertEquals(given?.aborted, true);
});

Deno.test("LazyImage asks for nothing after an abort", async () => {
  const image = createImage({ url: PICTURE }, noDownload);
  const signal = AbortSignal.abort(new Error("gone"));
  await assertRejects(() => image.bytes({ signal }), Error, "gone");
});

Deno.test("LazyImage refuses base64 that is too long", async () => {
  for (const size of [101, 300]) {
    const bytes = new TextEncoder().encode("GIF89a".padEnd(size));
    const image = createImage({ base64: encodeBase64(bytes) }, noDownload);
    const error = await assertRejects(() => image.bytes(), ProviderError);
    assertEquals(error.code, "too-large");
  }
});

Deno.test("LazyImage writes as JSON what is known", async () => {
  const image = createImage(
    { url: PICTURE },
    () => Promise.resolve(decodeBase64(GIF)),
  );
  assertEquals(image.toJSON(), { url: PICTURE, prompt: "A cat" });
  await image.bytes();
  assertEquals(image.toJSON(), {
    url: PICTURE,
    mediaType: "image/gif",
    prompt: "A cat",
    dataUrl: `data:image/gif;base64,${GIF}`,
  });
});

Deno.test("LazyImage writes base64 as JSON where it is a picture", () => {
  assertEquals(createImage({ base64: GIF }, noDownload).toJSON(), {
    mediaType: "image/gif",
    prompt: "A cat",
    dataUrl: `data:image/gif;base64,${GIF}`,
  });
  assertEquals(createImage({ base64: "AAAA" }, noDownload).toJSON(), {
    prompt: "A cat",
  });
});

Deno.test("checkImage() gives the type of a picture", () => {
  assertEquals(checkImage(decodeBase64(GIF)), "image/gif");
});
