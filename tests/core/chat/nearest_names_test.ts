import { assertEquals } from "@std/assert";
import {
  findMeantName,
  findNearestNames,
  quoteName,
} from "../../../core/chat/nearest_names.ts";

Deno.test("findNearestNames() puts first what a slip leads to, at most ten", () => {
  const names = ["grey", "green", "blue", "gpt-4o-2024", "gpt-4o"];
  for (
    const [name, nearest] of [
      ["gray", "grey"],
      ["gerin", "green"],
      ["GPT4o", "gpt-4o"],
      ["openai/gpt-4o", "gpt-4o"],
      ["gpt-4o-2", "gpt-4o"],
      ["", "grey"],
    ] as const
  ) assertEquals(findNearestNames(name, names)[0], nearest, name);
  const many = Array.from({ length: 50 }, (_, index) => `model-${index}`);
  assertEquals(findNearestNames("model-7x", many)[0], "model-7");
  assertEquals(findNearestNames("model-7x", many).length, 10);
  assertEquals(findNearestNames("a", ["b", "b"]), ["b"]);
});

Deno.test("findMeantName() finds what was meant, and nothing far away", () => {
  const names = ["temperature", "topP", "maxTokens", "stop"];
  for (
    const [name, meant] of [
      ["temprature", "temperature"],
      ["top_p", "topP"],
      ["max_tokens", "maxTokens"],
      ["maxToken", "maxTokens"],
      ["stpo", "stop"],
      ["seed", undefined],
      ["", undefined],
    ] as const
  ) assertEquals(findMeantName(name, names), meant, name);
  assertEquals(findMeantName("a", []), undefined);
});

Deno.test("quoteName() writes a name on one line", () => {
  assertEquals(quoteName('a"\n\u001b[31mb'), '"a   [31mb"');
  assertEquals(quoteName("x".repeat(500)).length, 102);
});

Deno.test("quoteName() repeats nothing that looks like a key", () => {
  for (const key of ["sk-proj-0123456789abcdef", "hf_0123456789abcdefghij"]) {
    assertEquals(quoteName(key), '"[redacted]"');
  }
  assertEquals(quoteName("key-value-store"), '"key-value-store"');
});
