/**
 * What a failure means.
 *
 * @module
 */

import { type Failure, type FailureRule, RULES } from "./failure_rules.ts";
import type { ProviderConfig } from "./provider_config.ts";
import type { UpstreamError } from "./find_error.ts";

/** What servers call a failure of their own. */
const SERVER_FAULT =
  /^(?:internal(?:server)?|server|api|(?:service)?unavailable|deadlineexceeded|timeout|overloaded)$/;

const UPSTREAM: Failure = { code: "upstream", retryable: true };

/** A status of which no server makes sense where an answer is due. */
const NO_ANSWER: Failure = { code: "bad-response", retryable: false };

const INVALID_REQUEST: Failure = { code: "invalid-request", retryable: false };

const DATA_URL = /\bdata:[^\s,"']{0,99};base64,[\w+/=-]*/g;

/** How much of the words is looked at. */
const MAX_WORDS = 4096;

/** Writes a name in the one way in which names are compared. */
function toName(code: string): string {
  return code.toLowerCase().replace(/[^a-z0-9]/g, "")
    .replace(/(?<=.)(?:error|exception)$/, "");
}

/** Reads the status that a number stands for; 42901 is a kind of 429. */
function toStatus(code: string): number | undefined {
  return /^[45]\d\d(?:\d\d)?$/.test(code)
    ? Number(code.slice(0, 3))
    : undefined;
}

/**
 * Says what a failure means.
 *
 * @param error What the upstream says of it.
 * @param status The HTTP status, where that is of the failure. Without one the
 * codes count, and a failure without any is the server's.
 */
export function classifyFailure(
  { message, codes, retryAfter }: Omit<UpstreamError, "param">,
  status?: number,
): Failure {
  // A picture that is sent back is not what the server says.
  const words = message.replace(DATA_URL, "").slice(0, MAX_WORDS)
    .replace(/\s+/g, " ");
  // Some give no words but a name.
  const names = [...codes, ...(/\s/.test(words) ? [] : [words])].map(toName);
  const meant = status ??
    codes.map(toStatus).find((status) => status !== undefined) ??
    (names.some((name) => SERVER_FAULT.test(name)) ? 500 : undefined);
  const isServerFault = meant !== undefined && meant >= 500;
  // Nobody answers so: 101 is another protocol, and 304 what one has already.
  const isNoAnswer = meant !== undefined && meant < 400;

  function fits(rule: FailureRule): boolean {
    if (meant && rule.statuses?.includes(meant)) return true;
    if (isServerFault && !rule.atServerFault) return false;
    if (names.some((name) => rule.names?.test(name))) return true;
    // What names a time to come back is not used up for good.
    if (rule.isFinal && retryAfter !== undefined) return false;
    return rule.words?.test(words) === true && !rule.except?.test(words);
  }

  const { code, retryable = false } = RULES.find(fits) ??
    (isNoAnswer
      ? NO_ANSWER
      : isServerFault || meant === undefined
      ? UPSTREAM
      : INVALID_REQUEST);
  return { code, retryable };
}

/** What {@linkcode classifyAnswer} knows of a failed answer. */
export interface FailedAnswer {
  /** The parsed JSON of the body or event, or its text. */
  readonly body: unknown;
  /** What it says of the failure. */
  readonly error: Omit<UpstreamError, "param">;
  /** The HTTP status, where that is of the failure. */
  readonly status?: number | undefined;
}

/**
 * Says what a failure means, by the words of the provider's own server first.
 *
 * @param answer What the server answered.
 * @param config What is set for the provider.
 */
export function classifyAnswer(
  { body, error, status }: FailedAnswer,
  { classify }: Pick<ProviderConfig, "classify">,
): Failure {
  const failure = classifyFailure(error, status);
  const code = classify?.(status ?? 200, body);
  return code === undefined || code === failure.code
    ? failure
    : { code, retryable: code === "rate-limit" || code === "upstream" };
}
