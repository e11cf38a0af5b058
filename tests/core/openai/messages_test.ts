import { assert, assertEquals, assertThrows } from "@std/assert";
import { ProviderError } from "../../../core/chat/errors.ts";
import { toOpenAiMessages } from "../../../core/openai/messages.ts";
import type { ImagePart } from "../../../core/chat/types.ts";

const GIF = "R0lGODlhAQABAIAAAP8AAAAAACwAAAAAAQABAAACAkQBADs=";

function toImageUrl(
  image: ImagePart["image"],
  mediaType?: string,
): unknown {
  const [message] = toOpenAiMessages([{
    role: "user",
    content: [{ type: "image", image, mediaType }],
  }]);
  return JSON.parse(JSON.stringify(message?.content))[0].image_url.url;
}

Deno.test("toOpenAiMessages() writes text and parts", () => {
  assertEquals(
    toOpenAiMessages([
      { role: "system", content: "Be brief" },
      { role: "user", content: [{ type: "text", text: "Hi" }] },
    ]),
    [
      { role: "system", content: "Be brief" },
      { role: "user", content: [{ type: "text", text: "Hi" }] },
    ],
  );
});

Deno.test("toOpenAiMessages() writes pictures as URLs", () => {
  const url = "https://pictures.example/a.png";
  assertEquals(toImageUrl(url), url);
  assertEquals(toImageUrl(new URL(url)), url);
  assertEquals(toImageUrl("data:image/gif,x"), "data:image/gif,x");
  assertEquals(toImageUrl(GIF), `data:image/gif;base64,${GIF}`);
  assertEquals(
    toImageUrl(new Uint8Array([1]), "image/x"),
    "data:image/x;base64,AQ==",
  );
});

Deno.test("toOpenAiMessages() refuses pictures that are none, without repeating them", () => {
  for (
    const image of [
      "AQID",
      "secret text!",
      "ftp://secret.example/a",
      new URL("file:///secret"),
      "https://",
      new Uint8Array([1, 2, 3]),
    ]
  ) {
    const { code, message } = assertThrows(
      () => toImageUrl(image),
      ProviderError,
    );
    assertEquals(code, "invalid-request");
    assert(!message.includes("secret"));
  }
});
