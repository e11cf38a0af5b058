// What callers pass without a type checker.
import { assert, assertEquals } from "@std/assert";
import { decodeBase64 } from "@std/encoding/base64";
import type { ChatInput, ChatOptions } from "../../mod.ts";
import { PROVIDERS, toAnswer } from "../contract/_providers.ts";
import { readAll } from "../../packages/testing/conformance/ending.ts";
import { answerWith } from "../contract/_scripted_fetch.ts";

const cycle: Record<string, unknown> = { role: "user" };
cycle.content = [cycle];

/** Values that JSON has no word for. */
const INPUTS: readonly unknown[] = [
  1n,
  cycle,
  [cycle],
  () => "Hello",
  Symbol("Hello"),
  [{ role: "user", content: 1n }],
  [{ role: "user", content: () => "Hello" }],
  [{ role: "user", content: [{ type: "text", text: 1n }] }],
  [{ role: "user", content: [{ type: "image", image: () => {} }] }],
];

const OPTIONS: readonly Readonly<Record<string, unknown>>[] = [
  { temperature: 1n },
  { maxTokens: 5n },
  { model: () => "gpt-4" },
  { model: cycle },
  { stream: () => true },
  { headers: cycle },
  { headers: { "x-a": () => "1" } },
  { timeouts: cycle },
  { timeouts: { total: 5n } },
  { maxRetries: 1n },
  { conversation: cycle },
  { conversation: () => {} },
  { signal: () => {} },
];

for (const provider of PROVIDERS) {
  Deno.test(`${provider.name} refuses what JSON has no word for [V05]`, async () => {
    const cases = [
      ...INPUTS.map((input) => ({ input, options: {} })),
      ...OPTIONS.map((options) => ({ input: "Hello", options })),
    ];
    for (const { input, options } of cases) {
      const network = answerWith(provider, toAnswer(provider));
      const { error, events } = await readAll(
        provider.create({ fetch: network.fetch }).stream(
          input as ChatInput,
          options as ChatOptions,
        ),
      );
      const what = Deno.inspect([input, options]);
      assertEquals([error?.code, events], ["invalid-request", []], what);
      assertEquals(network.requests, [], what);
    }
  });

  Deno.test(`${provider.name} sends half of a pair as U+FFFD [V06] [V07]`, async () => {
    const network = answerWith(provider, toAnswer(provider));
    await provider.create({ fetch: network.fetch }).generate([
      { role: "user", content: "a\ud83d é" },
      { role: "assistant", content: "\udc00b 日本" },
      { role: "user", content: [{ type: "text", text: "\ud83dc 😀" }] },
    ]);
    const sent = JSON.parse(network.answers[0]?.body ?? "{}");
    const text = provider.name === "AutonomousAI"
      ? new TextDecoder("utf-8", { fatal: true })
        .decode(decodeBase64(sent.messages))
      : JSON.stringify(sent);
    for (const expected of ["a\ufffd é", "\ufffdb 日本", "\ufffdc 😀"]) {
      assert(text.includes(expected), text);
    }
    assert(text.isWellFormed() && !/\\ud[89a-f]/i.test(text), text);
  });
}
