import { assertEquals, assertThrows } from "@std/assert";
import { decodeBase64 } from "@std/encoding/base64";
import {
  detectMediaType,
  fromDataUrl,
  isDataUrl,
  toDataUrl,
} from "../../../core/streams/media.ts";
import { toBytes } from "../../_body.ts";
import { createRandom } from "../../../packages/testing/random.ts";
import { randomInt } from "../../_random.ts";
import { readVectors } from "../../_vectors.ts";

interface Vectors {
  readonly allow: readonly string[];
  readonly cases: readonly {
    readonly name: string;
    readonly base64: string;
    readonly mediaType?: string;
  }[];
}

const { allow, cases } = await readVectors<Vectors>("images");

for (const { name, base64, mediaType } of cases) {
  Deno.test(`detectMediaType() tells the type by the bytes: ${name}`, () => {
    assertEquals(detectMediaType(decodeBase64(base64)), mediaType);
  });
}

Deno.test("detectMediaType() tells every type that is allowed, from 32 bytes", () => {
  const signatures: Readonly<Record<string, string>> = {
    "image/png": "iVBORw0KGgo=",
    "image/jpeg": "/9j/",
    "image/gif": "R0lGODlh",
    "image/webp": "UklGRgAAAABXRUJQVlA4",
    "image/avif": "AAAAHGZ0eXBtaWYxAAAAAGF2aWY=",
    "image/bmp": "Qk0AAAAAAAAAAAAAAAAoAAAA",
  };
  assertEquals(Object.keys(signatures), [...allow]);
  for (const [type, base64] of Object.entries(signatures)) {
    const bytes = new Uint8Array(32);
    bytes.set(decodeBase64(base64));
    assertEquals(detectMediaType(bytes), type);
    assertEquals(detectMediaType(bytes.subarray(0, 2)), undefined, type);
  }
});

Deno.test("detectMediaType() looks only at the view it is given", () => {
  const bytes = new Uint8Array([0, 0, 0xff, 0xd8, 0xff]);
  assertEquals(detectMediaType(bytes.subarray(2)), "image/jpeg");
  const avif = decodeBase64("AAAAAAAAABxmdHlwYXZpZgAAAABhdmlmbWlmMW1pYWY=");
  assertEquals(detectMediaType(avif.subarray(4)), "image/avif");
});

Deno.test("detectMediaType() never takes text for a picture", () => {
  const random = createRandom(3);
  for (let count = 0; count < 1000; count++) {
    const text = Array.from(
      { length: 40 },
      () => String.fromCharCode(32 + randomInt(random, 95)),
    ).join("");
    assertEquals(detectMediaType(toBytes(text)), undefined, text);
  }
});

Deno.test("toDataUrl() takes the type from the bytes, or the one it is given", () => {
  const jpeg = new Uint8Array([0xff, 0xd8, 0xff]);
  assertEquals(toDataUrl(jpeg), "data:image/jpeg;base64,/9j/");
  assertEquals(toDataUrl(jpeg, "image/x"), "data:image/x;base64,/9j/");
  assertEquals(
    toDataUrl(new Uint8Array([1])),
    "data:application/octet-stream;base64,AQ==",
  );
});

Deno.test("isDataUrl() knows the scheme in any letter case", () => {
  assertEquals(isDataUrl("DATA:,x"), true);
  assertEquals(isDataUrl("database:,x"), false);
  assertEquals(isDataUrl(" data:,x"), false);
});

Deno.test("fromDataUrl() reads base64 and escapes", () => {
  const read = (url: string) => new TextDecoder().decode(fromDataUrl(url));
  assertEquals(read("data:text/plain,a%20%C3%A9"), "a é");
  assertEquals(read("data:;base64,w6k="), "é");
  assertEquals(read("data:;BASE64 ,w6k%3D"), "é");
  assertEquals(read("data:;base64,w6\nk="), "é");
});

Deno.test("fromDataUrl() gives back what toDataUrl() wrote", () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
  assertEquals(fromDataUrl(toDataUrl(bytes)), bytes);
});

Deno.test("fromDataUrl() refuses what is malformed, without repeating it", () => {
  for (
    const url of [
      "data:image/png;base64",
      "data:;base64,@@@",
      "data:;base64,%zz",
      "data:,%zz",
      "data:;base64,-_-_",
    ]
  ) {
    const { message } = assertThrows(() => fromDataUrl(url), Error);
    assertEquals(/@@@|%zz|-_-_/.test(message), false);
  }
});
