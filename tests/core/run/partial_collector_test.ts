import { assertEquals, assertLess } from "@std/assert";
import { DEFAULT_LIMITS } from "../../../core/http/provider_config.ts";
import { LazyImage } from "../../../core/run/lazy_image.ts";
import {
  addImage,
  addText,
  createPartialCollector,
  measureImage,
  toPartialAnswer,
} from "../../../core/run/partial_collector.ts";

const MEBI = 1024 * 1024;

Deno.test("PartialCollector joins what has come", () => {
  const partial = createPartialCollector(DEFAULT_LIMITS);
  const image = new LazyImage({ base64: "" }, {
    prompt: "",
    maxBytes: 1,
    download: () => Promise.reject(),
  });
  addText(partial, "text", "a");
  addText(partial, "text", "b");
  addText(partial, "reasoning", "why");
  addImage(partial, image);
  assertEquals(toPartialAnswer(partial).text, "ab");
  addText(partial, "text", "c");
  assertEquals(toPartialAnswer(partial).text, "abc");
  assertEquals(toPartialAnswer(partial).reasoning, "why");
  assertEquals(toPartialAnswer(partial).images, [image]);
});

Deno.test("measureImage() counts a picture as the base64 that it came in", () => {
  const image = new LazyImage({ base64: "A".repeat(400_000) }, {
    prompt: "",
    maxBytes: 1,
    download: () => Promise.reject(),
  });
  assertLess(Math.abs(measureImage(image) - 400_000), 100);
});

Deno.test("PartialCollector.toAnswer() gives a copy", () => {
  const partial = createPartialCollector(DEFAULT_LIMITS);
  addText(partial, "text", "a");
  const before = toPartialAnswer(partial);
  addText(partial, "text", "b");
  assertEquals(before, { text: "a", reasoning: "", images: [], toolCalls: [] });
});

Deno.test("PartialCollector keeps only the beginning of a very long text", () => {
  const partial = createPartialCollector(DEFAULT_LIMITS);
  const fragment = "x".repeat(MEBI);
  for (let count = 0; count < 10; count++) addText(partial, "text", fragment);
  for (let count = 0; count < 10; count++) {
    addText(partial, "reasoning", fragment);
  }
  assertLess(toPartialAnswer(partial).text.length, 6 * MEBI);
  assertLess(toPartialAnswer(partial).reasoning.length, 6 * MEBI);
});
