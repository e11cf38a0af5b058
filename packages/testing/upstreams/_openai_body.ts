import { type AnswerContext, type AnswerOptions, toTokens } from "./answer.ts";
import type { OpenAiExtra } from "./_openai_calls.ts";
import { toStreamingBody } from "./_streaming_body.ts";

/** What an OpenAI-like request asks of the model. */
export interface CompletionRequest extends AnswerContext {
  /** Whether the answer is a stream of chunks, or one JSON object. */
  readonly stream: boolean;
  /** The number of tokens after which the answer is cut. */
  readonly maxTokens?: number | undefined;
  /**
   * The number of answers.
   *
   * @default {1}
   */
  readonly count?: number | undefined;
  /**
   * Where a stream has its usage: in the last chunk, in one of its own after
   * it, or nowhere.
   *
   * @default {"last"}
   */
  readonly usage?: "last" | "own" | "none" | undefined;
}

/** A token, or what comes after all of them. */
export type OpenAiAnswerOptions = AnswerOptions<OpenAiExtra>;

/** What an error of OpenAI has besides its words. */
export interface ErrorFacts {
  /** The field of the request that is wrong. */
  readonly param?: string | undefined;
  /** What kind of error it is, for programs. */
  readonly code?: string | undefined;
}

/** Answers in the form of OpenAI's chat completions. */
export async function toCompletionResponse(
  request: CompletionRequest,
  options: OpenAiAnswerOptions,
  signal: AbortSignal,
): Promise<Response> {
  if (!request.stream) return await toCompletion(request, options, signal);
  const body = toStreamingBody((left) => toChunks(request, options, left));
  return new Response(body, {
    headers: {
      "content-type": "text/event-stream",
      "cache-control": "no-cache",
    },
  });
}

/** A refusal in OpenAI's form. */
export function toErrorResponse(
  status: number,
  message: string,
  { param, code }: ErrorFacts = {},
): Response {
  const type = status < 500 ? "invalid_request_error" : "server_error";
  const error = { message, type, param: param ?? null, code: code ?? null };
  return Response.json({ error }, { status });
}

async function toCompletion(
  request: CompletionRequest,
  options: OpenAiAnswerOptions,
  signal: AbortSignal,
): Promise<Response> {
  const meter = new Meter(request, options.finishReason);
  let content = "";
  let extra: OpenAiExtra["message"] = {};
  try {
    for await (
      const token of meter.measure(toTokens(options, request, signal))
    ) {
      if (typeof token === "string") content += token;
      else extra = token.message;
    }
  } catch (error) {
    return toErrorResponse(500, toMessage(error));
  }
  return Response.json({
    ...toEnvelope("chat.completion", request.model),
    choices: toIndices(request).map((index) => ({
      index,
      // Without a text there is none beside calls and refusals.
      message: {
        role: "assistant",
        content: content === "" && Object.keys(extra).length > 0
          ? null
          : content,
        ...extra,
      },
      finish_reason: meter.finishReason,
    })),
    usage: meter.usage,
  });
}

async function* toChunks(
  request: CompletionRequest,
  options: OpenAiAnswerOptions,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const envelope = toEnvelope("chat.completion.chunk", request.model);
  const meter = new Meter(request, options.finishReason);
  const { usage = "last" } = request;
  /** Says the same in every answer. */
  const toEvents = (
    delta: Readonly<Record<string, unknown>>,
    finishReason: string | null = null,
    fields: Record<string, unknown> = usage === "own" ? { usage: null } : {},
  ) =>
    toIndices(request).map((index) =>
      toEvent({
        ...envelope,
        choices: [{ index, delta, finish_reason: finishReason }],
        ...fields,
      })
    ).join("");

  yield toEvents({ role: "assistant", content: "" });
  try {
    for await (
      const token of meter.measure(toTokens(options, request, signal))
    ) {
      if (typeof token === "string") yield toEvents({ content: token });
      else for (const delta of token.deltas) yield toEvents(delta);
    }
  } catch (error) {
    yield toEvent({
      error: { message: toMessage(error), type: "server_error", code: null },
    });
    return;
  }
  const counted = { usage: meter.usage };
  for (const reason of meter.finishReasons.slice(1)) yield toEvents({}, reason);
  yield usage === "last"
    ? toEvents({}, meter.finishReason, counted)
    : toEvents({}, meter.finishReason);
  if (usage === "own") yield toEvent({ ...envelope, choices: [], ...counted });
  yield "data: [DONE]\n\n";
}

/** The numbers of the answers. */
function toIndices({ count = 1 }: CompletionRequest): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

/**
 * Counts the tokens of an answer, and cuts it where the request wants it cut.
 */
class Meter {
  readonly #request: CompletionRequest;
  #reasons: readonly string[];
  #tokens = 0;
  #isCut = false;

  constructor(request: CompletionRequest, reason = "stop") {
    this.#request = request;
    this.#reasons = [reason];
  }

  async *measure(
    tokens: AsyncIterable<OpenAiExtra | string>,
  ): AsyncGenerator<OpenAiExtra | string> {
    for await (const token of tokens) {
      this.#isCut = this.#tokens === this.#request.maxTokens;
      if (this.#isCut) return;
      this.#tokens++;
      if (typeof token !== "string") this.#reasons = token.finishReasons;
      yield token;
    }
  }

  get finishReasons(): readonly string[] {
    return this.#isCut ? ["length"] : this.#reasons;
  }

  get finishReason(): string {
    return this.finishReasons[0] ?? "stop";
  }

  get usage(): Record<string, number> {
    const promptTokens = countPromptTokens(this.#request);
    const answerTokens = this.#tokens * (this.#request.count ?? 1);
    return {
      prompt_tokens: promptTokens,
      completion_tokens: answerTokens,
      total_tokens: promptTokens + answerTokens,
    };
  }
}

/** The number of tokens of all messages, which are their words. */
export function countPromptTokens(
  { messages }: Pick<CompletionRequest, "messages">,
): number {
  return messages.flatMap(({ content }) => content.match(/\S+/g) ?? []).length;
}

function toEnvelope(
  object: string,
  model: string,
): Record<string, string | number> {
  const created = Math.floor(Date.now() / 1000);
  return { id: `chatcmpl-${crypto.randomUUID()}`, object, created, model };
}

function toEvent(data: unknown): string {
  return `data: ${JSON.stringify(data)}\n\n`;
}

function toMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
