/**
 * Checks what a caller sets.
 *
 * @module
 */

import { ProviderError } from "./errors.ts";
import { getOwn, isNumber, isObject } from "../streams/values.ts";

/** What one option must be: a test, and words for what it wants; or more rules. */
export type Rule =
  | readonly [test: (value: unknown) => boolean, wanted: string]
  | Rules;

/** What options must be, by their names. */
export interface Rules {
  readonly [name: string]: Rule;
}

/** Wants `true` or `false`. */
export const BOOLEAN: Rule = [
  (value) => typeof value === "boolean",
  "true or false",
];

/** Wants a function. */
export const FUNCTION: Rule = [
  (value) => typeof value === "function",
  "a function",
];

/** Leaves an option to be checked elsewhere. */
export const ANYTHING: Rule = [() => true, ""];

/**
 * Wants a number.
 *
 * @param from The least.
 * @param to The most.
 */
export function number(from: number, to: number): Rule {
  // NaN is not at least anything.
  return [
    (value) => isNumber(value) && value >= from && value <= to,
    `a number from ${from} to ${to}`,
  ];
}

/**
 * Wants a whole number.
 *
 * @param from The least.
 */
export function integer(from: number): Rule {
  return [
    (value) => Number.isSafeInteger(value) && Number(value) >= from,
    `a whole number from ${from}`,
  ];
}

/**
 * Makes the error for wrong input.
 *
 * @param reason What is wrong: a sentence without a period, and without the
 * wrong value, which may be a secret.
 */
export function invalidRequest(reason: string): ProviderError {
  return new ProviderError(reason, { code: "invalid-request" });
}

/**
 * Makes the error for a wrong option.
 *
 * @param name Its name.
 * @param reason What is wrong with it, as for {@linkcode invalidRequest}.
 */
export function invalidOption(name: string, reason: string): ProviderError {
  return invalidRequest(`Option "${name}" ${reason}`);
}

/**
 * Checks options; one that is `undefined` counts as absent.
 *
 * @param rules What they must be.
 * @param options The options.
 * @param prefix What the names in errors begin with.
 * @throws {ProviderError} If one is wrong or unknown, with code
 * `invalid-request`.
 */
export function checkOptions(
  rules: Rules,
  options: unknown,
  prefix = "",
): void {
  if (!isObject(options)) {
    throw prefix === ""
      ? invalidRequest("Options are not an object")
      : invalidOption(prefix.slice(0, -1), "is not an object");
  }
  for (const [name, value] of Object.entries(options)) {
    const path = prefix + name;
    const rule = getOwn(rules, name);
    if (rule === undefined) throw invalidOption(path, "is unknown");
    if (value === undefined) continue;
    if (!isTest(rule)) {
      checkOptions(rule, value, `${path}.`);
    } else if (!rule[0](value)) {
      throw invalidOption(path, `is not valid: expected ${rule[1]}`);
    }
  }
}

function isTest(rule: Rule): rule is Exclude<Rule, Rules> {
  return Array.isArray(rule);
}
