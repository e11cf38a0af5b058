import * as z from "zod/mini";
import type { Clock } from "../../mod.ts";
import { sleep } from "../../packages/testing/upstreams/_sleep.ts";
import { toStreamingBody } from "../../packages/testing/upstreams/_streaming_body.ts";
import { TOKENS } from "./_wall_plans.ts";

const Completion = z.object({
  model: z.string(),
  messages: z.array(z.object({
    role: z.string(),
    content: z.union([z.string(), z.array(z.unknown())]),
  })).check(z.minLength(1)),
  stream: z._default(z.boolean(), false),
});

/** What is asked of a model. */
type Completion = z.infer<typeof Completion>;

/** Reads a request for a chat completion. */
export async function readCompletion(request: Request): Promise<Completion> {
  return Completion.parse(await request.clone().json());
}

/** The tokens that a model answers with: each model says something else. */
function toTokens(model: string): readonly string[] {
  return Array.from({ length: TOKENS }, (_, index) => ` ${model}-${index + 1}`);
}

/** What a model answers. */
export function toWallAnswer(model: string): string {
  return toTokens(model).join("");
}

/** How many tokens a model counts: as many as its name has letters. */
export function toWallUsage(model: string): Record<string, number> {
  return {
    prompt_tokens: model.length,
    completion_tokens: TOKENS,
    total_tokens: model.length + TOKENS,
  };
}

function toEvent(data: unknown): string {
  return `data: ${JSON.stringify(data)}\n\n`;
}

/** How a model answers. */
export interface WallAnswerOptions {
  /** Where time comes from. */
  readonly clock: Clock;
  /** The model whose answer it gives. */
  readonly voice: string;
  /** Is called where the answer is read to its end. */
  readonly onEnd: () => void;
}

async function* toEvents(
  { model }: Completion,
  { clock, voice, onEnd }: WallAnswerOptions,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const envelope = { id: "chatcmpl-1", object: "chat.completion.chunk", model };
  const toChunk = (delta: object, finish_reason: string | null = null) =>
    toEvent({ ...envelope, choices: [{ index: 0, delta, finish_reason }] });

  yield toChunk({ role: "assistant", content: "" });
  if (model === "slow") await sleep(20_000, signal, clock);
  for (const content of toTokens(voice)) yield toChunk({ content });
  yield toChunk({}, "stop");
  yield toEvent({ ...envelope, choices: [], usage: toWallUsage(model) });
  onEnd();
  yield "data: [DONE]\n\n";
}

/**
 * Answers where no fault does.
 *
 * @param completion What is asked.
 * @param options How it is answered.
 */
export function answerCompletion(
  completion: Completion,
  options: WallAnswerOptions,
): Response {
  const { model, messages, stream } = completion;
  const { voice, onEnd } = options;
  if (model === "no-prefill" && messages.at(-1)?.role === "assistant") {
    const message = "This model does not support assistant message prefill";
    return Response.json({
      error: {
        message,
        type: "invalid_request_error",
        param: null,
        code: null,
      },
    }, { status: 400 });
  }
  if (!stream) {
    onEnd();
    const content = toWallAnswer(voice);
    const message = { role: "assistant", content };
    return Response.json({
      id: "chatcmpl-1",
      object: "chat.completion",
      model,
      choices: [{ index: 0, message, finish_reason: "stop" }],
      usage: toWallUsage(model),
    });
  }
  return new Response(
    toStreamingBody((signal) => toEvents(completion, options, signal)),
    { headers: { "content-type": "text/event-stream" } },
  );
}
