import * as z from "zod/mini";
import { UsageError } from "../terminal/exit_code.ts";
import { findFolders, readJsonFile } from "./folders.ts";
import type { Environment } from "../terminal/terminal.ts";

const Keys = z.record(z.string(), z.string());

/**
 * Finds the key for a provider: its own variable, else `PARLEY_API_KEY`, else what
 * the file of keys says. A key that is for anybody goes to nobody who has his own.
 *
 * @param name The provider.
 * @param variable The provider's own variable.
 * @param environment The variables.
 * @throws {UsageError} If others than its owner may read the file.
 */
export async function findKey(
  name: string,
  variable: string | undefined,
  environment: Environment,
): Promise<string | undefined> {
  return (variable && environment.get(variable)) ||
    environment.get("PARLEY_API_KEY") ||
    (await readKeys(environment))[name];
}

async function readKeys(
  environment: Environment,
): Promise<Readonly<Record<string, string>>> {
  const folders = findFolders(environment);
  if (folders === undefined) return {};
  const path = `${folders.settings}/keys.json`;
  const content = await readJsonFile(path);
  if (content === undefined) return {};
  // Windows has no such modes.
  const { mode } = await Deno.stat(path);
  if (mode !== null && (mode & 0o077) !== 0) {
    throw new UsageError(
      `File "${path}" may be read by others and is not used: chmod 600 it`,
    );
  }
  const { success, data } = Keys.safeParse(content);
  if (!success) {
    throw new UsageError(`File "${path}" must be like {"openai": "sk-…"}`);
  }
  return data;
}
