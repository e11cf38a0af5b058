import { isProviderError } from "@parley/chat";
import { checkOptions } from "@parley/chat/provider";
import * as z from "zod/mini";
import { UsageError } from "../terminal/exit_code.ts";
import type { Environment } from "../terminal/terminal.ts";
import { findFolders, readJsonFile } from "./folders.ts";

const text = () => z.optional(z.string("a text").check(z.minLength(1)));

const Server = z.strictObject({
  baseUrl: z.url({ protocol: /^https?$/, error: "an http(s) URL" }),
  protocol: z.optional(z.enum(["openai", "chat-ui"], '"openai" or "chat-ui"')),
  model: text(),
});

const Settings = z.strictObject({
  model: text(),
  system: text(),
  aliases: z.optional(z.record(z.string(), z.string("a model"))),
  options: z.optional(z.record(z.string(), z.unknown())),
  servers: z.optional(
    z.record(z.string().check(z.regex(/^[\w.-]+$/)), Server),
  ),
});

/** A server that speaks like OpenAI's, or a chat-ui. */
export interface ServerSettings {
  readonly baseUrl: string;
  readonly protocol?: "openai" | "chat-ui" | undefined;
  /** The model that is asked where none is named. */
  readonly model?: string | undefined;
}

/** What a person has set once and for all. */
export interface Settings {
  /** The model that is asked where none is named. */
  readonly model?: string | undefined;
  /** What a new chat begins with. */
  readonly system?: string | undefined;
  /** Models by other names. */
  readonly aliases: Readonly<Record<string, string>>;
  /** Settings of each request. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Servers by their names. */
  readonly servers: Readonly<Record<string, ServerSettings>>;
}

/**
 * Reads the settings.
 *
 * @throws {UsageError} If something in the file is wrong or unknown.
 */
export async function readSettings(
  environment: Environment,
): Promise<Settings> {
  const folders = findFolders(environment);
  const path = `${folders?.settings}/settings.json`;
  const content = folders && await readJsonFile(path);
  try {
    checkOptions(Settings, content ?? {});
  } catch (error) {
    if (!isProviderError(error)) throw error;
    throw new UsageError(`File "${path}": ${error.message}`);
  }
  const { aliases = {}, options = {}, servers = {}, ...settings } = Settings
    .parse(content ?? {});
  return { aliases, options, servers, ...settings };
}
