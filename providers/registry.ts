/**
 * All providers by their ids.
 *
 * @module
 */

import { ProviderError, toNameList } from "../core/chat/errors.ts";
import type { Provider } from "../core/chat/provider.ts";
import { aiChats } from "./ai_chats.ts";
import { amigoChat } from "./amigo_chat.ts";
import { autonomousAi } from "./autonomous_ai.ts";
import { cohereC4aiCommand } from "./cohere_c4ai_command.ts";

/**
 * The ready instance of every provider, by its id.
 *
 * @example
 * ```ts
 * import { providers } from "@parley/chat";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(Object.keys(providers), [
 *   "AiChats",
 *   "AmigoChat",
 *   "AutonomousAI",
 *   "CohereForAI_C4AI_Command",
 * ]);
 * ```
 */
export const providers: Readonly<Record<string, Provider>> =
  // Marked pure, so that a bundler leaves out what is not used.
  /* @__PURE__ */ toRecord();

function toRecord(): Readonly<Record<string, Provider>> {
  const all = [aiChats, amigoChat, autonomousAi, cohereC4aiCommand];
  return Object.freeze(
    Object.fromEntries(all.map((provider) => [provider.id, provider])),
  );
}

/**
 * Finds a provider by its id, in any letter case.
 *
 * @param id The id.
 * @returns The ready instance.
 * @throws {ProviderError} If there is none, with code `unknown-provider`; the
 * error lists the ids.
 *
 * @example
 * ```ts
 * import { amigoChat, getProvider } from "@parley/chat";
 * import { assertStrictEquals } from "@std/assert";
 *
 * assertStrictEquals(getProvider("amigochat"), amigoChat);
 * ```
 */
export function getProvider(id: string): Provider {
  const wanted = String(id).toLowerCase();
  const provider = Object.values(providers).find((provider) =>
    provider.id.toLowerCase() === wanted
  );
  if (provider !== undefined) return provider;
  throw new ProviderError(
    `Provider is unknown: it is none of ${
      toNameList(Object.keys(providers))
    }; createOpenAiCompatible() asks any other server`,
    { code: "unknown-provider" },
  );
}
