/**
 * The gateway as a whole, over sockets to a client and to an upstream.
 */
import { assert, assertEquals, assertFalse } from "@std/assert";
import { deadline } from "@std/async/deadline";
import { createGateway, type GatewayOptions } from "../mod.ts";
import { createAiChats } from "@parley/chat";
import { type RawConnection, RawServer } from "../../../tests/_raw_server.ts";
import { RawClient, TestServer, toRequestText } from "./_server.ts";

const KEY = "sk-test-0123456789abcdef";
const HEADERS = [["content-type", "text/event-stream"]] as const;

/** A gateway over an upstream. */
function serveGateway(
  upstream: RawServer,
  options: GatewayOptions = {},
): TestServer {
  const provider = createAiChats({
    baseUrl: upstream.origin,
    maxRetries: 0,
    timeouts: { headers: 5_000 },
  });
  return new TestServer(
    createGateway({ providers: [provider], apiKeys: [KEY], ...options }),
  );
}

function toChatText(body: Readonly<Record<string, unknown>> = {}): string {
  const json = JSON.stringify({
    model: "AiChats/gpt-4",
    stream: true,
    messages: [{ role: "user", content: "Hello" }],
    ...body,
  });
  return toRequestText("POST", "/v1/chat/completions", {
    "authorization": `Bearer ${KEY}`,
    "content-type": "application/json",
    "content-length": `${json.length}`,
  }, json);
}

async function connect({ port }: TestServer): Promise<RawClient> {
  return await RawClient.connect(port);
}

Deno.test("createGateway() closes the socket to the upstream when the client leaves before the answer [W13]", async () => {
  const asked = Promise.withResolvers<RawConnection>();
  await using upstream = new RawServer(async (connection) => {
    asked.resolve(connection);
    await connection.closed;
  });
  await using server = serveGateway(upstream, { limits: { concurrency: 1 } });
  const client = await connect(server);
  await client.send(toChatText());
  const { closed } = await asked.promise;
  client[Symbol.dispose]();
  await deadline(closed, 500);
});

Deno.test("createGateway() closes the socket to the upstream when the client leaves in the middle [W12]", async () => {
  const asked = Promise.withResolvers<RawConnection>();
  await using upstream = new RawServer(async (connection) => {
    await connection.start(200, HEADERS);
    await connection.send("data: Good\n\n");
    asked.resolve(connection);
    await connection.closed;
  });
  await using server = serveGateway(upstream);
  const client = await connect(server);
  await client.send(toChatText());
  await client.receive("Good");
  const { closed } = await asked.promise;
  client[Symbol.dispose]();
  await deadline(closed, 500);
});

Deno.test("createGateway() closes the socket to the upstream when the client of a whole answer leaves [W12]", async () => {
  const asked = Promise.withResolvers<RawConnection>();
  await using upstream = new RawServer(async (connection) => {
    await connection.start(200, HEADERS);
    await connection.send("data: Good\n\n");
    asked.resolve(connection);
    await connection.closed;
  });
  await using server = serveGateway(upstream);
  const client = await connect(server);
  await client.send(toChatText({ stream: false }));
  const { closed } = await asked.promise;
  client[Symbol.dispose]();
  await deadline(closed, 500);
});

Deno.test("createGateway() lets no caller choose the upstream [W20]", async () => {
  await using evil = new RawServer(async (connection) => {
    await connection.respond(200, HEADERS, "data: evil\n\n");
  });
  await using upstream = new RawServer(async (connection) => {
    await connection.start(200, HEADERS);
    await connection.send("data: Good\n\n");
    await connection.end();
  });
  await using server = serveGateway(upstream);
  const ask = async (
    body: Readonly<Record<string, unknown>>,
    headers: Readonly<Record<string, string>> = {},
  ) => {
    const response = await fetch(`${server.origin}/v1/chat/completions`, {
      method: "POST",
      headers: {
        "authorization": `Bearer ${KEY}`,
        "content-type": "application/json",
        ...headers,
      },
      body: JSON.stringify({
        model: "AiChats/gpt-4",
        messages: [{ role: "user", content: "Hello" }],
        ...body,
      }),
    });
    return { status: response.status, text: await response.text() };
  };
  for (
    const model of [
      evil.origin,
      `${evil.origin}/gpt-4`,
      `AiChats@${evil.origin}/gpt-4`,
      `//${evil.origin.slice(7)}/gpt-4`,
      "../AiChats/gpt-4",
      "__proto__/gpt-4",
    ]
  ) {
    assertEquals((await ask({ model })).status, 404, model);
  }
  const told = {
    url: evil.origin,
    base_url: evil.origin,
    baseUrl: evil.origin,
  };
  const { status, text } = await ask({ ...told, provider: told }, {
    "x-base-url": evil.origin,
    "x-upstream": evil.origin,
    "x-forwarded-host": evil.origin.slice(7),
    "x-portkey-custom-host": evil.origin,
    "openai-base-url": evil.origin,
  });
  assertEquals(status, 200);
  assert(text.includes("Good"));
  assertEquals(evil.requests, []);
  const [request] = upstream.requests;
  assertFalse(
    JSON.stringify([...request?.headers ?? []]).includes(evil.origin),
  );
  assertEquals(upstream.requests.length, 1);
});

Deno.test("createGateway() asks no upstream for who may not ask [W01]", async () => {
  await using upstream = new RawServer(() => Promise.resolve());
  await using server = serveGateway(upstream);
  const client = await connect(server);
  await client.send(toChatText().replace(KEY, "wrong"));
  await client.receive("invalid_api_key");
  client[Symbol.dispose]();
  assertEquals(upstream.requests, []);
});
