/**
 * `POST /v1/chat/completions`
 *
 * @module
 */

import type { ChatStream, Clock, FinishEvent } from "@parley/chat";
import type { Context, Handler } from "hono";
import {
  type ChatRequest,
  isKnownField,
  readChatRequest,
} from "./chat_request.ts";
import { toChatCompletion, toCutResult } from "./chat_completion.ts";
import { CompletionChunks } from "./completion_chunks.ts";
import {
  type CompletionSource,
  openCompletionStream,
} from "./completion_stream.ts";
import { createConversations } from "../conversations/conversations.ts";
import type { ConversationKeeper } from "../options/conversation_keeper.ts";
import { invalidOptions } from "../options/gateway_options.ts";
import { fitRequest, type FittedRequest } from "./fit_request.ts";
import type { BodySource } from "../http/body_source.ts";
import { toErrorBody } from "../http/errors.ts";
import { recordFailure, toFailureResponse } from "../http/failures.ts";
import type { GatewayEnvironment } from "../http/gateway_environment.ts";
import { toJsonResponse } from "../http/json_response.ts";
import type { Lifetime } from "../http/lifetime.ts";
import type { ModelCatalog, ServedModel } from "../models/model_catalog.ts";
import { findObjectEnd } from "./tool_calls.ts";
import { measureMessages } from "./usage.ts";

/** What chats are answered with. */
export interface ChatDependencies {
  /** The models. */
  readonly catalog: ModelCatalog;
  /** The fields of a request that go to the upstream as they are. */
  readonly passFields: readonly string[];
  /** Who keeps conversations; without one there are none. */
  readonly conversations: ConversationKeeper | undefined;
  /** The longest wait that an upstream may ask for, in milliseconds. */
  readonly maxRetryDelay: number;
  /** After how many milliseconds of silence a stream says something. */
  readonly keepAlive: number | null;
  /** For how many milliseconds a stream waits for its status at most. */
  readonly holdHead: number | null;
  /** Where time comes from. */
  readonly clock: Clock;
  /** Makes the ids of answers. */
  readonly randomUuid: () => string;
}

const STREAM_HEADERS = {
  "content-type": "text/event-stream; charset=utf-8",
  // A proxy such as nginx would hold the chunks back until it has many.
  "x-accel-buffering": "no",
};

/**
 * A token that goes into a header: servers and clients limit its length, and a
 * keeper may give what is no value of one.
 */
const HEADER_TOKEN = /^[\x21-\x7e]{1,6144}$/;

/** One chat that is to be answered. */
interface Chat {
  readonly facts: {
    readonly id: string;
    readonly created: number;
    readonly promptLength: number;
    readonly isFailover: boolean;
    readonly warnings: FittedRequest["warnings"];
  };
  readonly request: ChatRequest;
  readonly served: ServedModel;
  readonly stream: ChatStream;
  readonly keyId: string;
  readonly lifetime: Lifetime;
}

/** Answers a chat: in one piece, with an error, or as it comes. */
export type AnswerChat = (
  context: Context<GatewayEnvironment>,
) => Promise<Response | CompletionSource>;

/**
 * Makes what answers chats.
 *
 * @param dependencies What they are answered with.
 * @throws {ProviderError} If a field to pass is one that the gateway reads.
 */
