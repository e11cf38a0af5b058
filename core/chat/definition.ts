/**
 * What a provider states of itself, and what a run gives it to work with.
 * Types only.
 *
 * @module
 */

import type { ProviderAbilities } from "./abilities.ts";
import type { Conversation } from "./conversation.ts";
import type { ErrorCode } from "./error_code.ts";
import type { ProviderError } from "./errors.ts";
import type { UpstreamAccess } from "./exchange.ts";
import type { FailOptions, UpstreamErrorOptions } from "./fail_options.ts";
import type { ResolvedLimits } from "./provider_options.ts";
import type { ChatEvent } from "./events.ts";
import type { StandardSchema } from "./schema.ts";
import type { OutputSpec, ToolChoice, ToolSpec } from "./tools.ts";
import type { ChatOptions, ChatSetting, Message, Timeouts } from "./types.ts";

/**
 * What a run gives to the `respond` of a provider.
 *
 * @typeParam Own The provider's own options.
 */
export interface RunContext<Own extends object = object>
  extends UpstreamAccess {
  /** The model id. */
  readonly model: string;
  /** The messages, well-formed. */
  readonly messages: readonly Message[];
  /** All that the caller set for this run, checked. */
  readonly options: ChatOptions;
  /** The provider's own options, as their schema gives them. */
  readonly providerOptions: Own;
  /** The caller's settings that the model takes. */
  readonly settings: Readonly<Pick<ChatOptions, ChatSetting>>;
  /** The tools to be sent; what the model calls is checked by the run. */
  readonly tools: readonly ToolSpec[];
  /** Whether tools are called, and which; only beside tools. */
  readonly toolChoice: ToolChoice | undefined;
  /** The object to be asked for; what comes is checked by the run. */
  readonly output: OutputSpec | undefined;
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
   * What the caller can go on with where the run fails, as the upstream has
   * stored the message: the error's `partial.conversation`.
   */
  partialConversation: Conversation | undefined;
  /**
   * Gives what is held back of the answer, for where it breaks off before that is
   * handed on: the connection fails, or a clock runs out. It may throw.
   *
   * @default {nothing is held back}
   */
  readHeld?: (() => Iterable<ChatEvent>) | undefined;
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
   * Makes the error for a failure that the upstream reports inside of an answer:
   * it means what the status would mean that its codes and words stand for.
   *
   * @param answer The JSON or the words, in any form that servers use.
   * @param options What failed.
   * @returns The error, to be thrown; its code is `bad-response` where the JSON
   * reports no failure.
   */
  toUpstreamError(
    answer: unknown,
    options?: UpstreamErrorOptions,
  ): ProviderError;
  /**
   * Keeps a text out of errors: a key in a body or path, a token that the
   * server gave, or a prompt in another form than that of the messages.
   *
   * @param text The text.
   */
  redact(text: string): void;
  /** Gives a random UUID (version 4). */
  randomUuid(): string;
  /** Gives the time, in milliseconds since 1970. */
  now(): number;
}

/**
 * What makes a provider: its attributes, and how it responds.
 *
 * @typeParam Own Its own options, as their schema gives them.
 * @typeParam Input Its own options, as callers set them.
 */
export interface ProviderDefinition<
  Own extends object = object,
  Input extends object = object,
> extends ProviderAbilities {
  /** The name it is found by. */
  readonly id: string;
  /** The name that people know it by. */
  readonly label: string;
  /** The public site. */
  readonly url: string;
  /**
   * Where requests go, unless the caller says otherwise. A query of it goes to
   * every request.
   */
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
   * Whether an assistant's message at the end is gone on with.
   *
   * @default {false}
   */
  readonly supportsPrefill?: boolean | undefined;
  /**
   * The settings of single models, by their ids, where they take others.
   *
   * @default {{}}
   */
  readonly modelSettings?:
    | Readonly<Record<string, readonly ChatSetting[]>>
    | undefined;
  /**
   * The header in which `apiKey` is sent alone, such as `x-api-key`.
   *
   * @default {"authorization", after the word `Bearer`}
   */
  readonly keyHeader?: string | undefined;
  /**
   * The schema of options of its own, beside {@linkcode ProviderOptions}; of any
   * library of Standard Schema, and synchronous. An option that it drops is
   * unknown.
   *
   * @default {it has none}
   */
  readonly options?: StandardSchema<Input, Own> | undefined;
  /**
   * Says what a failure means, where the server has words of its own.
   *
   * @param status The HTTP status; 200 where an answer itself fails.
   * @param body The parsed JSON of the body or event, or its text.
   * @returns The code, or `undefined` where the usual codes and words count.
   */
  classify?(status: number, body: unknown): ErrorCode | undefined;
  /** Clocks where nobody sets others, over the usual ones. */
  readonly timeouts?: Timeouts | undefined;
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
   * which cost less where many are ready at once. One that only hands on what
   * another gives may also return a promise of that. It must yield a `finish`
   * event as soon as the answer is whole, and only then: where it returns
   * without one, the run fails with code `incomplete`. Calls are yielded as
   * `tool-call-delta` events, out of which the run makes those to be run.
   *
   * It is called once for each attempt. Anything that it throws fails the
   * attempt; an error that {@linkcode RunContext.fail} made says why.
   *
   * @param run What to answer, and the means to do it.
   */
  respond(
    run: RunContext<Own>,
  ):
    | AsyncIterable<ChatEvent | Iterable<ChatEvent>>
    | Promise<AsyncIterable<ChatEvent | Iterable<ChatEvent>>>;
}
