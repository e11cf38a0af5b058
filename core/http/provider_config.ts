/**
 * What is set for a provider, checked once.
 *
 * @module
 */

import { type Clock, SYSTEM_CLOCK } from "../streams/clock.ts";
import type { ClockLimits } from "./clocks.ts";
import { isHeaderValue, readHeaders } from "./headers.ts";
import { MAX_LENGTH } from "../streams/lines.ts";
import type {
  ProviderOptions,
  ResolvedLimits,
} from "../chat/provider_options.ts";
import type { ProxySettings } from "./transport.ts";
import {
  ANYTHING,
  BOOLEAN,
  checkOptions,
  FUNCTION,
  integer,
  invalidOption,
  type Rule,
  type Rules,
} from "../chat/rules.ts";
import type { Timeouts } from "../chat/types.ts";
import {
  isFilled,
  isNumber,
  isObject,
  isString,
  list,
  withoutUndefined,
} from "../streams/values.ts";

/** {@linkcode ProviderOptions}, checked and with their defaults. */
export interface ProviderConfig {
  /** Without a slash at its end. */
  readonly baseUrl: string;
  readonly origin: string;
  readonly apiKey?: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly fetch: typeof fetch;
  readonly proxy: ProxySettings | undefined;
  readonly models?: readonly string[];
  readonly timeouts: ClockLimits;
  /** Those of them that the provider's owner set. */
  readonly givenTimeouts: Timeouts | undefined;
  readonly maxRetries: number;
  readonly maxRetryDelay: number;
  readonly allowPrivateUrls: boolean;
  readonly limits: ResolvedLimits;
  readonly clock: Clock;
  readonly random: () => number;
  readonly randomUuid: () => string;
}

const DEFAULT_TIMEOUTS: ClockLimits = {
  headers: 30_000,
  firstToken: 60_000,
  idle: 60_000,
  total: 300_000,
};

const DEFAULT_LIMITS: ResolvedLimits = {
  eventLength: MAX_LENGTH,
  errorBytes: 65_536,
  imageBytes: 32 * 1024 * 1024,
  promptLength: 1_048_576,
  messages: 10_000,
};

/** The longest time that `setTimeout` can wait. */
const MAX_TIMEOUT = 2 ** 31 - 1;

const TIMEOUT: Rule = [
  (value) =>
    value === null ||
    (isNumber(value) && value > 0 && value <= MAX_TIMEOUT),
  "milliseconds above 0, or null",
];

/** Gives the same rule to each option that has a default. */
function toRules(defaults: object, rule: Rule): Rules {
  return Object.fromEntries(Object.keys(defaults).map((name) => [name, rule]));
}

/** What `timeouts` must be. */
export const TIMEOUT_RULES: Rules = toRules(DEFAULT_TIMEOUTS, TIMEOUT);

/** What `maxRetries` and `maxRetryDelay` must be. */
export const RETRY_RULES: Rules = {
  maxRetries: integer(0),
  maxRetryDelay: integer(0),
};

/** What the options of a provider must be. */
export const PROVIDER_RULES: Rules = {
  baseUrl: ANYTHING,
  apiKey: [
    (value) => isFilled(value) && isHeaderValue(value),
    "what can be sent in a header",
  ],
  headers: ANYTHING,
  fetch: FUNCTION,
  proxy: ANYTHING,
  models: [
    (value) => list(isFilled)(value) && value.length > 0,
    "model ids",
  ],
  timeouts: TIMEOUT_RULES,
  ...RETRY_RULES,
  allowPrivateUrls: BOOLEAN,
  limits: toRules(DEFAULT_LIMITS, integer(1)),
  clock: [
    (value) =>
      isObject(value) &&
      ["now", "setTimeout", "clearTimeout"].every((name) =>
        typeof value[name] === "function"
      ),
    "a clock",
  ],
  random: FUNCTION,
  randomUuid: FUNCTION,
};

/**
 * Sets single clocks over others.
 *
 * @param limits The clocks so far.
 * @param timeouts The clocks to set; later ones win.
 */
export function mergeTimeouts(
  limits: ClockLimits,
  ...timeouts: readonly (Timeouts | undefined)[]
): ClockLimits {
  return timeouts.reduce<ClockLimits>(
    (merged, given = {}) => ({ ...merged, ...withoutUndefined(given) }),
    limits,
  );
}

function toBaseUrl(value: string | URL): URL {
  // Asked of anything that cannot become text, `canParse` itself throws.
  const isUrl = isString(value) || value instanceof URL;
  const url = isUrl && URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw invalidOption("baseUrl", "is not an http or https URL");
  }
  if (url.username || url.password || url.search || url.hash) {
    throw invalidOption("baseUrl", "has a user name, query or fragment");
  }
  return url;
}

function toProxy(value: unknown): ProxySettings | undefined {
  if (value === undefined) return undefined;
  try {
    const { protocol, host, username, password } = new URL(String(value));
    if (host !== "" && /^(?:https?|socks5):$/.test(protocol)) {
      return {
        url: `${protocol}//${host}`,
        ...(username !== "" && {
          basicAuth: {
            username: decodeURIComponent(username),
            password: decodeURIComponent(password),
          },
        }),
      };
    }
  } catch {
    // The platform's error may show the password.
  }
  throw invalidOption("proxy", "is not an http, https or socks5 URL");
}

/**
 * Checks the options of a provider.
 *
 * @param options The options.
 * @param defaultBaseUrl The public site.
 * @throws {ProviderError} If one is wrong, with code `invalid-request`.
 */
export function toProviderConfig(
  options: ProviderOptions,
  defaultBaseUrl: string,
): ProviderConfig {
  checkOptions(PROVIDER_RULES, options);
  const baseUrl = toBaseUrl(options.baseUrl ?? defaultBaseUrl);
  return {
    fetch: globalThis.fetch,
    maxRetries: 2,
    maxRetryDelay: 60_000,
    allowPrivateUrls: false,
    clock: SYSTEM_CLOCK,
    random: Math.random,
    randomUuid: () => crypto.randomUUID(),
    ...withoutUndefined(options),
    baseUrl: baseUrl.href.replace(/\/+$/, ""),
    origin: baseUrl.origin,
    headers: readHeaders(options.headers),
    proxy: toProxy(options.proxy),
    timeouts: mergeTimeouts(DEFAULT_TIMEOUTS, options.timeouts),
    givenTimeouts: options.timeouts,
    limits: { ...DEFAULT_LIMITS, ...withoutUndefined(options.limits ?? {}) },
  };
}