export function createAnswerChat(dependencies: ChatDependencies): AnswerChat {
  const { catalog, clock, passFields } = dependencies;
  const known = passFields.find(isKnownField);
  if (known !== undefined) {
    throw invalidOptions(
      `Option "passFields" names "${known}", which the gateway reads itself`,
    );
  }
  const conversations = createConversations(dependencies.conversations, clock);

  async function collect(
    { facts, served, stream, keyId, lifetime }: Chat,
  ): Promise<Response> {
    let end: FinishEvent | undefined;
    const result = await stream.result().catch((error) => {
      end = findObjectEnd(error);
      if (end === undefined) throw error;
      return toCutResult(stream, end, served);
    });
    const { provider, attempts, usage } = result;
    Object.assign(lifetime.details, { provider, attempts, usage });
    const conversation = await conversations.seal(result.conversation, {
      keyId,
      signal: lifetime.signal,
    });
    return toJsonResponse(
      toChatCompletion(result, { ...facts, conversation, end }),
      toHeaders(conversation),
    );
  }

  async function open(chat: Chat): Promise<CompletionSource> {
    const { facts, request, served, stream, keyId, lifetime } = chat;
    const { includeUsage, includeRestarts, settings } = request;
    const { tools = [], output } = settings;
    const { outputSupport } = served.abilities;
    const chunks = new CompletionChunks({
      ...facts,
      provider: served.owner,
      model: served.model,
      includeUsage,
      includeRestarts,
      showsCalls: includeRestarts || !served.isFailover,
      output: output && {
        name: output.name,
        isPlain: tools.length === 0 && outputSupport !== "prompt",
      },
    });
    return await openCompletionStream({
      stream,
      // It is the object, or travels with the chat; the rest is sent and forgotten.
      keepText: output !== undefined ||
        (served.isFailover && dependencies.conversations !== undefined),
      chunks,
      seal: (signal) =>
        conversations.seal(chunks.conversation, { keyId, signal }),
      toError: (error) => {
        const { status, error: details } = recordFailure(error, lifetime);
        return toErrorBody(status, details);
      },
      onEnd() {
        const { provider, usage } = chunks;
        const { attempts } = stream;
        Object.assign(lifetime.details, { provider, attempts, usage });
      },
      keepAlive: dependencies.keepAlive,
      holdHead: dependencies.holdHead,
      clock,
    });
  }

  return async (context) => {
    const { body, keyId, lifetime } = context.var;
    const request = readChatRequest(body, passFields);
    const served = catalog.find(request.model);
    lifetime.details.model = served.id;
    const { messages, options, warnings } = fitRequest(request, served);
    const { isStream } = request;
    const canRestart = !isStream || request.includeRestarts;
    const provider = canRestart ? served.restartingProvider : served.provider;
    const { signal } = lifetime;
    const token = context.req.header("x-conversation") ?? request.conversation;
    const stream = provider.stream(messages, {
      ...options,
      model: served.model,
      maxRetryDelay: dependencies.maxRetryDelay,
      conversation: token === undefined
        ? undefined
        : await conversations.open(token, {
          keyId,
          signal,
          provider: served.owner,
        }),
      signal,
    });
    const { isFailover } = served;
    const facts = {
      isFailover,
      id: `chatcmpl-${dependencies.randomUuid().replaceAll("-", "")}`,
      created: Math.floor(clock.now() / 1_000),
      promptLength: measureMessages(messages),
      warnings,
    };
    const chat = { facts, request, served, stream, keyId, lifetime };
    try {
      return isStream ? await open(chat) : await collect(chat);
    } catch (error) {
      return toFailureResponse(error, lifetime, isFailover);
    }
  };
}

/**
 * Sends an answer as it comes.
 *
 * @param source What it is read from.
 * @param lifetime The request.
 */
export function toStreamResponse(
  source: BodySource,
  lifetime: Lifetime,
): Response {
  return new Response(lifetime.send(source), { headers: STREAM_HEADERS });
}

/**
 * Makes the handler of chats.
 *
 * @param answer Answers them.
 */
export function createChatHandler(
  answer: AnswerChat,
): Handler<GatewayEnvironment> {
  return async (context) => {
    const answered = await answer(context);
    return answered instanceof Response
      ? answered
      : toStreamResponse(answered, context.get("lifetime"));
  };
}

/** A token that fits into no header is in the body only. */
function toHeaders(conversation = ""): Record<string, string> {
  return HEADER_TOKEN.test(conversation)
    ? { "x-conversation": conversation }
    : {};
}
