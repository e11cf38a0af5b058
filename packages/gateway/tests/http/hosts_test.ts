import { assertEquals } from "@std/assert";
import type { GatewayOptions } from "../../mod.ts";
import { readError, say } from "../_gateway.ts";
import { RawClient, TestServer, toRequestText } from "../_server.ts";

type Headers = Readonly<Record<string, string>>;

/** What a gateway says to a request for its models: a status, or a code. */
async function ask(
  options: GatewayOptions,
  url: string,
  headers: Headers = {},
): Promise<unknown> {
  const response = await say([], options)(new Request(url, { headers }));
  if (response.status !== 200) return (await readError(response)).code;
  await response.body?.cancel();
  return 200;
}

/** An option, a host and an origin, and what becomes of them. */
const CASES: readonly (readonly [
  options: GatewayOptions,
  host: string,
  origin: string | undefined,
  result: unknown,
])[] = [
  [{}, "localhost:8000", undefined, 200],
  [{}, "LOCALHOST.:8000", undefined, 200],
  [{}, "chat.localhost", undefined, 200],
  [{}, "127.0.0.1:8000", undefined, 200],
  [{}, "[::1]:8000", undefined, 200],
  [{}, "localhost:8000", "http://localhost:8000", 200],
  [{}, "localhost", "https://localhost", 200],
  [{}, "evil.example:8000", undefined, "host_not_allowed"],
  [{}, "evil.example:8000", "http://evil.example:8000", "host_not_allowed"],
  [{}, "localhost.evil.example", undefined, "host_not_allowed"],
  [{}, "127.0.0.1.evil.example", undefined, "host_not_allowed"],
  [{}, "evillocalhost", undefined, "host_not_allowed"],
  [{}, "192.168.1.5", undefined, "host_not_allowed"],
  [{}, "0.0.0.0", undefined, "host_not_allowed"],
  [{}, "localhost:8000", "http://evil.example", "origin_not_allowed"],
  [{}, "localhost:8000", "http://localhost:3000", "origin_not_allowed"],
  [{}, "localhost:8000", "http://127.0.0.1:8000", "origin_not_allowed"],
  [{}, "localhost:8000", "null", "origin_not_allowed"],
  [
    { origins: ["https://chat.example"] },
    "localhost:8000",
    "https://chat.example",
    200,
  ],
  [{ hosts: ["chat.example"] }, "chat.example:8443", undefined, 200],
  [{ hosts: ["chat.example"] }, "localhost", undefined, "host_not_allowed"],
  [{ hosts: ["[fd00::1]"] }, "[fd00:0::1]", undefined, 200],
  [{ hosts: [] }, "localhost", undefined, "host_not_allowed"],
  [{ hosts: null }, "evil.example", "http://other.example", 200],
];

Deno.test("createGateway() without keys answers to its own hosts and origins only", async () => {
  const results = await Promise.all(
    CASES.map(async ([options, host, origin]) => [
      options,
      host,
      origin,
      await ask(options, `http://${host}/v1/models`, origin ? { origin } : {}),
    ]),
  );
  assertEquals(results, CASES.map((each) => [...each]));
});

Deno.test("createGateway() with keys answers to every host, unless it is told its own", async () => {
  const options = { allowAnonymous: false, apiKeys: ["key"] };
  const url = "http://chat.example/v1/models";
  const headers = { authorization: "Bearer key" };
  assertEquals(await ask(options, url, headers), 200);
  assertEquals(
    await ask({ ...options, hosts: ["other.example"] }, url, headers),
    "host_not_allowed",
  );
});

Deno.test("createGateway() hides its page, and no health check, from other hosts", async () => {
  const answer = async (path: string) => {
    const url = `http://evil.example${path}`;
    const response = await say([])(new Request(url));
    await response.body?.cancel();
    return response.status;
  };
  assertEquals(await answer("/"), 403);
  assertEquals(await answer("/page/page.js"), 403);
  assertEquals(await answer("/healthz"), 200);
});

Deno.test("createGateway() tells a host by the header, and by the URL", async () => {
  await using server = new TestServer(say([]));
  for (
    const [host, path, status] of [
      [`127.0.0.1:${server.port}`, "/v1/models", "200"],
      ["evil.example", "/v1/models", "403"],
      ["127.0.0.1", "http://evil.example/v1/models", "403"],
      ["evil.example", "http://127.0.0.1/v1/models", "403"],
      ["127.0.0.1", "http://[::1/v1/models", "400"],
    ] as const
  ) {
    using client = await RawClient.connect(server.port);
    await client.send(toRequestText("GET", path, { host }));
    await client.receive("\r\n\r\n");
    assertEquals(client.received.slice(9, 12), status, `${host} ${path}`);
  }
});
