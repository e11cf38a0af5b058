import { assertEquals, assertLess } from "@std/assert";
import { DEFAULT_LIMITS } from "../../../core/http/provider_config.ts";
import { LazyImage } from "../../../core/run/lazy_image.ts";
import {
  createPartialCollector,
  measureImage,
} from "../../../core/run/partial_collector.ts";

const MEBI = 1024 * 1024;

Deno.test("PartialCollector joins what has come", () => {
  const partial = createPartialCollector(DEFAULT_LIMITS);
  const image = new LazyImage({ base64: "" }, {
    prompt: "",
    maxBytes: 1,
    download: () => Promise.reject(),
  });
  partial.add("text", "a");
  partial.add("text", "b");
  partial.add("reasoning", "why");
  partial.addImage(image);
  assertEquals(partial.toAnswer().text, "ab");
  partial.add("text", "c");
  assertEquals(partial.toAnswer().text, "abc");
  assertEquals(partial.toAnswer().reasoning, "why");
  assertEquals(partial.toAnswer().images, [image]);
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
  partial.add("text", "a");
  const before = partial.toAnswer();
  partial.add("text", "b");
  assertEquals(before, { text: "a", reasoning: "", images: [], toolCalls: [] });
});

Deno.test("PartialCollector keeps only the beginning of a very long text", () => {
  const partial = createPartialCollector(DEFAULT_LIMITS);
  const fragment = "x".repeat(MEBI);
  for (let count = 0; count < 10; count++) partial.add("text", fragment);
  for (let count = 0; count < 10; count++) partial.add("reasoning", fragment);
  assertLess(partial.toAnswer().text.length, 6 * MEBI);
  assertLess(partial.toAnswer().reasoning.length, 6 * MEBI);
});
