import { UsageError } from "../terminal/exit_code.ts";
import type { Environment } from "../terminal/terminal.ts";

/** Where the program keeps what is its own. */
export interface Folders {
  /** Settings and keys. */
  readonly settings: string;
  /** Chats. */
  readonly data: string;
}

/**
 * Finds the folders of the program, as the XDG Base Directory Specification has
 * them, and below `%APPDATA%` and `%LOCALAPPDATA%` on Windows.
 *
 * @returns The folders, if the environment tells where they are.
 */
export function findFolders({ get }: Environment): Folders | undefined {
  const home = get("HOME");
  const settings = get("XDG_CONFIG_HOME") || get("APPDATA") ||
    (home && `${home}/.config`);
  const data = get("XDG_DATA_HOME") || get("LOCALAPPDATA") ||
    (home && `${home}/.local/share`);
  return settings && data
    ? { settings: `${settings}/parley`, data: `${data}/parley` }
    : undefined;
}

/** Whether files below a path may be read, or written; nobody is asked. */
export async function isAllowed(
  name: "read" | "write",
  path: string,
): Promise<boolean> {
  const { state } = await Deno.permissions.query({ name, path });
  return state === "granted";
}

/**
 * Reads a file of JSON.
 *
 * @returns What it holds; `undefined` where it is not there, or may not be read.
 * @throws {UsageError} If it is no JSON. It repeats nothing of it.
 */
export async function readJsonFile(path: string): Promise<unknown> {
  if (!await isAllowed("read", path)) return undefined;
  let text: string;
  try {
    text = await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError(`File "${path}" is not JSON`);
  }
}
