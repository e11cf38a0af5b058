import { createAnswerDecoder as createChatUiDecoder } from "../../core/chat_ui/answer.ts";
import { createUpdates } from "../../core/chat_ui/updates.ts";
import type { RunContext } from "../../core/chat/definition.ts";
import { isProviderError } from "../../core/chat/errors.ts";
import type { ChatEvent } from "../../core/chat/events.ts";
import type { UpstreamResponse } from "../../core/chat/exchange.ts";
import { AnswerDecoder } from "../../core/openai/answer_decoder.ts";
import { createCallReader } from "../../core/openai/tool_calls.ts";
import type { Decoder } from "../../core/streams/decoded_body.ts";
import { createTagSplitter } from "../../core/streams/tag_splitter.ts";
import { createParrot, FINISH } from "../_parrot.ts";
import { pickRandom, randomInt } from "../_random.ts";
import { assertSame } from "./_same.ts";
import {
  CHUNK_FORMS,
  randomSimilarLines,
  UPDATE_FORMS,
} from "./_similar_streams.ts";

type CreateDecoder = (response: UpstreamResponse) => Decoder<ChatEvent>;

/** Gives what a provider works with. */
function openRun(): Promise<RunContext> {
  return new Promise((resolve, reject) => {
    const { provider } = createParrot({
      async *respond(run) {
        resolve(run);
        yield FINISH;
      },
    });
    provider.generate("Hi").catch(reject);
  });
}

const run = await openRun();

/** Decodes a body, and tells all that comes of it. */
function decode(create: CreateDecoder, body: string): unknown {
  const unread = () => Promise.reject(new Error("Nobody should read this"));
  const waits: unknown[] = [];
  const decoder = create({
    ...{ status: 200, headers: new Headers(), mediaType: "", isEnded: true },
    decode: () => {
      throw new Error("Nobody should read this");
    },
    ...{ text: unread, json: unread, cancel() {} },
    settle: (ms) => waits.push(ms),
  });
  const events: ChatEvent[] = [];
  try {
    decoder.decode(body, events);
    decoder.decode(undefined, events);
  } catch (error) {
    if (!isProviderError(error)) throw error;
    return { events, waits, code: error.code, status: error.status };
  }
  return { events, waits };
}

/** Reads lines as they are, and so that no line is like the one before it. */
function check(
  create: CreateDecoder,
  lines: readonly string[],
  toBody: (lines: readonly string[]) => string,
): void {
  const others = lines.map((line, index) => " ".repeat(index % 2) + line);
  assertSame(decode(create, toBody(lines)), decode(create, toBody(others)));
}

/** Checks an answer in the form of OpenAI's. */
export function checkChunks(random: () => number): void {
  const createCalls = () =>
    createCallReader({ ...run, randomUuid: () => "id" });
  const hasTags = randomInt(random, 8) === 0;
  const hasTools = randomInt(random, 2) === 0;
  const names = pickRandom(random, [[""], [""], ["", "event: ping\n"]]);
  const lines = randomSimilarLines(CHUNK_FORMS, random);
  const heads = lines.map(() => `${pickRandom(random, names)}data: `);
  const end = pickRandom(random, ["", "data: [DONE]"]);
  check(
    (response) =>
      new AnswerDecoder(run, response, {
        tags: hasTags
          ? createTagSplitter({ open: "<think>", close: "</think>" })
          : undefined,
        createCalls: hasTools ? createCalls : undefined,
      }),
    lines,
    (lines) =>
      lines.map((line, index) => `${heads[index]}${line}\n\n`).join("") + end,
  );
}

/** Checks an answer of chat-ui. */
export function checkUpdates(random: () => number): void {
  check(
    (response) =>
      createChatUiDecoder(
        run,
        response,
        createUpdates(run, {
          prompt: "Hi",
          filePath: "/",
          fetchFile: () =>
            Promise.reject(new Error("Nobody should ask for it")),
        }),
      ),
    randomSimilarLines(UPDATE_FORMS, random),
    (lines) => lines.map((line) => `${line}\n`).join(""),
  );
}
