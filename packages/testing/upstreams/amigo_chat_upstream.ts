import * as z from "zod/mini";
import { CHAT_PERSONAS, IMAGE_PERSONAS } from "./_amigo_chat_models.ts";
import type { AnswerOptions } from "./answer.ts";
import { toCompletionResponse, toErrorResponse } from "./_openai_body.ts";
import { createPictures, type PictureOptions } from "./pictures.ts";
import { Messages, readJson } from "./_request_body.ts";
import {
  createUpstream,
  type Upstream,
  type UpstreamOptions,
} from "./upstream.ts";

/** Options of {@linkcode createAmigoChatUpstream}. */
export interface AmigoChatUpstreamOptions
  extends AnswerOptions, PictureOptions, UpstreamOptions {
  /**
   * The persona id of each chat model.
   *
   * @default {the models of the public site}
   */
  readonly models?: Readonly<Record<string, string>> | undefined;
  /**
   * The persona id of each model that draws.
   *
   * @default {the models of the public site}
   */
  readonly imageModels?: Readonly<Record<string, string>> | undefined;
}

const ChatBody = z.object({
  chatId: z.guid(),
  model: z.string(),
  personaId: z.string(),
  messages: Messages,
  stream: z._default(z.boolean(), false),
  frequency_penalty: z.optional(z.number()),
  max_tokens: z.optional(z.int().check(z.positive())),
  presence_penalty: z.optional(z.number()),
  temperature: z.optional(z.number()),
  top_p: z.optional(z.number()),
});

const ImageBody = z.object({
  prompt: z.string().check(z.minLength(1)),
  model: z.string(),
  personaId: z.string(),
});

/**
 * Makes an upstream that speaks the protocol of AmigoChat: an answer in the
 * form of OpenAI's chat completions, cut after `max_tokens` words, and
 * pictures, which it serves at `/img/1.png` and so on.
 *
 * It refuses a request without a `Bearer` authorization or without a UUID as
 * `x-device-uuid` (401), and a body of another shape, an unknown model or the
 * persona of another one (400).
 *
 * @example Usage
 * ```ts
 * import { createAmigoChatUpstream } from "@parley/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const upstream = createAmigoChatUpstream({ answer: () => "Good day" });
 * const response = await upstream.fetch("https://api.amigochat.io/v1/chat/completions", {
 *   method: "POST",
 *   headers: {
 *     authorization: "Bearer",
 *     "content-type": "application/json",
 *     "x-device-uuid": crypto.randomUUID(),
 *   },
 *   body: JSON.stringify({
 *     chatId: crypto.randomUUID(),
 *     messages: [{ role: "user", content: "Hello" }],
 *     model: "gpt-4o-mini",
 *     personaId: "amigo",
 *     stream: false,
 *   }),
 * });
 * const { choices } = await response.json();
 *
 * assertEquals(choices[0].message, { role: "assistant", content: "Good day" });
 * ```
 *
 * @param options What it answers, how fast, and where.
 * @returns The upstream.
 */
export function createAmigoChatUpstream(
  options: AmigoChatUpstreamOptions = {},
): Upstream {
  const chatModels = new Map(Object.entries(options.models ?? CHAT_PERSONAS));
  const imageModels = new Map(
    Object.entries(options.imageModels ?? IMAGE_PERSONAS),
  );
  const pictures = createPictures(options);

  async function chat(request: Request): Promise<Response> {
    const body = await readJson(request, ChatBody);
    if (body === undefined) return toErrorResponse(400, "Invalid request body");
    checkPersona(chatModels, body);
    const completion = { ...body, maxTokens: body.max_tokens };
    return await toCompletionResponse(completion, options, request.signal);
  }

  async function draw(request: Request): Promise<Response> {
    const body = await readJson(request, ImageBody);
    if (body === undefined) return toErrorResponse(400, "Invalid request body");
    checkPersona(imageModels, body);
    return await pictures.draw(request);
  }

  const routes = new Map([["/v1/chat/completions", chat], [
    "/v1/images/generations",
    draw,
  ]]);

  return createUpstream(async (request, path) => {
    const picture = await pictures.serve(path);
    if (picture !== undefined) return picture;
    const route = routes.get(path);
    if (route === undefined) {
      return toErrorResponse(404, `Unknown path: ${path}`);
    }
    if (request.method !== "POST") {
      return toErrorResponse(405, "Method not allowed");
    }
    checkDevice(request.headers);
    return await route(request);
  }, options);
}

function checkDevice(headers: Headers): void {
  // A visitor without an account sends the scheme alone.
  if (!/^Bearer( |$)/i.test(headers.get("authorization") ?? "")) {
    throw toErrorResponse(401, "Missing authorization");
  }
  if (!z.guid().safeParse(headers.get("x-device-uuid")).success) {
    throw toErrorResponse(401, "Invalid device id");
  }
}

function checkPersona(
  personas: ReadonlyMap<string, string>,
  { model, personaId }: { readonly model: string; readonly personaId: string },
): void {
  const expected = personas.get(model);
  if (expected === undefined) {
    throw toErrorResponse(400, `Unknown model: ${model}`);
  }
  if (personaId !== expected) {
    throw toErrorResponse(400, `Wrong persona: ${personaId}`);
  }
}
