import { assertEquals, assertLess } from "@std/assert";
import { LazyImage } from "../../core/generated_image.ts";
import { PartialCollector } from "../../core/partial.ts";

const MEBI = 1024 * 1024;

Deno.test("PartialCollector joins what has come", () => {
  const partial = new PartialCollector();
  const image = new LazyImage({ base64: "" }, "", () => Promise.reject());
  partial.addText("a");
  partial.addText("b");
  partial.addReasoning("why");
  partial.addImage(image);
  assertEquals(partial.text, "ab");
  partial.addText("c");
  assertEquals(partial.text, "abc");
  assertEquals(partial.reasoning, "why");
  assertEquals(partial.images, [image]);
});

Deno.test("PartialCollector.toAnswer() gives a copy", () => {
  const partial = new PartialCollector();
  partial.addText("a");
  const before = partial.toAnswer();
  partial.addText("b");
  assertEquals(before, { text: "a", reasoning: "", images: [] });
});

Deno.test("PartialCollector keeps only the beginning of a very long text", () => {
  const partial = new PartialCollector();
  const fragment = "x".repeat(MEBI);
  for (let count = 0; count < 10; count++) partial.addText(fragment);
  for (let count = 0; count < 10; count++) partial.addReasoning(fragment);
  assertLess(partial.text.length, 6 * MEBI);
  assertLess(partial.reasoning.length, 6 * MEBI);
});

Deno.test("PartialCollector.keepAll() keeps a very long text", () => {
  const partial = new PartialCollector();
  partial.keepAll();
  for (let count = 0; count < 10; count++) partial.addText("x".repeat(MEBI));
  assertEquals(partial.text.length, 10 * MEBI);
});
