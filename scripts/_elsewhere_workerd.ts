import type { Report } from "../tests/elsewhere/run_cases.ts";

/** Milliseconds until it listens, and for all cases. */
const DEADLINE = 60_000;

/** A worker of the modules of a folder. */
function toConfig(modules: readonly string[], port: number): string {
  const embedded = modules.map((name) =>
    `(name = "${name}", esModule = embed "${name}")`
  );
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "uses", worker = .uses)],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "uses")],
);
const uses :Workerd.Worker = (
  modules = [${embedded.join(", ")}],
  compatibilityDate = "2026-01-01",
);
`;
}

function findPort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

async function askUntil(url: string, deadline: number): Promise<Report> {
  for (;;) {
    try {
      return await (await fetch(url)).json();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

/**
 * Runs the uses in workerd.
 *
 * @param workerd The program.
 * @param folder Where they were built to.
 * @param modules The modules, the one that answers first.
 * @returns How it went.
 */
export async function runInWorkerd(
  workerd: string,
  folder: URL,
  modules: readonly string[],
): Promise<Report> {
  const port = findPort();
  const config = new URL("workerd.capnp", folder);
  await Deno.writeTextFile(config, toConfig(modules, port));
  const process = new Deno.Command(workerd, {
    args: ["serve", config.pathname],
    stdin: "null",
    stdout: "null",
    stderr: "inherit",
  }).spawn();
  try {
    return await askUntil(`http://127.0.0.1:${port}/`, Date.now() + DEADLINE);
  } finally {
    process.kill();
    await process.status;
  }
}
