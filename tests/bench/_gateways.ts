const PORTKEY = "1.15.2";

const API_KEY = "a-key-of-the-bench";

/** What a request to ours has. */
export const HEADERS = {
  "content-type": "application/json",
  "authorization": `Bearer ${API_KEY}`,
};

/** Ours, over two servers. */
export const FAILOVER = "@parley/gateway, a failover";

/** Who is asked by all. */
export const SERVER = "the server itself";

/** Where chats are answered. */
export interface ChatServer {
  readonly name: string;
  /** Its URL, up to the `/chat/completions`. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Gateways, and the server before which they stand. */
export interface Gateways extends AsyncDisposable {
  /** A bare proxy, then ours, then others, then the server itself. */
  readonly servers: readonly ChatServer[];
}

interface Service {
  readonly url: string;
  close(): Promise<void>;
}

/** A proxy or a gateway of ours, in a process of its own. */
export interface OwnService extends Service {
  /** How many bytes it takes, once its garbage is collected. */
  measure(): Promise<Deno.MemoryUsage>;
}

function startProcess(
  args: readonly string[],
  options: Deno.CommandOptions = {},
): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-check", "--allow-all", ...args],
    stdin: "null",
    ...options,
  }).spawn();
}

async function end(process: Deno.ChildProcess): Promise<void> {
  process.kill("SIGKILL");
  await process.status;
}

/** Starts the server that all gateways ask, in a thread of its own. */
async function startUpstream(): Promise<Service> {
  const worker = new Worker(
    new URL("./_gateway_upstream.ts", import.meta.url),
    { type: "module" },
  );
  const port = await new Promise((resolve) => {
    worker.onmessage = ({ data }) => resolve(data);
  });
  return {
    url: `http://127.0.0.1:${port}/v1`,
    close: () => Promise.resolve(worker.terminate()),
  };
}

/**
 * Starts a proxy or a gateway of ours.
 *
 * @param kind Which one.
 * @param upstream The URL of the server before which it stands.
 */
export async function startOwn(
  kind: string,
  upstream: string,
): Promise<OwnService> {
  const { pathname } = new URL("./_gateway_server.ts", import.meta.url);
  const process = startProcess([
    "--v8-flags=--expose-gc",
    ...[pathname, kind, upstream, API_KEY],
  ], { stdin: "piped", stdout: "piped" });
  const reader = process.stdout.pipeThrough(new TextDecoderStream())
    .getReader();
  const writer = process.stdin.getWriter();
  const { value = "" } = await reader.read();
  return {
    url: `http://127.0.0.1:${Number(value)}/v1`,
    async measure() {
      await writer.write(new Uint8Array(1));
      const { value = "" } = await reader.read();
      return JSON.parse(value);
    },
    async close() {
      await end(process);
      await reader.cancel();
    },
  };
}

/** Finds a port that nobody listens at. */
export function findPort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/** Waits until a server answers anything. */
export async function waitFor(url: string): Promise<void> {
  for (let turn = 0; turn < 600; turn++) {
    try {
      return await (await fetch(url)).body?.cancel();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  throw new Error(`Nobody answers at ${url}`);
}

async function startPortkey(): Promise<Service> {
  const folder = await Deno.makeTempDir({ prefix: "parley_portkey_" });
  // It answers each stream with an error over newer versions of what it is
  // built on: it would change headers that cannot be changed.
  const overrides = {
    "@hono/node-server": "1.13.8",
    "@hono/node-ws": "1.2.0",
  };
  await Deno.writeTextFile(
    `${folder}/package.json`,
    JSON.stringify({
      dependencies: { "@portkey-ai/gateway": PORTKEY },
      overrides,
    }),
  );
  await Deno.writeTextFile(
    `${folder}/deno.json`,
    JSON.stringify({ nodeModulesDir: "none" }),
  );
  const port = findPort();
  const process = startProcess([
    `npm:@portkey-ai/gateway@${PORTKEY}`,
    `--port=${port}`,
    "--headless",
  ], { cwd: folder, stdout: "null", stderr: "null" });
  await waitFor(`http://127.0.0.1:${port}/`);
  return {
    url: `http://127.0.0.1:${port}/v1`,
    async close() {
      await end(process);
      await Deno.remove(folder, { recursive: true });
    },
  };
}

/** Starts a server, and gateways before it in processes of their own. */
export async function startGateways(): Promise<Gateways> {
  const upstream = await startUpstream();
  const proxy = await startOwn("proxy", upstream.url);
  const own = await startOwn("gateway", upstream.url);
  const failover = await startOwn("failover", upstream.url);
  const portkey = await startPortkey();
  return {
    servers: [
      { name: "a bare proxy", url: proxy.url, headers: HEADERS },
      { name: "@parley/gateway", url: own.url, headers: HEADERS },
      { name: FAILOVER, url: failover.url, headers: HEADERS },
      {
        name: `@portkey-ai/gateway ${PORTKEY}`,
        url: portkey.url,
        headers: {
          ...HEADERS,
          "x-portkey-provider": "openai",
          "x-portkey-custom-host": upstream.url,
        },
      },
      { name: SERVER, url: upstream.url, headers: HEADERS },
    ],
    async [Symbol.asyncDispose]() {
      const services = [proxy, own, failover, portkey, upstream];
      await Promise.all(services.map((service) => service.close()));
    },
  };
}
