/**
 * AmigoChat: many models behind one OpenAI-like server.
 *
 * @module
 */

import { BROWSER, CLIENT_HINTS } from "../core/http/browser.ts";
import type {
  ProviderDefinition,
  RunContext,
} from "../core/chat/definition.ts";
import { ProviderError } from "../core/chat/errors.ts";
import { quoteName, toNearestNames } from "../core/chat/nearest_names.ts";
import { readPlainAnswer } from "../core/openai/answer.ts";
import { drawOpenAiImages } from "../core/openai/images.ts";
import { toPlainMessages } from "../core/openai/messages.ts";
import { SAMPLING_SETTINGS, toSampling } from "../core/openai/settings.ts";
import { createProvider } from "../core/run/provider.ts";
import type { ProviderOptions } from "../core/chat/provider_options.ts";
import type { Provider } from "../core/chat/provider.ts";
import type { ChatEvent } from "../core/chat/events.ts";

/**
 * The id of each model, its persona, and another name of it. A persona that is
 * absent, or only a dash, is the id with a dash for its slash. Another name wins
 * over an id of the same name.
 */
const CHAT_MODELS = `
gpt-4o-2024-11-20 gpt gpt-4o
gpt-4o summarizer
gpt-4o-mini amigo
o1-preview- openai-o-one
o1-preview-2024-09-12- orion
o1-mini- openai-o-one-mini
meta-llama/Meta-Llama-3.1-405B-Instruct-Turbo llama-three-point-one llama-3.1-405b
meta-llama/Llama-3.2-90B-Vision-Instruct-Turbo llama-3-2 llama-3.2-90b
codellama/CodeLlama-34b-Instruct-hf - codellama-34b
gemini-1.5-pro gemini-1-5-pro
gemini-1.5-flash - gemini-flash
claude-3-5-sonnet-20240620 claude
claude-3-5-sonnet-20241022 clude-claude-3-5-sonnet-20241022 claude-3.5-sonnet
claude-3-5-haiku-latest 3-5-haiku claude-3.5-haiku
Qwen/Qwen2.5-72B-Instruct-Turbo qwen-2-5 qwen-2.5-72b
google/gemma-2b-it - gemma-2b
google/gemma-7b
Gryphe/MythoMax-L2-13b - mythomax-13b
mistralai/Mistral-7B-Instruct-v0.3 mistralai-Mistral-7B-Instruct-v0.1 mixtral-7b
mistralai/mistral-tiny
mistralai/mistral-nemo - mistral-nemo
deepseek-ai/deepseek-llm-67b-chat - deepseek-chat
databricks/dbrx-instruct - dbrx-instruct
NousResearch/Nous-Hermes-2-Mixtral-8x7B-DPO - mixtral-8x7b-dpo
x-ai/grok-beta - grok-beta
anthracite-org/magnum-v4-72b - magnum-72b
cohere/command-r-plus - command-r-plus
ai21/jamba-1-5-mini - jamba-mini
zero-one-ai/Yi-34B`;

const IMAGE_MODELS = `
flux-pro/v1.1 flux-1-1-pro
flux-realism
flux-pro
flux-pro/v1.1-ultra
flux-pro/v1.1-ultra-raw
flux/dev - flux-dev
dall-e-3 dalle-three
recraft-v3 recraft`;

// Calls that are marked pure let a bundler leave out what is not used.
const ALL_MODELS = CHAT_MODELS + IMAGE_MODELS;
const MODEL_IDS = /* @__PURE__ */ toIds(ALL_MODELS);
const IMAGE_MODEL_IDS = /* @__PURE__ */ toIds(IMAGE_MODELS);
const PERSONAS = /* @__PURE__ */ toPersonas();
const MODEL_ALIASES = /* @__PURE__ */ toAliases();

function toRows(table: string): string[][] {
  return table.trim().split("\n").map((line) => line.split(" "));
}

function toPersonas(): Map<string, string> {
  return new Map(
    toRows(ALL_MODELS).map(([id = "", persona = "-"]) => [
      id,
      persona === "-" ? id.replace("/", "-") : persona,
    ]),
  );
}

function toIds(table: string): string[] {
  return toRows(table).map(([id = ""]) => id);
}

function toAliases(): Record<string, string> {
  return Object.fromEntries(
    toRows(ALL_MODELS).filter(([, , alias]) => alias)
      .map(([id, , alias]) => [alias, id]),
  );
}

/** What the site's own page sets. */
const DEFAULTS = {
  frequency_penalty: 0,
  max_tokens: 4000,
  presence_penalty: 0,
  temperature: 0.5,
  top_p: 0.95,
};

