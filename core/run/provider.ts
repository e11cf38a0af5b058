/**
 * Attributes and one generator make a provider.
 *
 * @module
 */

import type { ChatStream } from "../chat/chat_stream.ts";
import type { ProviderDefinition } from "../chat/definition.ts";
import type { RunDefinition } from "./delegation.ts";
import { createModels } from "../chat/models.ts";
import type { ProviderOptions } from "../chat/provider_options.ts";
import type { Provider } from "../chat/provider.ts";
import { createGenerate } from "./collect_result.ts";
import { splitOptions } from "./own_options.ts";
import { ProviderRun } from "./run.ts";
import type { ProviderParts } from "./run_plan.ts";
import { TOOL_SUITE, type ToolSuite } from "./tool_suite.ts";
import { RunStream } from "./run_stream.ts";
import {
  type ProviderConfig,
  toProviderConfig,
} from "../http/provider_config.ts";
import { createRetryBudget } from "../http/retry_budget.ts";
import type { ChatInput, ChatOptions } from "../chat/types.ts";

/**
 * Makes a provider out of what is particular to it. The run does the rest:
 * input checks, retries, clocks, limits, completeness, release.
 *
 * @param definition Its attributes, and how it responds.
 * @param options What is set for it.
 * @returns The provider.
 * @throws {ProviderError} If an option is wrong, with code `invalid-request`.
 *
 * @example A provider whose server answers one JSON object
 * ```ts
 * import { defineProvider } from "@parley/chat/provider";
 * import { assertEquals } from "@std/assert";
 *
 * const parrot = defineProvider({
 *   id: "Parrot",
 *   label: "Parrot",
 *   url: "https://parrot.example",
 *   baseUrl: "https://parrot.example",
 *   working: true,
 *   defaultModel: "grey",
 *   models: ["grey"],
 *   async *respond(run) {
 *     const response = await run.post("/say", { json: run.messages });
 *     const answer = await response.json();
 *     if (typeof answer !== "string") {
 *       throw run.fail("Answer is not a string", { code: "bad-response" });
 *     }
 *     yield { type: "text", text: answer };
 *     yield { type: "finish", reason: "stop" };
 *   },
 * }, {
 *   fetch: () => Promise.resolve(Response.json("Hello!")),
 * });
 * assertEquals((await parrot.generate("Hello")).text, "Hello!");
 * ```
 */
export function defineProvider(
  definition: ProviderDefinition & { readonly options?: undefined },
  options?: ProviderOptions,
): Provider;
/**
 * Makes a provider that has options of its own.
 *
 * @typeParam Own Its own options, as their schema gives them.
 * @typeParam Input Its own options, as callers set them.
 * @param definition Its attributes, the schema of its options, and how it
 * responds.
 * @param options What is set for it.
 * @returns The provider.
 * @throws {ProviderError} If an option is wrong, with code `invalid-request`.
 *
 * @example
 * ```ts
 * import type { Provider, ProviderOptions } from "@parley/chat";
 * import { defineProvider } from "@parley/chat/provider";
 * import { assertEquals, assertThrows } from "@std/assert";
 * import { z } from "zod";
 *
 * const Options = z.object({ region: z.enum(["eu", "us"]) });
 *
 * function createLocal(
 *   options: ProviderOptions & z.input<typeof Options>,
 * ): Provider {
 *   return defineProvider({
 *     id: "Local",
 *     label: "A server of my own",
 *     url: "https://local.example",
 *     baseUrl: "https://local.example?api-version=2",
 *     working: true,
 *     defaultModel: "small",
 *     models: ["small"],
 *     keyHeader: "x-api-key",
 *     options: Options,
 *     async *respond(run) {
 *       const { region } = run.providerOptions;
 *       const response = await run.post(`/${region}/say`, { json: run.messages });
 *       yield { type: "text", text: await response.text() };
 *       yield { type: "finish", reason: "stop" };
 *     },
 *   }, options);
 * }
 *
 * const urls: string[] = [];
 * const local = createLocal({
 *   region: "eu",
 *   apiKey: "sk-0123456789",
 *   fetch: (url) => {
 *     urls.push(String(url));
 *     return Promise.resolve(new Response("Good day"));
 *   },
 * });
 * assertEquals((await local.generate("Hello")).text, "Good day");
 * assertEquals(urls, ["https://local.example/eu/say?api-version=2"]);
 * assertThrows(() => createLocal({ region: "asia" as "eu" }), Error, "region");
 * ```
 */
export function defineProvider<Own extends object, Input extends object>(
  definition: ProviderDefinition<Own, Input>,
  options: ProviderOptions & Input,
): Provider;
export function defineProvider(
  definition: ProviderDefinition,
  options: ProviderOptions = {},
): Provider {
  const { shared, own } = splitOptions(definition.options, options);
  return createProvider(definition, shared, { own, tools: TOOL_SUITE });
}

/** What only some providers have. */
export interface ProviderExtras {
  /** Its own options, checked. */
  readonly own?: object | undefined;
  /**
   * Takes tools and gives objects.
   *
   * @default {it does neither}
   */
  readonly tools?: ToolSuite | undefined;
}

/**
 * Makes a provider of the library's: one that may ask others in its place, and
 * whose bundle has nothing that it does not need.
 *
 * @param definition Its attributes, and how it responds.
 * @param options What is set for it.
 * @param extras What else it has.
 */
export function createProvider(
  definition: RunDefinition,
  options: ProviderOptions,
  { own = {}, tools }: ProviderExtras = {},
): Provider {
  const config: ProviderConfig = {
    ...toProviderConfig(options, definition.baseUrl, definition.timeouts),
    keyHeader: definition.keyHeader,
    classify: definition.classify?.bind(definition),
    providerOptions: own,
  };
  const models = createModels(definition, config.models);
  const parts: ProviderParts = {
    definition,
    config,
    models,
    tools,
    retryBudget: createRetryBudget(),
    busy: new Set<string>(),
  };
  function stream(input: ChatInput, options: ChatOptions = {}): ChatStream {
    return new RunStream(new ProviderRun(parts, input, options));
  }
  return {
    id: definition.id,
    label: definition.label,
    url: definition.url,
    baseUrl: config.baseUrl,
    working: definition.working,
    supportsStream: definition.supportsStream ?? true,
    supportsSystemMessage: definition.supportsSystemMessage ?? true,
    supportsMessageHistory: definition.supportsMessageHistory ?? true,
    acceptsImages: definition.acceptsImages ?? false,
    settings: definition.settings ?? [],
    toolSupport: definition.toolSupport ?? "none",
    outputSupport: definition.outputSupport ?? "none",
    ...(definition.bodyFields && { takesExtraBody: true }),
    ...(definition.supportsPrefill && { supportsPrefill: true }),
    ...models,
    stream,
    generate: createGenerate(stream),
  };
}
