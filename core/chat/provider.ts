/**
 * The interface that all providers share. Types only.
 *
 * @module
 */

import type { ChatStream } from "./chat_stream.ts";
import type { ChatResult } from "./results.ts";
import type {
  InferOutput,
  Output,
  OutputSupport,
  ToolSupport,
} from "./tools.ts";
import type { ChatInput, ChatOptions, ChatSetting } from "./types.ts";

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
  /** Whether messages may hold pictures. */
  readonly acceptsImages: boolean;
  /** The settings that the protocol carries; a run warns of others. */
  readonly settings: readonly ChatSetting[];
  /** How tools are taken. */
  readonly toolSupport: ToolSupport;
  /** What is taken at best where an object is asked for. */
  readonly outputSupport: OutputSupport;
  /**
   * Whether a run may have an `extraBody`.
   *
   * @default {false}
   */
  readonly takesExtraBody?: boolean | undefined;
  /**
   * Whether an assistant's message at the end is gone on with.
   *
   * @default {false}
   */
  readonly supportsPrefill?: boolean | undefined;
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
   * @throws {ProviderError} If the answer is not whole, or is not the object that
   * was asked for.
   */
  generate<const O extends Output | undefined = undefined>(
    input: ChatInput,
    options?: ChatOptions & { readonly output?: O },
  ): Promise<ChatResult<InferOutput<O>>>;
}
