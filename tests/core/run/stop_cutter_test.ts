import { assertEquals } from "@std/assert";
import type { ChatEvent } from "../../../core/chat/events.ts";
import type { ProviderDefinition } from "../../../core/chat/definition.ts";
import type { ChatOptions } from "../../../core/chat/types.ts";
import { createStopCutter } from "../../../core/run/stop_cutter.ts";
import { parseConversation } from "../../../core/run/parse_conversation.ts";
import { createParrot, FINISH, toTextEvent } from "../../_parrot.ts";

/** Every way to cut a text into three pieces. */
function* split(text: string): Generator<readonly string[]> {
  for (let first = 0; first <= text.length; first++) {
    for (let second = first; second <= text.length; second++) {
      yield [
        text.slice(0, first),
        text.slice(first, second),
        text.slice(second),
      ];
    }
  }
}

const CUTS: readonly (readonly [string, readonly string[], string])[] = [
  ["one END two", ["END"], "one "],
  ["one EN two", ["END"], "one EN two"],
  ["ends with EN", ["END"], "ends with EN"],
  ["END", ["END"], ""],
  ["aab", ["ab"], "a"],
  ["abababc", ["ababc"], "ab"],
  // The word that is whole first counts, however it began.
  ["xab c", ["ab c", "b"], "xa"],
  ["xabc", ["bc", "abc"], "x"],
  ["a\n\nUser: b", ["\nUser:", "\n\n"], "a"],
  ["\u{1f600} END", ["\u{1f600} E"], ""],
];

Deno.test("StopCutter cuts at the same place for every split", () => {
  for (const [text, words, expected] of CUTS) {
    for (const pieces of split(text)) {
      const cutter = createStopCutter(words);
      const shown = pieces.map(cutter.add).join("") + cutter.end();
      assertEquals(shown, expected, JSON.stringify(pieces));
      assertEquals(cutter.isCut, shown !== text);
    }
  }
});

async function run(
  pieces: readonly ChatEvent[],
  options: ChatOptions,
  definition: Partial<ProviderDefinition> = {},
) {
  let count = 0;
  const { provider } = createParrot({
    async *respond() {
      for (const piece of pieces) {
        count++;
        yield piece;
      }
    },
    definition,
  });
  const { text, finishReason, warnings } = await provider.generate(
    "Hi",
    options,
  );
  return { text, finishReason, warnings, count };
}

const PIECES = [
  toTextEvent("one E"),
  toTextEvent("ND two"),
  toTextEvent("three"),
  { type: "finish", reason: "length" },
] as const;

Deno.test("a run with enforceStop ends at the word, and asks for no more", async () => {
  const options = { stop: "END", enforceStop: true };
  assertEquals(await run(PIECES, options), {
    text: "one ",
    finishReason: "stop",
    warnings: [],
    count: 2,
  });
});

Deno.test("a run with enforceStop lets an upstream with a state finish", async () => {
  const options = { stop: ["END"], enforceStop: true };
  assertEquals(await run(PIECES, options, { parseConversation }), {
    text: "one ",
    finishReason: "stop",
    warnings: [],
    count: 4,
  });
});

Deno.test("a run with enforceStop cuts the final text of an upstream", async () => {
  const finish = { type: "finish", reason: "stop", text: "1 END 2" } as const;
  const { text } = await run([toTextEvent("one"), finish], {
    stop: ["END"],
    enforceStop: true,
  });
  assertEquals(text, "1 ");
});

Deno.test("a run with enforceStop hands out at its end what might have been the word", async () => {
  const { provider } = createParrot({
    async *respond() {
      yield toTextEvent("one EN");
      yield FINISH;
    },
  });
  let text = "";
  const stream = provider.stream("Hi", { stop: "END", enforceStop: true });
  for await (const event of stream) {
    if (event.type === "text") text += event.text;
  }
  assertEquals(text, "one EN");
});

Deno.test("a run without enforceStop warns where stop has no effect", async () => {
  const { text, warnings } = await run(PIECES, { stop: "END" });
  assertEquals(text, "one END twothree");
  assertEquals(warnings.map(({ code }) => code), ["unsupported-setting"]);
});
