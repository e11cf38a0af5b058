/**
 * What can be set for a gateway.
 *
 * @module
 */

import { type Clock, type Provider, ProviderError } from "@parley/chat";
import type { FailoverOptions, RouteInit } from "@parley/chat/failover";
import { checkOptions } from "@parley/chat/provider";
import * as z from "zod/mini";
import type { ConversationKeeper } from "./conversation_keeper.ts";
import { count, having } from "./checks.ts";
import { type GatewayLimits, Limits } from "./gateway_limits.ts";
import type { LogEntry } from "./log_entry.ts";

/** What can be set for a gateway. */
export interface GatewayOptions {
  /**
   * The providers. Their models are served as `provider/model`, and by their
   * own names where exactly one provider knows them.
   *
   * @default {[]}
   */
  readonly providers?: readonly Provider[] | undefined;
  /**
   * Names of models behind which a failover stands, and whom it asks.
   *
   * @default {{}}
   */
  readonly routes?:
    | Readonly<Record<string, readonly RouteInit[]>>
    | undefined;
  /**
   * What is set for the failover. Its `onPartial` is for clients that can only
   * append to a stream, and by default `match`; an answer that is collected
   * begins anew in silence.
   *
   * @default {{}}
   */
  readonly failover?: FailoverOptions | undefined;
  /**
   * Other names of models.
   *
   * @default {{}}
   */
  readonly aliases?: Readonly<Record<string, string>> | undefined;
  /**
   * The keys that open the gateway. Without one it answers nobody.
   *
   * @default {[]}
   */
  readonly apiKeys?: readonly string[] | undefined;
  /**
   * Whether a request without a key is answered, too.
   *
   * @default {false}
   */
  readonly allowAnonymous?: boolean | undefined;
  /**
   * The names and addresses under which it answers, without ports, such as
   * `chat.example`; `null` is any. Other ones are refused, and so are pages of
   * other origins than these and `origins`: without a key, any site could ask
   * through a browser on this machine.
   *
   * @default {where `allowAnonymous` those of this machine: `localhost`, what ends
   * in `.localhost`, `127.0.0.1` and its like, `[::1]`; else `null`}
   */
  readonly hosts?: readonly string[] | null | undefined;
  /**
   * The origins whose pages may ask, such as `https://chat.example`.
   *
   * @default {[]}
   */
  readonly origins?: readonly string[] | undefined;
  /**
   * The fields of a request that go to the upstream as they are, such as `top_k`
   * or `logit_bias`, where it takes any. A client is warned of all others: some
   * would let it choose what the owner of the gateway pays for.
   *
   * @default {[]}
   */
  readonly passFields?: readonly string[] | undefined;
  /** How much it takes. */
  readonly limits?: GatewayLimits | undefined;
  /**
   * The longest `Retry-After` of an upstream that is waited for, in milliseconds;
   * where it asks for more, the client gets an error at once.
   *
   * @default {5_000}
   */
  readonly maxRetryDelay?: number | undefined;
  /**
   * Who keeps conversations between requests.
   *
   * @default {nobody: clients send all messages each time}
   */
  readonly conversations?: ConversationKeeper | undefined;
  /**
   * After how many milliseconds of silence a stream says that it is still
   * there; `null` is never.
   *
   * @default {15_000}
   */
  readonly keepAlive?: number | null | undefined;
  /**
   * For how many milliseconds a stream waits for its first content or error
   * before it sends status 200 all the same: what fails later is reported in the
   * stream. Until then it can say nothing to proxies that lose their patience,
   * and there are servers that do not notice that a client has left
   * (`Deno.serve` 2.9, where the body of the request came in several pieces).
   * `null` waits as long as it takes.
   *
   * @default {null}
   */
  readonly holdHead?: number | null | undefined;
  /**
   * Whether there is a page to chat with at `/`.
   *
   * @default {true}
   */
  readonly page?: boolean | undefined;
  /**
   * Gets one entry for each request when its answer is over.
   *
   * @default {nothing is logged}
   */
  readonly log?: ((entry: LogEntry) => unknown) | undefined;
  /**
   * Wraps each provider, and each failover of `routes`, before it is asked: with
   * `traced` of `@parley/chat/telemetry`, say.
   *
   * @default {they are asked as they are}
   */
  readonly wrapProvider?: ((provider: Provider) => Provider) | undefined;
  /** Where time comes from; for tests. */
  readonly clock?: Clock | undefined;
  /**
   * Gives the ids of answers and requests; for tests.
   *
   * @default {UUIDs of version 7, which sort by time}
   */
  readonly randomUuid?: (() => string) | undefined;
}

const text = z.string("text").check(z.minLength(1, "text"));
const flag = z.boolean("true or false");

const callable = z.custom<() => unknown>(
  (value) => typeof value === "function",
  "a function",
);

const delay = z.int("a whole number from 0").check(
  z.gte(0, "a whole number from 0"),
);

const Options = z.strictObject({
  providers: z.optional(
    z.array(
      having(
        ["stream", "generate", "getModel"],
        "a provider, as its factory or getProvider() gives",
      ),
      "a list of providers",
    ),
  ),
  // The failover checks these.
  routes: z.optional(z.record(text, z.unknown(), "routes by names of models")),
  failover: z.optional(z.looseObject({}, "options of a failover")),
  aliases: z.optional(z.record(text, text, "names of models by other names")),
  apiKeys: z.optional(z.array(text, "keys")),
  allowAnonymous: z.optional(flag),
  hosts: z.optional(z.nullable(z.array(text, "names of hosts"))),
  origins: z.optional(z.array(text, "origins")),
  passFields: z.optional(z.array(text, "names of fields")),
  limits: z.optional(Limits),
  conversations: z.optional(
    having(["seal", "open"], "what seals and opens conversations"),
  ),
  maxRetryDelay: z.optional(delay),
  keepAlive: z.optional(z.nullable(count)),
  holdHead: z.optional(z.nullable(count)),
  page: z.optional(flag),
  log: z.optional(callable),
  wrapProvider: z.optional(callable),
  clock: z.optional(having(["now", "setTimeout", "clearTimeout"], "a clock")),
  randomUuid: z.optional(callable),
});

/**
 * Checks the options of a gateway.
 *
 * @param options The options.
 * @throws {ProviderError} If one is wrong or unknown, with code
 * `invalid-request`. It does not repeat what is wrong, which may be a key.
 */
export function checkGatewayOptions(options: GatewayOptions): void {
  checkOptions(Options, options);
  const { providers = [], routes = {} } = options;
  if (providers.length > 0 || Object.keys(routes).length > 0) return;
  throw invalidOptions(
    "Gateway has neither providers nor routes: set one of them",
  );
}

/**
 * Makes the error for an option that is wrong.
 *
 * @param reason What is wrong with it: a sentence without a period.
 */
export function invalidOptions(reason: string): ProviderError {
  return new ProviderError(reason, { code: "invalid-request" });
}
