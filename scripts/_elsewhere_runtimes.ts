/** Runtimes that come from npm. */
export interface Runtimes {
  /** The newest Node.js. */
  readonly node: string;
  readonly bun: string;
  readonly workerd: string;
}

const PACKAGES = ["node@latest", "bun@latest", "workerd@latest"];

/** Milliseconds until npm has fetched them. */
const DEADLINE = 240_000;

/**
 * Installs runtimes into a folder.
 *
 * @param folder Where to.
 * @returns Where they are; `undefined` where npm cannot have them.
 */
export async function installRuntimes(
  folder: URL,
): Promise<Runtimes | undefined> {
  try {
    const { success } = await new Deno.Command("npm", {
      args: [
        "install",
        "--silent",
        "--no-audit",
        "--no-fund",
        "--prefix",
        folder.pathname,
        ...PACKAGES,
      ],
      signal: AbortSignal.timeout(DEADLINE),
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).output();
    if (!success) return undefined;
  } catch {
    return undefined;
  }
  const toPath = (name: string) =>
    new URL(`node_modules/.bin/${name}`, folder).pathname;
  return {
    node: toPath("node"),
    bun: toPath("bun"),
    workerd: toPath("workerd"),
  };
}
