/**
 * The one error of a run.
 *
 * @module
 */

import type { Attempt, PartialAnswer } from "./attempt.ts";
import type { ErrorCode, OutputFailure, TimeoutPhase } from "./error_code.ts";
import type { ValueIssue } from "./tools.ts";
import { isObject, withoutUndefined } from "../streams/values.ts";

/** Marks the errors of every copy of the library. */
const BRAND = /* @__PURE__ */ Symbol.for("@parley/chat/ProviderError");

/** Options for {@linkcode ProviderError}. */
export interface ProviderErrorOptions {
  /** What kind of failure it is. */
  readonly code: ErrorCode;
  /** The provider's id. */
  readonly provider?: string | undefined;
  /** The model id. */
  readonly model?: string | undefined;
  /** The HTTP status. */
  readonly status?: number | undefined;
  /**
   * Whether the same request may succeed later.
   *
   * @default {false}
   */
  readonly retryable?: boolean | undefined;
  /** How long the upstream asks to wait, in milliseconds. */
  readonly retryAfter?: number | undefined;
  /** The clock that ran out. */
  readonly phase?: TimeoutPhase | undefined;
  /** The parameter that the upstream refuses, in its words. */
  readonly param?: string | undefined;
  /** Why an answer is not the object that was asked for. */
  readonly reason?: OutputFailure | undefined;
  /** What is wrong with that object. */
  readonly issues?: readonly ValueIssue[] | undefined;
  /** What the upstream said: cleaned, at most 200 characters. */
  readonly body?: string | undefined;
  /** The error below, free of secrets. */
  readonly cause?: unknown;
}

/** What a run adds to an error on its way to the caller. */
export interface RunFacts {
  /** The provider's id. */
  readonly provider: string;
  /** The model id. */
  readonly model: string | undefined;
  /**
   * What it does with the provider.
   *
   * @default {"stream from"}
   */
  readonly action?: string | undefined;
  /** What had come of the answer. */
  readonly partial: PartialAnswer;
  /** Every attempt. */
  readonly attempts: readonly Attempt[];
}

/**
 * Everything that can go wrong in a run but the caller's own abort, which
 * rejects with `signal.reason`.
 *
 * No message, stack, cause or JSON of it holds a key, a cookie, a prompt or a
 * raw payload.
 *
 * @example Tell failures apart by code
 * ```ts
 * import { createAmigoChat, isProviderError } from "@parley/chat";
 * import { assertEquals } from "@std/assert";
 *
 * const amigoChat = createAmigoChat({
 *   fetch: () => Promise.resolve(new Response("no", { status: 401 })),
 * });
 * try {
 *   await amigoChat.generate("Hello");
 * } catch (error) {
 *   if (!isProviderError(error)) throw error;
 *   assertEquals(error.code, "authentication");
 *   assertEquals(error.retryable, false);
 * }
 * ```
 */
export class ProviderError extends Error {
  /** The name of the class. */
  override readonly name: string = "ProviderError";
  /** What kind of failure it is. */
  readonly code: ErrorCode;
  /** The provider's id. */
  declare readonly provider?: string;
  /** The model id. */
  declare readonly model?: string;
  /** The HTTP status. */
  declare readonly status?: number;
  /** Whether the same request may succeed later; a run tries again by itself. */
  readonly retryable: boolean;
  /** How long the upstream asks to wait, in milliseconds. */
  declare readonly retryAfter?: number;
  /** The clock that ran out, where the code is `timeout`. */
  declare readonly phase?: TimeoutPhase;
  /** The parameter that the upstream refuses, in its words. */
  declare readonly param?: string;
  /**
   * Why there is no object, where the code is `invalid-output`, or
   * `content-filter` and the model itself refuses.
   */
  declare readonly reason?: OutputFailure;
  /** What is wrong with the object, where the code is `invalid-output`. */
  declare readonly issues?: readonly ValueIssue[];
  /** What the upstream said: cleaned, at most 200 characters. */
  declare readonly body?: string;
  /** What had come of the answer. Not enumerable. */
  declare readonly partial?: PartialAnswer;
  /** Every attempt of the run. Not enumerable. */
  declare readonly attempts?: readonly Attempt[];

  /**
   * Makes an error.
   *
   * @param message What failed: a sentence without a period.
   * @param options The code, and what is known besides.
   */
  constructor(
    message: string,
    { code, retryable = false, cause, ...facts }: ProviderErrorOptions,
  ) {
    super(message, withoutUndefined({ cause }));
    this.code = code;
    this.retryable = retryable;
    Object.defineProperty(this, BRAND, { value: true });
    // Absent facts leave no property, so that a printed error stays short.
    Object.assign(this, withoutUndefined(facts));
  }

  /**
   * The facts that are fit for a log.
   *
   * @returns Plain data, without the partial answer, attempts and cause.
   */
  toJSON(): Record<string, unknown> {
    const facts: Record<string, unknown> = { message: this.message };
    return Object.assign(facts, this);
  }
}

/**
 * Whether a value is a {@linkcode ProviderError}, of this copy of the library or
 * of another: a program may hold several, which `instanceof` tells apart.
 *
 * @param value Any value, such as what a run rejected with.
 * @returns Whether it is one.
 *
 * @example
 * ```ts
 * import { isProviderError, ProviderError } from "@parley/chat";
 * import { assert, assertFalse } from "@std/assert";
 *
 * assert(isProviderError(new ProviderError("No", { code: "upstream" })));
 * assertFalse(isProviderError(new Error("No")));
 * ```
 */
export function isProviderError(value: unknown): value is ProviderError {
  return isObject(value) && BRAND in value;
}

/**
 * Adds the facts of a run to an error that was thrown inside it.
 *
 * @param error What was thrown.
 * @param facts What the run knows.
 * @returns The error to give to the caller.
 */
export function completeError(
  error: ProviderError,
  facts: RunFacts,
): ProviderError {
  let complete = error;
  if (error.provider === undefined) {
    const reason = error.message.replace(
      /^[A-Z](?![A-Z])/,
      (letter) => letter.toLowerCase(),
    );
    complete = new ProviderError(
      `Cannot ${facts.action ?? "stream from"} "${facts.provider}": ${reason}`,
      {
        ...error,
        provider: facts.provider,
        model: error.model ?? facts.model,
        cause: error.cause,
      },
    );
  }
  Object.defineProperties(complete, {
    partial: { value: facts.partial, configurable: true },
    attempts: { value: facts.attempts, configurable: true },
  });
  return complete;
}

/**
 * Writes the names that are known, for the message that one is not.
 *
 * @param names The names; each is written once.
 */
export function toNameList(names: readonly string[]): string {
  return [...new Set(names)].map((name) => `"${name}"`).join(", ");
}
