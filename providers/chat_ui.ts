/**
 * Any Hugging Face chat-ui server.
 *
 * @module
 */

import { createCheck, filled } from "../core/chat/option_schemas.ts";
import { custom } from "../core/chat/zod.ts";
import { isFilled, isObject } from "../core/streams/values.ts";
import {
  type ChatUiOptions,
  type ChatUiProvider,
  defineChatUi,
  toChatUiSchemas,
} from "../core/chat_ui/provider.ts";

/** Options for {@linkcode createChatUi}. */
export interface ChatUiServerOptions extends ChatUiOptions {
  /** Where the server is; may have a path. */
  readonly baseUrl: string | URL;
  /**
   * The name of the provider in events, results, errors and conversations.
   *
   * @default {"ChatUi"}
   */
  readonly id?: string | undefined;
  /**
   * The name for people.
   *
   * @default {that of `id`}
   */
  readonly label?: string | undefined;
  /**
   * The models that can be asked for, beside those that `defaultModel` and
   * `modelAliases` name.
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
   * Other names of models.
   *
   * @default {{}}
   */
  readonly modelAliases?: Readonly<Record<string, string>> | undefined;
}

const checkServerOptions = /* @__PURE__ */ createCheck(() => ({
  ...toChatUiSchemas(),
  id: filled("a name"),
  label: filled("a name"),
  defaultModel: filled("a name"),
  modelAliases: custom(
    (value) => isObject(value) && Object.values(value).every(isFilled),
    "model ids by their other names",
  ),
}));

/**
 * Makes a provider for a Hugging Face chat-ui server, of any version since
 * v0.9.
 *
 * The server keeps the chat: pass the `conversation` of a result to the next
 * run, which then sends only what is new. With another system prompt a new
 * conversation is started, which knows only the messages of that run: pass the
 * whole chat. A login goes by cookie: set it in `headers`.
 *
 * @param options Where the server is, and what is set for it.
 * @returns The provider.
 * @throws {ProviderError} If an option is wrong, with code `invalid-request`.
 *
 * @example
 * ```ts
 * import { createChatUi } from "@parley/chat";
 * import { assertEquals } from "@std/assert";
 *
 * const answers = [
 *   { conversationId: "65f0a1b2c3d4e5f601234567" },
 *   { messages: [{ id: "8fe7a505-2125-4609-ac6e-8077948c47ad" }] },
 *   { type: "finalAnswer", text: "Good day", interrupted: false },
 * ];
 * const chatUi = createChatUi({
 *   baseUrl: "https://chat.example",
 *   fetch: () => Promise.resolve(Response.json(answers.shift())),
 * });
 * const { text } = await chatUi.generate("Hello", { model: "llama-4-scout" });
 * assertEquals(text, "Good day");
 * ```
 */
export function createChatUi(options: ChatUiServerOptions): ChatUiProvider {
  checkServerOptions(options);
  const {
    id = "ChatUi",
    label = id,
    models,
    // Without it, the first of the given models is.
    defaultModel = "",
    modelAliases = {},
    ...settings
  } = options;
  const named = [defaultModel, ...models ?? [], ...Object.values(modelAliases)];
  const known = new Set(named);
  known.delete("");
  const provider = defineChatUi({
    id,
    label,
    url: "",
    baseUrl: "",
    working: true,
    defaultModel,
    models: [...known],
    modelAliases,
    acceptsAnyModel: models === undefined,
  }, settings);
  return { ...provider, url: provider.baseUrl };
}
