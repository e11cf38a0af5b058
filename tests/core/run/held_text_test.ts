import { assertEquals } from "@std/assert";
import { joinText } from "../../../core/run/chat_response.ts";
import type { ChatOptions, Provider, ProviderOptions } from "../../../mod.ts";
import { readAll } from "../../../packages/testing/conformance/ending.ts";
import { FakeClock } from "../../../packages/testing/fake_clock.ts";
import { createOpenAiCompatible } from "../../../providers/openai_compatible.ts";
import { TestBody } from "../../_body.ts";
import { createScriptedChatUi } from "../../_chat_ui.ts";

type Create = (answer: () => Response, options: ProviderOptions) => Provider;

function toFetch(answer: () => Response): ProviderOptions["fetch"] {
  return () => Promise.resolve(answer());
}

const createOpenAi: Create = (answer, options) =>
  createOpenAiCompatible({
    id: "Local",
    baseUrl: "http://127.0.0.1:8080/v1",
    defaultModel: "small",
    reasoningTags: true,
    fetch: toFetch(answer),
    ...options,
  });

const createChatUi: Create = (answer, options) =>
  createScriptedChatUi({ answer }, options).provider;

/** Writes chunks with one text each, whose choices have these indices. */
function toChunks(texts: readonly string[], indices = [0, 0, 0, 0]): string {
  return texts.map((content, at) => {
    const choices = [{ index: indices[at], delta: { content } }];
    return `data: ${JSON.stringify({ choices })}\n\n`;
  }).join("");
}

function toLines(...tokens: string[]): string {
  return tokens.map((token) => `{"type":"stream","token":"${token}"}\n`).join(
    "",
  );
}

/** What has come of an answer that breaks off, and the text and thoughts in it. */
const CASES: readonly (readonly [
  name: string,
  create: Create,
  body: string,
  text: string,
  reasoning?: string,
  options?: ChatOptions,
])[] = [
  ["told again", createOpenAi, toChunks(["G", "Go"]), "GGo"],
  ["another choice", createOpenAi, toChunks(["Go", "od"], [0, 1]), "Good"],
  ["a tag", createOpenAi, toChunks(["Good <th"]), "Good <th"],
  ["a closing tag", createOpenAi, toChunks(["<think>Go</t"]), "", "Go</t"],
  ["a stop word", createOpenAi, toChunks(["Good"]), "Good", "", {
    stop: "od day",
    enforceStop: true,
  }],
  ["half a character", createOpenAi, toChunks(["Good\ud83d"]), "Good"],
  ["a tag of chat-ui", createChatUi, toLines("Good <th"), "Good <th"],
];

Deno.test("an answer that breaks off is given with what was held of it", async () => {
  for (const [name, create, body, text, reasoning = "", options] of CASES) {
    for (const end of [new Error("reset"), "hang"] as const) {
      const clock = new FakeClock();
      const answer = () => new Response(new TestBody([body], end).stream);
      const provider = create(answer, { clock, maxRetries: 0 });
      const { events, error } = await clock.skipWaits(
        readAll(provider.stream("Hi", options)),
      );
      const { partial } = error ?? {};
      assertEquals(
        [joinText(events), partial?.text, partial?.reasoning],
        [text, text, reasoning],
        `${name}, ${end}`,
      );
      assertEquals(clock.timers, 0);
    }
  }
});
