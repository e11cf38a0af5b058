import { type Answer, type AnswerOptions, echo, toWords } from "./answer.ts";
import {
  countPromptTokens,
  toCompletionResponse,
  toErrorResponse,
} from "./_openai_body.ts";
import { cutJson, type OpenAiExtra, toExtra } from "./_openai_calls.ts";
import {
  checkChat,
  checkKey,
  checkLength,
  checkModel,
} from "./_openai_checks.ts";
import { ChatBody, ImageBody, readBody } from "./_openai_request.ts";
import type { ToolAnswer, ToolAnswerOptions } from "./tool_answer.ts";
import { createPictures, type PictureOptions } from "./pictures.ts";
import {
  createUpstream,
  type Upstream,
  type UpstreamOptions,
} from "./upstream.ts";

/** Options of {@linkcode createOpenAiUpstream}. */
export interface OpenAiUpstreamOptions
  extends
    Omit<AnswerOptions, "answer">,
    ToolAnswerOptions,
    PictureOptions,
    UpstreamOptions {
  /**
   * The key that requests must carry.
   *
   * @default {none is asked for}
   */
  readonly apiKey?: string | undefined;
  /**
   * The models that answer with text.
   *
   * @default {["gpt-4o-mini", "gpt-4o", "o4-mini"]}
   */
  readonly models?: readonly string[] | undefined;
  /**
   * Those of them that think first, and so refuse `max_tokens`.
   *
   * @default {["o4-mini"]}
   */
  readonly reasoningModels?: readonly string[] | undefined;
  /**
   * The models that draw.
   *
   * @default {["dall-e-3"]}
   */
  readonly imageModels?: readonly string[] | undefined;
  /**
   * The most words that all messages and the most tokens of the answer may have
   * together.
   *
   * @default {128_000}
   */
  readonly contextLength?: number | undefined;
}

/** Where the models are listed. */
const LIST = "/v1/models";

/** When every model was made, in seconds since 1970. */
const CREATED = 1_715_367_049;

/**
 * Makes an upstream that speaks OpenAI's protocol: chat completions at
 * `/v1/chat/completions`, cut after so many words as the request wants tokens,
 * pictures at `/v1/images/generations`, which it serves at `/img/1.png` and so
 * on, and the list of its models at `/v1/models`. A model that is given calls of
 * tools, an object or a refusal to say writes them as OpenAI's do, or with the
 * quirks of other servers.
 *
 * In OpenAI's form it refuses a request without the key or with another (401),
 * an unknown model or path (404), another method (405), and a body with a field
 * that is unknown, missing or wrong, `stream_options` without a stream,
 * `max_tokens` for a model that thinks, and more words than the context holds
 * (400).
 *
 * @example Usage
 * ```ts
 * import { createOpenAiUpstream } from "@parley/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const upstream = createOpenAiUpstream({ answer: () => "Good day" });
 * const response = await upstream.fetch("https://api.openai.com/v1/chat/completions", {
 *   method: "POST",
 *   headers: { "content-type": "application/json" },
 *   body: JSON.stringify({
 *     model: "gpt-4o-mini",
 *     messages: [{ role: "user", content: "Hello" }],
 *   }),
 * });
 * const { choices } = await response.json();
 *
 * assertEquals(choices[0].message, { role: "assistant", content: "Good day" });
 * ```
 *
 * @param options What it answers, how fast, to whom, and where.
 * @returns The upstream.
 */
export function createOpenAiUpstream(
  options: OpenAiUpstreamOptions = {},
): Upstream {
  const {
    models = ["gpt-4o-mini", "gpt-4o", "o4-mini"],
    reasoningModels = ["o4-mini"],
    imageModels = ["dall-e-3"],
    contextLength = 128_000,
  } = options;
  const ids = [...models, ...imageModels];
  const pictures = createPictures(options);
  const { answer = echo, quirks } = options;
  const answering = {
    ...options,
    answer: (...question: Parameters<typeof answer>) => {
      const said = answer(...question);
      return isToolAnswer(said) ? toTokens(said, quirks) : said;
    },
  };

  async function chat(request: Request): Promise<Response> {
    const body = await readBody(request, ChatBody);
    checkModel(models, body.model);
    checkChat(body, reasoningModels);
    const maxTokens = body.max_completion_tokens ?? body.max_tokens ?? Infinity;
    checkLength(countPromptTokens(body), maxTokens, contextLength);
    return await toCompletionResponse(
      {
        model: body.model,
        messages: body.messages,
        stream: body.stream ?? false,
        count: body.n ?? 1,
        maxTokens,
        usage: body.stream_options?.include_usage ? "own" : "none",
      },
      answering,
      request.signal,
    );
  }

  async function draw(request: Request): Promise<Response> {
    const body = await readBody(request, ImageBody);
    checkModel(imageModels, body.model);
    const { n, response_format: format } = body;
    return await pictures.draw(request, {
      ...(format && { imageFormat: format }),
      ...(n && n > 1 && { imageCount: n }),
    });
  }

  /** The models, or the one that a path names. */
  function toModelsResponse(path: string): Response {
    if (path === LIST) {
      return Response.json({ object: "list", data: ids.map(toModel) });
    }
    const name = path.slice(LIST.length + 1);
    const id = ids.find((id) => name === id || name === encodeURIComponent(id));
    if (id !== undefined) return Response.json(toModel(id));
    return toErrorResponse(404, `The model '${name}' does not exist`, {
      param: "model",
      code: "model_not_found",
    });
  }

  const posts = new Map([["/v1/chat/completions", chat], [
    "/v1/images/generations",
    draw,
  ]]);

  return createUpstream(async (request, path) => {
    const picture = await pictures.serve(path);
    if (picture !== undefined) return picture;
    const { method, headers } = request;
    const post = posts.get(path);
    const isList = path === LIST || path.startsWith(`${LIST}/`);
    if (post === undefined && !isList) {
      return toErrorResponse(404, `Invalid URL (${method} ${path})`);
    }
    if (method !== (isList ? "GET" : "POST")) {
      return toErrorResponse(405, `Not allowed to ${method} on ${path}.`, {
        code: "method_not_supported",
      });
    }
    checkKey(headers, options.apiKey);
    return await post?.(request) ?? toModelsResponse(path);
  }, options);
}

function isToolAnswer(answer: Answer | ToolAnswer): answer is ToolAnswer {
  return typeof answer === "object" && !(Symbol.iterator in answer) &&
    !(Symbol.asyncIterator in answer);
}

/** What a model says, and then what it has beside that. */
function* toTokens(
  answer: ToolAnswer,
  quirks: ToolAnswerOptions["quirks"],
): Generator<OpenAiExtra | string> {
  const { text, object } = answer;
  yield* toWords(text ?? "");
  if (object !== undefined) {
    yield* cutJson(JSON.stringify(object));
  }
  const extra = toExtra(answer, quirks);
  if (extra !== undefined) yield extra;
}

function toModel(id: string): Record<string, string | number> {
  return { id, object: "model", created: CREATED, owned_by: "system" };
}
