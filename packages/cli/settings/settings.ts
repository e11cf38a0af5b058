import { isProviderError } from "@parley/chat";
import { checkOptions } from "@parley/chat/provider";
import * as z from "zod/mini";
import { UsageError } from "../terminal/exit_code.ts";
import type { Environment } from "../terminal/terminal.ts";
import { Protocol } from "./protocols.ts";
import { findFolders, readJsonFile } from "./folders.ts";

const text = () => z.optional(z.string("a text").check(z.minLength(1)));

const Server = z.strictObject({
  baseUrl: z.url({ protocol: /^https?$/, error: "an http(s) URL" }),
  protocol: z.optional(Protocol),
  /** The model that is asked where none is named. */
  model: text(),
});

const Settings = z.strictObject({
  /** The model that is asked where none is named. */
  model: text(),
  /** What a new chat begins with. */
  system: text(),
  /** Models by other names. */
  aliases: z._default(z.record(z.string(), z.string("a model")), {}),
  /** Settings of each request. */
  options: z._default(z.record(z.string(), z.unknown()), {}),
  /** Servers by their names. */
  servers: z._default(
    z.record(z.string().check(z.regex(/^[\w.-]+$/)), Server),
    {},
  ),
});

/** A server of one's own. */
export type ServerSettings = z.infer<typeof Server>;

/** What a person has set once and for all. */
export type Settings = z.infer<typeof Settings>;

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
  const content = (folders && await readJsonFile(path)) ?? {};
  try {
    checkOptions(Settings, content);
  } catch (error) {
    if (!isProviderError(error)) throw error;
    throw new UsageError(`File "${path}": ${error.message}`);
  }
  // The check has the words, and this the values.
  return Settings.parse(content);
}
