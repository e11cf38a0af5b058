/**
 * What a provider states of itself, and what a run gives it to work with.
 * Types only.
 *
 * @module
 */

import type { Conversation } from "./conversation.ts";
import type { ProviderError, ProviderErrorOptions } from "./errors.ts";
import type {
  UpstreamBody,
  UpstreamRequest,
  UpstreamResponse,
} from "./exchange.ts";
import type { ResolvedLimits } from "./provider_options.ts";
import type { ChatEvent } from "./events.ts";
import type { ChatOptions, ChatSetting, Message } from "./types.ts";

/** Options for {@linkcode RunContext.fail}. */
export interface FailOptions
  extends Omit<ProviderErrorOptions, "body" | "provider"> {
  /** What the upstream said; cleaned before it is used. */
  readonly words?: string | undefined;
}

/** Options for {@linkcode RunContext.toUpstreamError}. */
export interface UpstreamErrorOptions {
  /**
   * What failed: a sentence without a period.
   *
   * @default {"Upstream failed"}
   */
  readonly reason?: string | undefined;
  /**
   * Whether the request may be sent again before its first content, where the
   * failure may pass.
   *
   * @default {true}
   */
  readonly repeatable?: boolean | undefined;
}

/** What a run gives to the `respond` of a provider. */
export interface RunContext {
  /** The model id. */
  readonly model: string;
  /** The messages, well-formed. */
  readonly messages: readonly Message[];
  /** All that the caller set for this run, checked. */
  readonly options: ChatOptions;
  /** The caller's settings that a protocol may carry. */
  readonly settings: Readonly<Pick<ChatOptions, ChatSetting>>;
  /** Which attempt this is, from 1. */
  readonly attempt: number;
  /** Aborts when the run ends early. */
  readonly signal: AbortSignal;
  /** Where requests go, without a slash at its end. */
  readonly baseUrl: string;
  /** The origin of the base URL. */
  readonly origin: string;
  /** How much is too much. */
  readonly limits: ResolvedLimits;
  /**
   * The conversation that the caller gets when the run ends well. At first the
   * one that was passed, `options.conversation`; what is set here lasts over
   * further attempts.
   */
  conversation: Conversation | undefined;
  /**
   * Sends a GET request.
   *
   * @param path The path below the base URL, from its slash.
   * @param request What to send.
   * @throws {ProviderError} If there is no response, or its status is not good.
   */
  get(path: string, request?: UpstreamRequest): Promise<UpstreamResponse>;
  /**
   * Sends a POST request.
   *
   * @param path The path below the base URL, from its slash.
   * @param request What to send.
   * @throws {ProviderError} If there is no response, or its status is not good.
   */
  post(
    path: string,
    request?: UpstreamRequest & UpstreamBody,
  ): Promise<UpstreamResponse>;
  /**
   * Sends a POST request that outlives the run: nobody waits for it, its
   * failure is of no account, and it takes two seconds at most.
   *
   * @param path The path below the base URL, from its slash.
   * @param request What to send.
   */
  notify(
    path: string,
    request?: Pick<UpstreamRequest, "headers"> & UpstreamBody,
  ): void;
  /**
   * Makes the error for a failure.
   *
   * @param reason What failed: a sentence without a period.
   * @param options What kind of failure it is, what the upstream said of it, and
   * what is known besides.
   * @returns The error, to be thrown.
   */
  fail(reason: string, options: FailOptions): ProviderError;
  /**
   * Makes the error for a failure that the upstream tells inside of an answer:
   * it means what the status would mean that its codes and words stand for.
   *
   * @param told The JSON or the words, in any form that servers use.
   * @param options What failed.
   * @returns The error, to be thrown; its code is `bad-response` where the JSON
   * tells of no failure.
   */
  toUpstreamError(told: unknown, options?: UpstreamErrorOptions): ProviderError;
  /** Gives a random UUID (version 4). */
  randomUuid(): string;
  /** Gives the time, in milliseconds since 1970. */
  now(): number;
}

/** What makes a provider: its attributes, and how it responds. */
export interface ProviderDefinition {
  /** The name it is found by. */
  readonly id: string;
  /** The name that people know it by. */
  readonly label: string;
  /** The public site. */
  readonly url: string;
  /** Where requests go, unless the caller says otherwise. */
  readonly baseUrl: string;
  /** Whether the public site was last known to answer. */
  readonly working: boolean;
  /** The model that is used where none is named; empty where none is known. */
  readonly defaultModel: string;
  /** All model ids, those of pictures included. */
  readonly models: readonly string[];
  /**
   * Whether other models than the known ones can be asked for, as long as the
   * caller does not name them in `models`.
   *
   * @default {false}
   */
  readonly acceptsAnyModel?: boolean | undefined;
  /**
   * The ids of the models that make pictures.
   *
   * @default {[]}
   */
  readonly imageModels?: readonly string[] | undefined;
  /**
   * Other names of models. An alias wins over a model id of the same name.
   *
   * @default {{}}
   */
  readonly modelAliases?: Readonly<Record<string, string>> | undefined;
  /**
   * Whether answers arrive in pieces.
   *
   * @default {true}
   */
  readonly supportsStream?: boolean | undefined;
  /**
   * Whether system messages have a place of their own in the protocol.
   *
   * @default {true}
   */
  readonly supportsSystemMessage?: boolean | undefined;
  /**
   * Whether earlier messages are sent along.
   *
   * @default {true}
   */
  readonly supportsMessageHistory?: boolean | undefined;
  /**
   * Whether messages may hold pictures.
   *
   * @default {false}
   */
  readonly acceptsImages?: boolean | undefined;
  /**
   * The settings that the protocol carries; the caller is warned of others.
   *
   * @default {[]}
   */
  readonly settings?: readonly ChatSetting[] | undefined;
  /**
   * Checks a conversation that a caller passes: `parseConversation`, where the
   * provider goes on with conversations. A function, so that a bundle without
   * such a provider leaves it out.
   *
   * @default {the provider has no conversations to go on with}
   */
  readonly parseConversation?: ((value: unknown) => Conversation) | undefined;
  /**
   * Asks the upstream and yields the answer: events, or iterables of events,
   * which cost less where many are ready at once. It must yield a `finish`
   * event as soon as the answer is whole, and only then: where it returns
   * without one, the run fails with code `incomplete`.
   *
   * It is called once for each attempt. Anything that it throws fails the
   * attempt; an error that {@linkcode RunContext.fail} made says why.
   *
   * @param run What to answer, and the means to do it.
   */
  respond(
    run: RunContext,
  ): AsyncIterable<ChatEvent | Iterable<ChatEvent>>;
}
