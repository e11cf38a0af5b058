import { type AnswerContext, type AnswerOptions, toTokens } from "./answer.ts";
import { toStreamingBody } from "./_streaming_body.ts";

/** What an OpenAI-like request asks of the model. */
export interface CompletionRequest extends AnswerContext {
  /** Whether the answer is a stream of chunks, or one JSON object. */
  readonly stream: boolean;
  /** The number of tokens after which the answer is cut. */
  readonly maxTokens?: number | undefined;
}

/** Answers in the form of OpenAI's chat completions. */
export async function toCompletionResponse(
  request: CompletionRequest,
  options: AnswerOptions,
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
export function toErrorResponse(status: number, message: string): Response {
  const type = status < 500 ? "invalid_request_error" : "server_error";
  return Response.json({ error: { message, type, param: null, code: null } }, {
    status,
  });
}

async function toCompletion(
  request: CompletionRequest,
  options: AnswerOptions,
  signal: AbortSignal,
): Promise<Response> {
  const meter = new Meter(request);
  let content = "";
  try {
    for await (
      const token of meter.measure(toTokens(options, request, signal))
    ) content += token;
  } catch (error) {
    return toErrorResponse(500, toMessage(error));
  }
  return Response.json({
    ...toEnvelope("chat.completion", request.model),
    choices: [{
      index: 0,
      message: { role: "assistant", content },
      finish_reason: meter.finishReason,
    }],
    usage: meter.usage,
  });
}

async function* toChunks(
  request: CompletionRequest,
  options: AnswerOptions,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const envelope = toEnvelope("chat.completion.chunk", request.model);
  const meter = new Meter(request);
  const toChoice = (
    delta: Record<string, string>,
    finishReason: string | null,
  ) => ({
    ...envelope,
    choices: [{ index: 0, delta, finish_reason: finishReason }],
  });

  yield toEvent(toChoice({ role: "assistant", content: "" }, null));
  try {
    for await (
      const content of meter.measure(toTokens(options, request, signal))
    ) {
      yield toEvent(toChoice({ content }, null));
    }
  } catch (error) {
    yield toEvent({
      error: { message: toMessage(error), type: "server_error", code: null },
    });
    return;
  }
  yield toEvent({ ...toChoice({}, meter.finishReason), usage: meter.usage });
  yield "data: [DONE]\n\n";
}

/**
 * Counts the tokens of an answer, and cuts it where the request wants it cut.
 */
class Meter {
  readonly #request: CompletionRequest;
  #tokens = 0;
  #isCut = false;

  constructor(request: CompletionRequest) {
    this.#request = request;
  }

  async *measure(tokens: AsyncIterable<string>): AsyncGenerator<string> {
    for await (const token of tokens) {
      this.#isCut = this.#tokens === this.#request.maxTokens;
      if (this.#isCut) return;
      this.#tokens++;
      yield token;
    }
  }

  get finishReason(): string {
    return this.#isCut ? "length" : "stop";
  }

  get usage(): Record<string, number> {
    const words = this.#request.messages.flatMap(({ content }) =>
      content.match(/\S+/g) ?? []
    );
    return {
      prompt_tokens: words.length,
      completion_tokens: this.#tokens,
      total_tokens: words.length + this.#tokens,
    };
  }
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
