/**
 * Any server that speaks like OpenAI's.
 *
 * @module
 */

import { createInquiry, type InquiryOptions } from "../core/run/inquiry.ts";
import { readOpenAiAnswer } from "../core/openai/answer.ts";
import { drawOpenAiImages } from "../core/openai/images.ts";
import { toOpenAiMessages } from "../core/openai/messages.ts";
import {
  type OpenAiCompat,
  toCompat,
  toCompatSchema,
} from "../core/openai/compat.ts";
import { readOpenAiModels } from "../core/openai/models.ts";
import { toOpenAiTools } from "../core/openai/tools.ts";
import {
  BODY_FIELDS,
  toOpenAiImageSettings,
  toOpenAiSettings,
} from "../core/openai/settings.ts";
import { toPrefillFields } from "../core/openai/prefill.ts";
import { TOOL_SUITE } from "../core/run/tool_suite.ts";
import { createProvider } from "../core/run/provider.ts";
import type { ProviderOptions } from "../core/chat/provider_options.ts";
import type { Provider } from "../core/chat/provider.ts";
import { createCheck, filled } from "../core/chat/option_schemas.ts";
import { custom, list } from "../core/chat/zod.ts";
import { isFilled, isObject } from "../core/streams/values.ts";
import { toProviderSchemas } from "../core/http/provider_config.ts";
import { CHAT_SETTINGS } from "../core/chat/types.ts";

/** Options for {@linkcode createOpenAiCompatible}. */
export interface OpenAiCompatibleOptions extends ProviderOptions {
  /**
   * Where the server is, with the path of its version, such as
   * `http://127.0.0.1:11434/v1`.
   */
  readonly baseUrl: string | URL;
  /**
   * The name of the provider in events, results and errors.
   *
   * @default {"OpenAiCompatible"}
   */
  readonly id?: string | undefined;
  /**
   * The name for people.
   *
   * @default {that of `id`}
   */
  readonly label?: string | undefined;
  /**
   * The models that can be asked for, beside those that `defaultModel`,
   * `imageModels` and `modelAliases` name.
   *
   * @default {whatever the server has}
   */
  readonly models?: readonly string[] | undefined;
  /**
   * The model that is used where none is named.
   *
   * @default {the first of `models`; without them, a run must name one}
   */
  readonly defaultModel?: string | undefined;
  /**
   * The models that answer with pictures. No name shows it: they are those
   * that are listed here.
   *
   * @default {[]}
   */
  readonly imageModels?: readonly string[] | undefined;
  /**
   * Other names of models.
   *
   * @default {{}}
   */
  readonly modelAliases?: Readonly<Record<string, string>> | undefined;
  /**
   * Whether what stands between `<think>` and `</think>` in the text is
   * reasoning; for models whose server does not tell the two apart. `"closing"`
   * where the chat template writes the first, so that an answer has only the
   * second.
   *
   * @default {false}
   */
  readonly reasoningTags?: boolean | "closing" | undefined;
  /**
   * What is particular to this kind of server.
   *
   * @default {{}}
   */
  readonly compat?: OpenAiCompat | undefined;
}

/** A server that speaks like OpenAI's. */
export interface OpenAiCompatibleProvider extends Provider {
  /**
   * Asks the server which models it has. Attempts, clocks, limits and errors are
   * those of a run.
   *
   * @param options Settings of this request.
   * @returns The model ids, in the order of the server.
   * @throws {ProviderError} If the server does not say.
   */
  listModels(options?: InquiryOptions): Promise<readonly string[]>;
}

const checkCompatibleOptions = /* @__PURE__ */ createCheck(() => ({
  ...toProviderSchemas(),
  id: filled("a name"),
  label: filled("a name"),
  defaultModel: filled("a name"),
  imageModels: list(isFilled, "model ids"),
  modelAliases: custom(
    (value) => isObject(value) && Object.values(value).every(isFilled),
    "model ids by their other names",
  ),
  reasoningTags: custom(
    (value) => value === "closing" || typeof value === "boolean",
    'true, false or "closing"',
  ),
  compat: toCompatSchema(),
}));

/**
 * Makes a provider for a server that speaks OpenAI's chat completions and, where
 * it draws, image generations.
 *
 * @param options Where the server is, and what is set for it.
 * @returns The provider.
 * @throws {ProviderError} If an option is wrong, with code `invalid-request`.
 *
 * @example
 * ```ts
 * import { createOpenAiCompatible } from "@parley/chat";
 * import { assertEquals } from "@std/assert";
 *
 * const choice = { index: 0, message: { content: "Good day" } };
 * const ollama = createOpenAiCompatible({
 *   baseUrl: "http://127.0.0.1:11434/v1",
 *   fetch: () => Promise.resolve(Response.json({ choices: [choice] })),
 * });
 * const { text } = await ollama.generate("Hello", { model: "llama3.2" });
 * assertEquals(text, "Good day");
 * ```
 */
export function createOpenAiCompatible(
  options: OpenAiCompatibleOptions,
): OpenAiCompatibleProvider {
  checkCompatibleOptions(options);
  const {
    id = "OpenAiCompatible",
    label = id,
    models,
    // Without it, the first of the given models is.
    defaultModel = "",
    imageModels = [],
    modelAliases = {},
    reasoningTags,
    compat = {},
    ...settings
  } = options;
  const named = [defaultModel, ...models ?? [], ...imageModels];
  const known = new Set([...named, ...Object.values(modelAliases)]);
  known.delete("");
  const {
    maxTokensField,
    includeUsage,
    toolCallIds,
    echoReasoning,
    prefill,
    streamWithTools,
    isOpenAi,
    ...abilities
  } = toCompat(compat, options.baseUrl);
  const provider: Provider = createProvider(
    {
      id,
      label,
      url: "",
      baseUrl: "",
      working: true,
      defaultModel,
      models: [...known],
      imageModels,
      modelAliases,
      acceptsAnyModel: models === undefined,
      acceptsImages: true,
      supportsPrefill: prefill !== undefined,
      settings: CHAT_SETTINGS,
      imageSettings: ["count", "size", "quality"],
      ...abilities,
      bodyFields: BODY_FIELDS,
      async respond(run) {
        const { model, settings } = run;
        const { stream = streamWithTools || run.tools.length === 0 } = settings;
        if (provider.imageModels.includes(model)) {
          const fields = {
            ...toOpenAiImageSettings(run.options.image),
            ...run.options.extraBody,
          };
          return drawOpenAiImages(run, "/images/generations", fields);
        }
        const expectsUsage = stream && includeUsage;
        const response = await run.post("/chat/completions", {
          json: {
            model,
            ...toPrefillFields(
              toOpenAiMessages(run.messages, {
                provider: id,
                model,
                toolCallIds,
                echoReasoning,
              }),
              prefill,
            ),
            stream,
            ...(expectsUsage && { stream_options: { include_usage: true } }),
            ...toOpenAiSettings(run.settings, maxTokensField),
            ...toOpenAiTools(run, isOpenAi),
            ...run.options.extraBody,
          },
          collected: !stream,
        });
        return readOpenAiAnswer(run, response, { expectsUsage, reasoningTags });
      },
    },
    settings,
    { tools: TOOL_SUITE },
  );
  return {
    ...provider,
    url: provider.baseUrl,
    listModels: createInquiry({
      provider: id,
      action: "list the models of",
      ask: async (run) =>
        readOpenAiModels(run, await (await run.get("/models")).json()),
    }, settings),
  };
}
