import type { LanguageModelV4CallOptions } from "@ai-sdk/provider";
import { assertEquals } from "@std/assert";
import type { ChatEvent } from "@parley/chat";
import { FINISH, toTextEvent } from "../../../tests/_parrot.ts";
import {
  type Answer,
  createAnswers,
  CUT,
  FORMAT,
  readParts,
  SOURCE,
  stop,
  toDelta,
  TOOLS,
} from "./_answers.ts";

/** The parts of an answer, but for its beginning, in short. */
async function tellParts(
  answer: Answer,
  options?: Partial<LanguageModelV4CallOptions>,
): Promise<string> {
  const parts = await readParts(createAnswers([answer]).provider, options);
  return parts.slice(2).map((part) => {
    switch (part.type) {
      case "text-delta":
      case "reasoning-delta":
      case "tool-input-delta":
        return `+${part.delta}`;
      case "text-start":
      case "text-end":
      case "reasoning-start":
      case "reasoning-end":
        return `${part.type} ${part.id}`;
      case "tool-call":
        return `${part.type} ${part.input}`;
      case "finish":
        return `${part.type} ${part.finishReason.unified}`;
      default:
        return part.type;
    }
  }).join(", ");
}

const RESTART: ChatEvent = {
  type: "restart",
  discard: 0,
  reason: "incomplete",
  provider: "Other",
  model: "red",
};
const BAD_CALLS: readonly ChatEvent[] = [toDelta("no JSON"), FINISH];
const END = "response-metadata, finish";

for (
  const [what, answer, parts] of [
    [
      "text and reasoning, each block with an id of its own",
      [
        { type: "reasoning", text: "Hm" },
        toTextEvent("Good"),
        toTextEvent(" day"),
        { type: "reasoning", text: "Ah" },
        FINISH,
      ],
      "reasoning-start reasoning-0, +Hm, reasoning-end reasoning-0, " +
      "text-start text-1, +Good, + day, text-end text-1, " +
      `reasoning-start reasoning-2, +Ah, reasoning-end reasoning-2, ${END} stop`,
    ],
    [
      "a call, handed out at the end",
      [toTextEvent("Wait"), toDelta('{"a"'), toDelta(":1}"), FINISH],
      "text-start text-0, +Wait, text-end text-0, tool-input-start, " +
      '+{"a", +:1}, tool-input-end, ' +
      'tool-call {"a":1}, response-metadata, finish tool-calls',
    ],
    [
      "a call that is no JSON, as the model wrote it",
      BAD_CALLS,
      "tool-input-start, +no JSON, tool-input-end, tool-call no JSON, " +
      "response-metadata, finish tool-calls",
    ],
    [
      "a page that the answer is based on",
      [SOURCE, toTextEvent("Hi"), FINISH],
      `source, text-start text-0, +Hi, text-end text-0, ${END} stop`,
    ],
    [
      "text that only the end tells",
      [toTextEvent("Hi"), stop({ text: "Hi there" })],
      `text-start text-0, +Hi, + there, text-end text-0, ${END} stop`,
    ],
    [
      "nothing of a text that the server has trimmed",
      [toTextEvent("Hi "), stop({ text: "Hi" })],
      `text-start text-0, +Hi , text-end text-0, ${END} stop`,
    ],
    [
      "an error where the end tells another text",
      [toTextEvent("Hi"), stop({ text: "Other" })],
      "text-start text-0, +Hi, text-end text-0, error, finish error",
    ],
    [
      "an error after the beginning, and no call",
      [toTextEvent("Hi"), toDelta("{}"), CUT],
      "text-start text-0, +Hi, text-end text-0, tool-input-start, +{}, " +
      "error, finish error",
    ],
    [
      "an answer that begins anew before anything was shown",
      [RESTART, toTextEvent("Hi"), FINISH],
      `text-start text-0, +Hi, text-end text-0, ${END} stop`,
    ],
    [
      "an error where what was shown is void",
      [{ type: "reasoning", text: "Hm" }, RESTART, toTextEvent("Hi"), FINISH],
      "reasoning-start reasoning-0, +Hm, reasoning-end reasoning-0, " +
      "error, finish error",
    ],
    [
      "what came at once with what voids it",
      [[{ type: "reasoning", text: "Hm" }, RESTART]],
      "reasoning-start reasoning-0, +Hm, reasoning-end reasoning-0, " +
      "error, finish error",
    ],
    [
      "a reason that the SDK has no word for",
      [toTextEvent("Hi"), { type: "finish", reason: "interrupted" }],
      `text-start text-0, +Hi, text-end text-0, ${END} other`,
    ],
  ] satisfies readonly (readonly [string, Answer, string])[]
) {
  Deno.test(`doStream() writes ${what}`, async () => {
    assertEquals(await tellParts(answer, { tools: TOOLS }), parts);
  });
}

for (
  const [what, answer, options, parts] of [
    [
      "as its text comes",
      [toTextEvent('{"a":'), toTextEvent("1}"), FINISH],
      {},
      `text-start text-0, +{"a":, +1}, text-end text-0, ${END} stop`,
    ],
    [
      "that comes as a call",
      [toDelta('{"a":1}', { name: "city" }), FINISH],
      { tools: TOOLS },
      `text-start text-0, +{"a":1}, text-end text-0, ${END} stop`,
    ],
    [
      "or a call in its place",
      [toTextEvent("Wait"), toDelta("{}"), FINISH],
      { tools: TOOLS },
      "tool-input-start, +{}, tool-input-end, text-start text-0, +Wait, " +
      "text-end text-0, tool-call {}, response-metadata, finish tool-calls",
    ],
    [
      "that is none, for the SDK to mend",
      [toTextEvent("{oh"), FINISH],
      {},
      "text-start text-0, +{oh, text-end text-0, finish stop",
    ],
    [
      "that is cut",
      [toTextEvent('{"a'), { type: "finish", reason: "length" }],
      {},
      'text-start text-0, +{"a, text-end text-0, finish length',
    ],
  ] satisfies readonly (readonly [
    string,
    Answer,
    Partial<LanguageModelV4CallOptions>,
    string,
  ])[]
) {
  Deno.test(`doStream() writes an object ${what}`, async () => {
    assertEquals(
      await tellParts(answer, { responseFormat: FORMAT, ...options }),
      parts,
    );
  });
}
