import { getProvider, type Provider } from "@parley/chat";
import { createGateway, type LogEntry } from "@parley/gateway";
import { UsageError } from "../terminal/exit_code.ts";
import type { Environment } from "../terminal/terminal.ts";
import { isOpen, toGatewayOptions } from "./gateway_options.ts";
import { listen } from "./listen.ts";
import { createDemo } from "./demo.ts";
import { checkServer, createServers, toModelName } from "./servers.ts";
import type { Settings } from "./settings_table.ts";

/** How a gateway is served. */
export interface ServeOptions {
  /** Where the keys of servers may be. */
  readonly environment?: Environment;
  /** Takes what there is to say about each request, and at the start. */
  readonly log?: (line: string) => unknown;
  /**
   * Milliseconds before each word of a model that comes with the library.
   *
   * @default {40}
   */
  readonly delay?: number;
}

/** A gateway that listens. */
export interface ServedGateway extends AsyncDisposable {
  /** Where it listens. */
  readonly url: string;
  /** Whether it serves what comes with the library, and nothing else. */
  readonly isDemo: boolean;
  /** Whether it answers anybody who reaches it. */
  readonly isOpen: boolean;
  /**
   * Asks each server whether it is there, and logs what it says.
   *
   * @returns A model that can be asked for.
   */
  check(): Promise<string>;
}

const NOTHING: Environment = { get: () => undefined, toObject: () => ({}) };

async function openKv(path: string): Promise<Deno.Kv> {
  // Deno has it only where it is told so.
  if (typeof Deno.openKv === "function") return await Deno.openKv(path);
  throw new UsageError('"--kv" needs Deno to be run with --unstable-kv');
}

/** Tells whether a request is logged. A look at the page is a dozen files. */
function isLogged(
  { path, outcome, failures }: LogEntry,
  { log = "all" }: Settings,
): boolean {
  if (!path.startsWith("/v1/") || log === "none") return false;
  return log === "all" || outcome === "failed" || failures !== undefined;
}

/**
 * Starts a gateway. It does not wait for its servers, which may start later.
 *
 * @param settings What is set for it.
 * @param options How it is served.
 * @returns The gateway.
 * @throws {UsageError} If it cannot be set so.
 */
export async function serveGateway(
  settings: Settings,
  { environment = NOTHING, log = () => {}, delay = 40 }: ServeOptions = {},
): Promise<ServedGateway> {
  const { hostname = "127.0.0.1", port = 8_000 } = settings;
  const servers = createServers(settings, environment);
  const providers: readonly Provider[] = [
    ...(settings.providers ?? []).map(getProvider),
    ...servers,
  ];
  const isDemo = providers.length === 0;
  await using resources = new AsyncDisposableStack();
  const kv = settings.kv === undefined
    ? undefined
    : resources.adopt(await openKv(settings.kv), (kv) => kv.close());
  const gateway = createGateway({
    ...toGatewayOptions({
      settings,
      providers,
      kv,
      log(entry) {
        if (isLogged(entry, settings)) log(JSON.stringify(entry));
      },
    }),
    ...(isDemo && createDemo(delay)),
  });
  const listener = resources.use(await listen(gateway, { hostname, port }));
  const host = hostname.includes(":") ? `[${hostname}]` : hostname;
  const held = resources.move();
  return {
    url: `http://${host}:${listener.port}`,
    isDemo,
    isOpen: isOpen(settings),
    async check() {
      const states = await Promise.all(servers.map(checkServer));
      for (const { message } of states) log(message);
      if (isDemo) return "demo-failover";
      const models = new Map(
        servers.map((server, index) => [server.id, states[index]?.models]),
      );
      const first =
        providers.find(({ id, defaultModel }) =>
          defaultModel !== "" || models.get(id)?.length
        ) ?? providers[0];
      return first === undefined
        ? ""
        : toModelName(first, models.get(first.id));
    },
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}
