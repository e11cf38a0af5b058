/**
 * The models of AmigoChat and the personas that stand for them.
 *
 * @module
 */

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

/** Persona ids by model id. */
export const PERSONAS: ReadonlyMap<string, string> =
  /* @__PURE__ */ toPersonas();

/** The ids of all models. */
export const MODEL_IDS: readonly string[] = /* @__PURE__ */ toIds(
  CHAT_MODELS + IMAGE_MODELS,
);

/** The ids of the models that make pictures. */
export const IMAGE_MODEL_IDS: readonly string[] = /* @__PURE__ */ toIds(
  IMAGE_MODELS,
);

/** Other names of models. */
export const MODEL_ALIASES: Readonly<Record<string, string>> =
  /* @__PURE__ */ toAliases();

function toRows(table: string): string[][] {
  return table.trim().split("\n").map((line) => line.split(" "));
}

function toPersonas(): Map<string, string> {
  return new Map(
    toRows(CHAT_MODELS + IMAGE_MODELS).map(([id = "", persona = "-"]) => [
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
    toRows(CHAT_MODELS + IMAGE_MODELS).filter(([, , alias]) => alias)
      .map(([id, , alias]) => [alias, id]),
  );
}
