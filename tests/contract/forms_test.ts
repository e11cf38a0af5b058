// An answer is the same in every form in which it is given on.
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { decodeBase64, encodeBase64, toSseEvents } from "../../mod.ts";
import { concatBytes, TestBody, toBytes } from "../_body.ts";
import { ANSWERS, PROVIDERS, toAnswer } from "./_providers.ts";
import {
  joinText,
  readAll,
} from "../../packages/testing/conformance/ending.ts";
import { answerWith, answerWithBody } from "./_scripted_fetch.ts";

for (const provider of PROVIDERS) {
  const create = () =>
    provider.create({ fetch: answerWith(provider, toAnswer(provider)).fetch });

  Deno.test(`${provider.name} gives its text as a stream`, async () => {
    const reader = create().stream("Hello").textStream().getReader();
    let text = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      text += value;
    }
    assertEquals(text, provider.text);
  });

  Deno.test(`${provider.name} gives its text as a response`, async () => {
    const response = create().stream("Hello").toResponse();
    assertEquals(await response.text(), provider.text);
  });

  Deno.test(`${provider.name} gives its events as a response`, async () => {
    const { events } = await readAll(create().stream("Hello"));
    const expected = JSON.parse(JSON.stringify(events));
    const { body } = create().stream("Hello").toResponse({ format: "sse" });
    assert(body !== null);
    const sent: unknown[] = [];
    for await (const { data } of toSseEvents(body)) sent.push(JSON.parse(data));
    assertEquals(sent, expected);
    const lines = await create().stream("Hello")
      .toResponse({ format: "jsonl" }).text();
    assertEquals(
      lines.trimEnd().split("\n").map((line) => JSON.parse(line)),
      expected,
    );
    assertEquals(joinText(events), provider.text);
  });

  Deno.test(`${provider.name} breaks its response off where it fails`, async () => {
    const body = new TestBody([provider.beginning], new TypeError("reset"));
    const { fetch } = answerWithBody(provider, body);
    const response = provider.create({ fetch }).stream("Hello").toResponse();
    // Browsers reject with an error of their own here.
    await assertRejects(() => response.text());
  });
}

for (const provider of ANSWERS) {
  if (provider.options?.model === undefined) continue;

  Deno.test(`${provider.name} gives its picture in every form`, async () => {
    const { fetch } = answerWith(provider, toAnswer(provider));
    const { images: [image] } = await provider.create({ fetch })
      .generate("A cat", provider.options);
    assert(image !== undefined);
    const bytes = toBytes("GIF89a\x01\0\x01\0\0\0");
    assertEquals(await image.bytes(), bytes);
    assertEquals(image.mediaType, "image/gif");
    assertEquals(await image.base64(), "R0lGODlhAQABAAAA");
    assertEquals(
      await image.dataUrl(),
      "data:image/gif;base64,R0lGODlhAQABAAAA",
    );
  });
}

Deno.test("base64 is there and back again for every length and byte", () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
  const large = concatBytes(Array.from({ length: 400 }, () => bytes));
  for (const data of [new Uint8Array(), bytes, bytes.subarray(0, 7), large]) {
    assertEquals(decodeBase64(encodeBase64(data)), data);
  }
  assertEquals(encodeBase64("naïve 😀"), "bmHDr3ZlIPCfmIA=");
  assertThrows(() => decodeBase64("a?"), TypeError, "malformed");
});
