/**
 * What a run leaves behind, and the provider that runs it. Types only.
 *
 * @module
 */

import type { ChatStream } from "./chat_stream.ts";
import type { Conversation } from "./conversation.ts";
import type { ErrorCode } from "./errors.ts";
import type { GeneratedImage } from "./generated_image.ts";
import type { FinishReason, Usage, Warning } from "./events.ts";
import type { ChatInput, ChatOptions } from "./types.ts";

/** One attempt of a run. Times are in milliseconds from the attempt's start. */
export interface Attempt {
  /** The provider's id. */
  readonly provider: string;
  /** The model id. */
  readonly model: string;
  /** When the response headers of the answer came. */
  readonly headersMs?: number | undefined;
  /** When the first content came. */
  readonly firstTokenMs?: number | undefined;
  /** When the attempt ended. */
  readonly endMs?: number | undefined;
  /** The HTTP status of the last response. */
  readonly status?: number | undefined;
  /** Why the attempt failed; absent where it did not. */
  readonly code?: ErrorCode | "aborted" | undefined;
}

/** What has come of an answer so far; nothing of what a restart made void. */
export interface PartialAnswer {
  /** The text; of a very long answer (4 Mi characters) only the beginning. */
  readonly text: string;
  /** The reasoning, with the same limit. */
  readonly reasoning: string;
  /** The pictures. */
  readonly images: readonly GeneratedImage[];
}

/** A whole answer. */
export interface ChatResult {
  /** The id of the provider that answered. */
  readonly provider: string;
  /** The id of the model that answered. */
  readonly model: string;
  /** The answer. */
  readonly text: string;
  /** What the model thought before it answered; often empty. */
  readonly reasoning: string;
  /** The pictures of the answer, in order. */
  readonly images: readonly GeneratedImage[];
  /** The title that the upstream gave the conversation. */
  readonly title?: string | undefined;
  /** The conversation to pass to the next run. */
  readonly conversation?: Conversation | undefined;
  /** Why the answer ended. */
  readonly finishReason: FinishReason;
  /** The tokens that it took, where the upstream tells. */
  readonly usage?: Usage | undefined;
  /** What the caller should know. */
  readonly warnings: readonly Warning[];
  /** Every attempt, the last one being the one that answered. */
  readonly attempts: readonly Attempt[];
}

/** One upstream behind the interface that all providers share. */
export interface Provider {
  /** The name it is found by, e.g. `"AmigoChat"`. */
  readonly id: string;
  /** The name that people know it by. */
  readonly label: string;
  /** The public site. */
  readonly url: string;
  /** Where requests go. */
  readonly baseUrl: string;
  /** Whether the public site was last known to answer. */
  readonly working: boolean;
  /** Whether answers arrive in pieces. */
  readonly supportsStream: boolean;
  /** Whether system messages have a place of their own in the protocol. */
  readonly supportsSystemMessage: boolean;
  /** Whether earlier messages are sent along. */
  readonly supportsMessageHistory: boolean;
  /** The model that is used where none is named; empty where none is known. */
  readonly defaultModel: string;
  /** All model ids, those of pictures included. */
  readonly models: readonly string[];
  /** The ids of the models that make pictures. */
  readonly imageModels: readonly string[];
  /** Other names of models. */
  readonly modelAliases: Readonly<Record<string, string>>;
  /**
   * Finds the id of a model.
   *
   * @param name An id or alias; empty or absent means the default model.
   * @returns The model id.
   * @throws {ProviderError} If the name is neither, or there is no default
   * model, with code `unknown-model`.
   */
  getModel(name?: string): string;
  /**
   * Starts a run that is read piece by piece. Nothing is sent before the first
   * read, and this never throws: wrong input rejects the first read.
   *
   * @param input A prompt, or the messages of a chat.
   * @param options Settings of this run.
   * @returns The answer, to be read once.
   */
  stream(input: ChatInput, options?: ChatOptions): ChatStream;
  /**
   * Runs to the end and collects the answer.
   *
   * @param input A prompt, or the messages of a chat.
   * @param options Settings of this run.
   * @returns The whole answer.
   * @throws {ProviderError} If the answer is not whole.
   */
  generate(input: ChatInput, options?: ChatOptions): Promise<ChatResult>;
}
