/** What an example needs to be run. */
export interface ExampleOptions {
  /** The variables that it reads. */
  readonly environment: Readonly<Record<string, string>>;
  /** Its arguments. */
  readonly args?: readonly string[];
}

/** What an example that is a script came to. */
export interface ExampleOutcome {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

/** An example that is a server. */
export interface ExampleServer extends AsyncDisposable {
  /** Where it listens. */
  readonly url: string;
}

function createCommand(
  subcommand: readonly string[],
  name: string,
  { environment, args = [] }: ExampleOptions,
): Deno.Command {
  const script = new URL(`../../examples/${name}.ts`, import.meta.url);
  return new Deno.Command(Deno.execPath(), {
    args: [
      ...subcommand,
      "--quiet",
      "--no-prompt",
      "--allow-net=127.0.0.1",
      "--allow-env",
      script.href,
      ...args,
    ],
    // Deno lets no scoped permission pass the first two on.
    env: { LD_LIBRARY_PATH: "", LD_PRELOAD: "", NO_COLOR: "1", ...environment },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
}

/**
 * Runs an example that is a script, as the comment at its head says.
 *
 * @param name The name of its file.
 * @param options What it needs.
 * @returns What it came to.
 */
export async function runExample(
  name: string,
  options: ExampleOptions,
): Promise<ExampleOutcome> {
  const { code, stdout, stderr } = await createCommand(["run"], name, options)
    .output();
  const decoder = new TextDecoder();
  return {
    code,
    output: decoder.decode(stdout),
    errors: decoder.decode(stderr),
  };
}

/**
 * Starts an example that is a server, as the comment at its head says.
 *
 * @param name The name of its file.
 * @param options What it needs.
 * @returns The server, once it listens.
 */
export async function serveExample(
  name: string,
  options: ExampleOptions,
): Promise<ExampleServer> {
  const port = takePort();
  const child = createCommand(
    ["serve", "--host=127.0.0.1", `--port=${port}`],
    name,
    options,
  ).spawn();
  const url = `http://127.0.0.1:${port}`;
  // Read to the end, so that it never waits for somebody to read.
  const output = Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);

  async function close(): Promise<void> {
    try {
      child.kill("SIGTERM");
    } catch {
      // It has ended by itself.
    }
    await child.status;
    await output;
  }

  while (!await isListening(port)) {
    const ended = await Promise.race([
      child.status.then(() => true),
      new Promise((resolve) => setTimeout(resolve, 50, false)),
    ]);
    if (ended) throw new Error(`"${name}" has ended: ${(await output)[1]}`);
  }
  return { url, [Symbol.asyncDispose]: close };
}

function takePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

async function isListening(port: number): Promise<boolean> {
  try {
    using _connection = await Deno.connect({ hostname: "127.0.0.1", port });
    return true;
  } catch {
    return false;
  }
}
