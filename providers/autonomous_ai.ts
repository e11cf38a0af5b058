/**
 * Autonomous AI: open models, asked with base64.
 *
 * @module
 */

import { encodeBase64 } from "../core/streams/base64.ts";
import { BROWSER } from "../core/http/browser.ts";
import type { ProviderDefinition } from "../core/chat/definition.ts";
import { readPlainAnswer } from "../core/openai/answer.ts";
import { toPlainMessages } from "../core/openai/messages.ts";
import { createProvider } from "../core/run/provider.ts";
import type { ProviderOptions } from "../core/chat/provider_options.ts";
import type { Provider } from "../core/chat/provider.ts";

const CHAT_PATH = "/api/v1/ai/chat";

/** The paths of models that do not answer at {@linkcode CHAT_PATH}. */
const PATHS: ReadonlyMap<string, string> = new Map([
  ["hermes", "/api/v1/ai/chat-hermes"],
  ["vision", "/api/v1/ai/chat-vision"],
  ["summary", "/api/v1/ai/summary"],
]);

const definition: ProviderDefinition = {
  id: "AutonomousAI",
  label: "Autonomous AI",
  url: "https://www.autonomous.ai/anon/",
  baseUrl: "https://chatgpt.autonomous.ai",
  working: false,
  defaultModel: "llama",
  models: ["llama", "qwen_coder", "hermes", "vision", "summary"],
  modelAliases: {
    "llama-3.3-70b": "llama",
    "qwen-2.5-coder-32b": "qwen_coder",
    "hermes-3": "hermes",
    "llama-3.2-90b": "vision",
    "llama-3.2-70b": "summary",
  },
  acceptsImages: true,
  settings: ["stream"],
  async respond(run) {
    const { model, settings: { stream = true } } = run;
    const messages = encodeBase64(
      JSON.stringify(toPlainMessages(run.messages)),
    );
    // The server may repeat them in the form in which they came.
    run.redact(messages);
    const response = await run.post(PATHS.get(model) ?? CHAT_PATH, {
      headers: {
        ...BROWSER,
        "country-code": "US",
        "origin": "https://www.autonomous.ai",
        "referer": "https://www.autonomous.ai/",
        "time-zone": "America/New_York",
      },
      json: {
        messages,
        threadId: model,
        stream,
        aiAgent: model,
      },
      collected: !stream,
    });
    return readPlainAnswer(run, response);
  },
};

/**
 * Makes a provider for Autonomous AI, or for a server that speaks its protocol.
 *
 * @param options What is set for it.
 * @returns The provider.
 * @throws {ProviderError} If an option is wrong, with code `invalid-request`.
 *
 * @example
 * ```ts
 * import { createAutonomousAi } from "@parley/chat";
 * import { assertEquals } from "@std/assert";
 *
 * const chunk = { choices: [{ index: 0, delta: { content: "Good day" } }] };
 * const body = `data: ${JSON.stringify(chunk)}\n\ndata: [DONE]\n\n`;
 * const autonomousAi = createAutonomousAi({
 *   fetch: () => Promise.resolve(new Response(body)),
 * });
 * const { text, model } = await autonomousAi.generate("Hello", {
 *   model: "hermes-3",
 * });
 * assertEquals({ text, model }, { text: "Good day", model: "hermes" });
 * ```
 */
export function createAutonomousAi(options: ProviderOptions = {}): Provider {
  return createProvider(definition, options);
}

/**
 * Autonomous AI with its defaults.
 *
 * @example
 * ```ts
 * import { autonomousAi } from "@parley/chat";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(autonomousAi.getModel("hermes-3"), "hermes");
 * ```
 */
export const autonomousAi: Provider = /* @__PURE__ */ createAutonomousAi();
