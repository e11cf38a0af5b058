import type { Gateway } from "./_gateway.ts";

/** A gateway behind a socket on loopback. */
export interface ServedGateway extends AsyncDisposable {
  /** Where the clients of OpenAI's find it. */
  readonly baseURL: string;
}

/** Puts a gateway behind a socket. */
export function serve(gateway: Gateway): ServedGateway {
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    gateway,
  );
  return {
    baseURL: `http://127.0.0.1:${server.addr.port}/v1`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}
