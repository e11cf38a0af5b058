import { assertEquals } from "@std/assert";
import { isProviderError } from "../../../core/chat/errors.ts";
import type { ChatEvent } from "../../../core/chat/events.ts";
import {
  type OpenAiAnswerOptions,
  readOpenAiAnswer,
} from "../../../core/openai/answer.ts";
import { TestBody } from "../../_body.ts";
import { createParrot } from "../../_parrot.ts";

export const DONE = "data: [DONE]\n\n";

/** Writes data of an event. */
export function toData(...values: unknown[]): string {
  return values.map((value) => `data: ${JSON.stringify(value)}\n\n`).join("");
}

/** Writes a chunk that carries text. */
export function toChunk(
  content: unknown,
  reason: string | null = null,
): string {
  return toData({
    choices: [{ index: 0, delta: { content }, finish_reason: reason }],
  });
}

/** Makes a provider that reads a body. */
export function create(
  body: string | TestBody,
  options: OpenAiAnswerOptions = {},
  headers: HeadersInit = {},
): ReturnType<typeof createParrot> {
  return createParrot({
    answer: () =>
      new Response(body instanceof TestBody ? body.stream : body, { headers }),
    async *respond(run) {
      yield* readOpenAiAnswer(run, await run.post("/"), options);
    },
  });
}

/** Reads an answer and tells what became of it. */
export async function read(...args: Parameters<typeof create>): Promise<{
  readonly events: readonly ChatEvent[];
  readonly code: string | undefined;
  readonly message: string;
}> {
  const { provider, clock } = create(...args);
  const events: ChatEvent[] = [];
  try {
    const stream = provider.stream("Hi", { maxRetries: 0 });
    for await (const event of stream) events.push(event);
  } catch (error) {
    if (!isProviderError(error)) throw error;
    return { events, code: error.code, message: error.message };
  } finally {
    assertEquals(clock.timers, 0);
  }
  return { events, code: undefined, message: "" };
}

export function toText(events: readonly ChatEvent[], type = "text"): string {
  return events.map((event) =>
    event.type === type && "text" in event ? event.text : ""
  ).join("");
}
