/**
 * What is set for a provider, checked once.
 *
 * @module
 */

import { type Clock, SYSTEM_CLOCK } from "../streams/clock.ts";
import type { ClockLimits } from "./clocks.ts";
import { isHeaderValue, readHeaders } from "./headers.ts";
import { MAX_LENGTH } from "../streams/lines.ts";
import type { ProviderDefinition } from "../chat/definition.ts";
import type {
  ProviderOptions,
  ResolvedLimits,
} from "../chat/provider_options.ts";
import type { ProxySettings } from "./transport.ts";
import {
  anything,
  callable,
  createCheck,
  flag,
  having,
  integer,
  milliseconds,
  toOptions,
  toSchemas,
} from "../chat/option_schemas.ts";
import { invalidOption } from "../chat/options.ts";
import { custom, type ZodShape } from "../chat/zod.ts";
import type { Timeouts } from "../chat/types.ts";
import { once } from "../streams/once.ts";
import {
  isFilled,
  isList,
  isString,
  isUrl,
  withoutUndefined,
} from "../streams/values.ts";

/** {@linkcode ProviderOptions}, checked and with their defaults. */
export interface ProviderConfig {
  /** Without a slash at its end. */
  readonly baseUrl: string;
  readonly origin: string;
  /** What the query of the base URL adds to every request. */
  readonly query: readonly (readonly [string, string])[];
  /** The header of the key, unless it is the usual one. */
  readonly keyHeader?: string | undefined;
  /** Says what a failed request means, before the usual codes and words do. */
  readonly classify?: ProviderDefinition["classify"];
  /** The provider's own options. */
  readonly providerOptions: object;
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
  // A local model may be loaded first, and one that reasons thinks for long.
  headers: 180_000,
  firstToken: 180_000,
  idle: 60_000,
  total: 600_000,
};

/** The limits where nobody sets others. */
export const DEFAULT_LIMITS: ResolvedLimits = {
  eventLength: MAX_LENGTH,
  answerLength: 8 * 1024 * 1024,
  answerImageBytes: 32 * 1024 * 1024,
  errorBytes: 65_536,
  imageBytes: 32 * 1024 * 1024,
  promptLength: 1_048_576,
  messages: 10_000,
};

/** What `timeouts`, `maxRetries` and `maxRetryDelay` must be. */
export const toRetrySchemas: () => ZodShape = /* @__PURE__ */ once(() => ({
  timeouts: toOptions(toSchemas(DEFAULT_TIMEOUTS, milliseconds())),
  maxRetries: integer(0),
  maxRetryDelay: integer(0),
}));

/** What the options of a provider must be. */
export const toProviderSchemas: () => ZodShape = /* @__PURE__ */ once(
  () => ({
    apiKey: custom(
      (key) => isFilled(key) && isHeaderValue(key),
      "a key, without a line break or space around it",
    ),
    baseUrl: anything(),
    headers: anything(),
    proxy: anything(),
    fetch: callable(),
    models: custom(
      (ids) => isList(ids) && ids.length > 0 && ids.every(isFilled),
      "model ids",
    ),
    ...toRetrySchemas(),
    allowPrivateUrls: flag(),
    limits: toOptions(toSchemas(DEFAULT_LIMITS, integer(1))),
    clock: having(["now", "setTimeout", "clearTimeout"], "a clock"),
    random: callable(),
    randomUuid: callable(),
  }),
);

const checkProviderOptions = /* @__PURE__ */ createCheck(toProviderSchemas);

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
  let merged = limits;
  for (const given of timeouts) {
    if (given) merged = { ...merged, ...withoutUndefined(given) };
  }
  return merged;
}

function toBaseUrl(value: string | URL): URL {
  let url: URL | undefined;
  try {
    if (isString(value) || isUrl(value)) url = new URL(value);
  } catch {
    // The platform's error would repeat it.
  }
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw invalidOption(
      "baseUrl",
      'is not an http or https URL, such as "https://host/v1"',
    );
  }
  if (/\/chat\/completions\/*$/.test(url.pathname)) {
    throw invalidOption(
      "baseUrl",
      'ends with "/chat/completions", which comes after it: leave it out',
    );
  }
  if (url.username || url.password || url.hash) {
    throw invalidOption("baseUrl", "has a user name or fragment");
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
 * @param defaultTimeouts Clocks of the site's own, over the usual ones.
 * @throws {ProviderError} If one is wrong, with code `invalid-request`.
 */
export function toProviderConfig(
  options: ProviderOptions,
  defaultBaseUrl: string,
  defaultTimeouts?: Timeouts,
): ProviderConfig {
  checkProviderOptions(options);
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
    baseUrl: (baseUrl.origin + baseUrl.pathname).replace(/\/+$/, ""),
    origin: baseUrl.origin,
    query: baseUrl.search === "" ? [] : [...baseUrl.searchParams],
    providerOptions: {},
    headers: readHeaders(options.headers),
    proxy: toProxy(options.proxy),
    timeouts: mergeTimeouts(
      DEFAULT_TIMEOUTS,
      defaultTimeouts,
      options.timeouts,
    ),
    givenTimeouts: options.timeouts,
    limits: { ...DEFAULT_LIMITS, ...withoutUndefined(options.limits ?? {}) },
  };
}
