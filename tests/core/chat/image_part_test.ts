import { assertEquals, assertThrows } from "@std/assert";
import { ProviderError } from "../../../core/chat/errors.ts";
import { readImagePart, toImageUrl } from "../../../core/chat/image_part.ts";
import { toImageSource } from "../../../core/openai/part_forms.ts";
import type { ImagePart } from "../../../core/chat/types.ts";
import { decodeBase64 } from "../../../core/streams/base64.ts";

const GIF = "R0lGODlhAQABAAAAACw=";
const BYTES = decodeBase64(GIF);

Deno.test("readImagePart() reads a picture in every form", () => {
  const cases: readonly (readonly [ImagePart["image"], string | undefined])[] =
    [
      [BYTES, "image/gif"],
      [GIF, "image/gif"],
      [`data:image/gif;base64,${GIF}`, "image/gif"],
      [`DATA:image/x-icon;base64,AAAA`, "image/x-icon"],
      ["https://pictures.example/1.gif", undefined],
      [new URL("http://pictures.example/1.gif"), undefined],
    ];
  for (const [image, mediaType] of cases) {
    const { url, inline } = readImagePart({ type: "image", image });
    const read = inline();
    assertEquals(read?.mediaType, mediaType);
    if (mediaType === undefined) assertEquals(url, String(image));
    if (mediaType !== "image/gif") continue;
    assertEquals(url, `data:image/gif;base64,${GIF}`);
    assertEquals([read?.base64, read?.bytes], [GIF, BYTES]);
  }
});

Deno.test("readImagePart() refuses what is no picture, and does not repeat it", () => {
  for (const image of ["secret!", "ftp://secret.example", "data:secret"]) {
    const error = assertThrows(
      () => readImagePart({ type: "image", image }).inline(),
      ProviderError,
    );
    assertEquals(error.code, "invalid-request");
    assertEquals(error.message.includes("secret"), false);
  }
  const image = new Uint8Array([1, 2]);
  assertThrows(() => readImagePart({ type: "image", image }), ProviderError);
});

Deno.test("toImageUrl() and toImageSource() parse no picture as a URL", () => {
  const { canParse } = URL;
  const parsed: unknown[] = [];
  Object.assign(URL, {
    canParse: (...texts: Parameters<typeof canParse>) => {
      parsed.push(texts);
      return canParse(...texts);
    },
  });
  try {
    for (const url of [`data:image/gif;base64,${GIF}`, `DATA:,${GIF}`]) {
      assertEquals(toImageUrl({ type: "image", image: url }), url);
      assertEquals(toImageSource({ image_url: { url } }), { url });
    }
    assertEquals(parsed, []);
  } finally {
    Object.assign(URL, { canParse });
  }
});