const definition: ProviderDefinition = {
  id: "AmigoChat",
  label: "AmigoChat",
  url: "https://amigochat.io/chat/",
  baseUrl: "https://api.amigochat.io",
  working: false,
  defaultModel: "gpt-4o-mini",
  models: MODEL_IDS,
  imageModels: IMAGE_MODEL_IDS,
  modelAliases: MODEL_ALIASES,
  acceptsImages: true,
  settings: SAMPLING_SETTINGS,
  timeouts: { total: 300_000 },
  respond(run) {
    const fields = { personaId: PERSONAS.get(run.model) };
    return IMAGE_MODEL_IDS.includes(run.model)
      ? drawOpenAiImages(run, "/v1/images/generations", fields, toHeaders(run))
      : respondWithText(run, fields);
  },
};

/** The server wants a device that it has not seen with each attempt. */
function toHeaders(run: RunContext): Record<string, string> {
  // Origin and referer are written as the site's own page writes them.
  return {
    ...BROWSER,
    ...CLIENT_HINTS,
    "authorization": "Bearer",
    "origin": "https://amigochat.io/chat/",
    "referer": "https://amigochat.io/chat//",
    "x-device-language": "en-US",
    "x-device-platform": "web",
    "x-device-uuid": run.randomUuid(),
    "x-device-version": "1.0.45",
  };
}

async function respondWithText(
  run: RunContext,
  fields: Readonly<Record<string, unknown>>,
): Promise<AsyncIterable<Iterable<ChatEvent>>> {
  const { model, settings: { stream = true } } = run;
  const response = await run.post("/v1/chat/completions", {
    headers: toHeaders(run),
    json: {
      ...DEFAULTS,
      ...toSampling(run.settings),
      ...fields,
      chatId: run.randomUuid(),
      messages: toPlainMessages(run.messages),
      model,
      stream,
    },
    collected: !stream,
  });
  return readPlainAnswer(run, response);
}

/**
 * Makes a provider for AmigoChat, or for a server that speaks its protocol.
 *
 * The models of `imageModels` answer with pictures, the others with text.
 * Where nothing else is set, `maxTokens` is 4,000, `temperature` 0.5, `topP`
 * 0.95, and both penalties are 0.
 *
 * @param options What is set for it.
 * @returns The provider.
 * @throws {ProviderError} If an option is wrong, with code `invalid-request`.
 *
 * @example
 * ```ts
 * import { createAmigoChat } from "@parley/chat";
 * import { assertEquals } from "@std/assert";
 *
 * const choice = { index: 0, message: { content: "Good day" } };
 * const amigoChat = createAmigoChat({
 *   fetch: () => Promise.resolve(Response.json({ choices: [choice] })),
 * });
 * const { text } = await amigoChat.generate("Hello", { stream: false });
 * assertEquals(text, "Good day");
 * ```
 */
export function createAmigoChat(options: ProviderOptions = {}): Provider {
  return createProvider(definition, options);
}

/**
 * AmigoChat with its defaults.
 *
 * @example
 * ```ts
 * import { amigoChat } from "@parley/chat";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(amigoChat.getModel("flux-dev"), "flux/dev");
 * ```
 */
export const amigoChat: Provider = /* @__PURE__ */ createAmigoChat();

/**
 * Finds the persona that stands for a model of AmigoChat.
 *
 * @param model A model id, or an alias that is no id itself.
 * @returns The persona id.
 * @throws {ProviderError} If the model is unknown, with code `unknown-model`.
 *
 * @example
 * ```ts
 * import { getPersonaId } from "@parley/chat";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(getPersonaId("gpt-4o-mini"), "amigo");
 * ```
 */
export function getPersonaId(model: string): string {
  const persona = PERSONAS.get(model) ??
    PERSONAS.get(MODEL_ALIASES[model] ?? "");
  if (persona !== undefined) return persona;
  const nearest = toNearestNames(model, MODEL_IDS);
  throw new ProviderError(
    `Model ${quoteName(model)} has no persona: the nearest are ${nearest}`,
    { code: "unknown-model", provider: definition.id },
  );
}

/**
 * Makes an id for a chat with AmigoChat.
 *
 * @returns A random UUID (version 4).
 *
 * @example
 * ```ts
 * import { generateChatId } from "@parley/chat";
 * import { assertMatch } from "@std/assert";
 *
 * assertMatch(generateChatId(), /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
 * ```
 */
export function generateChatId(): string {
  return crypto.randomUUID();
}
