import { assertEquals, assertThrows } from "@std/assert";
import type { RunContext } from "../../../core/chat/definition.ts";
import { ProviderError } from "../../../core/chat/errors.ts";
import type { ImageSource } from "../../../core/chat/generated_image.ts";
import {
  drawOpenAiImages,
  readOpenAiImages,
} from "../../../core/openai/images.ts";
import { createParrot, FINISH } from "../../_parrot.ts";

/** Calls a function with the means of a run. */
async function withRun(use: (run: RunContext) => void): Promise<void> {
  const { provider } = createParrot({
    async *respond(run) {
      use(run);
      yield FINISH;
    },
  });
  await provider.generate("Hi");
}

Deno.test("readOpenAiImages() gives every picture in order", async () => {
  let sources: readonly ImageSource[] = [];
  await withRun((run) => {
    sources = readOpenAiImages(run, {
      data: [
        { url: "https://a.b/1" },
        { b64_json: "AQID", url: "" },
        { b64_json: "", url: null },
        {},
        { url: "https://a.b/2", b64_json: "AQID" },
      ],
    });
  });
  assertEquals(sources, [
    { url: "https://a.b/1" },
    { base64: "AQID" },
    { url: "https://a.b/2" },
  ]);
});

for (
  const [name, value, expected] of [
    ["under another name", { images: [{ url: "https://a.b/1" }] }],
    [
      "under both names once",
      { data: [{ url: "https://a.b/1" }], images: [{ url: "https://a.b/1" }] },
    ],
    ["beside an empty list", { data: [], images: ["https://a.b/1"] }],
    ["by its URL alone", { data: ["https://a.b/1"] }],
    ["in a list alone", [{ url: "https://a.b/1" }]],
    ["in the form of a chat", {
      data: [{ image_url: { url: "https://a.b/1" } }],
    }],
    ["as a data URL", { data: [{ b64_json: "data:image/png;base64,AQID" }] }, {
      url: "data:image/png;base64,AQID",
    }],
    ["as base64 where a URL should be", { data: [{ url: "AQID" }] }, {
      base64: "AQID",
    }],
  ] as const
) {
  Deno.test(`readOpenAiImages() finds a picture ${name}`, async () => {
    await withRun((run) => {
      assertEquals(readOpenAiImages(run, value), [
        expected ?? { url: "https://a.b/1" },
      ]);
    });
  });
}

Deno.test("drawOpenAiImages() waits for headers as long as a picture takes", async () => {
  const { provider, clock } = createParrot({
    respond: (run) => drawOpenAiImages(run, "/images", {}),
    options: { timeouts: { firstToken: null } },
    answer: async () => {
      await new Promise<void>((resolve) => clock.setTimeout(resolve, 200_000));
      return Response.json({ data: [{ b64_json: "AQID" }] });
    },
  });
  const { images } = await clock.skipWaits(provider.generate("A river"));
  assertEquals(images.length, 1);
});

Deno.test("readOpenAiImages() fails where there is none [P13] [P15]", async () => {
  const codes: string[] = [];
  await withRun((run) => {
    for (
      const value of [
        { data: [] },
        { data: [{}] },
        { data: {} },
        {},
        null,
        { error: { message: "Refused" } },
        { data: [{ error: { code: "content_filter", message: "Refused" } }] },
      ]
    ) {
      const error = assertThrows(
        () => readOpenAiImages(run, value),
        ProviderError,
      );
      codes.push(error.code);
    }
  });
  assertEquals(codes, [
    ...Array(5).fill("bad-response"),
    "upstream",
    "content-filter",
  ]);
});
