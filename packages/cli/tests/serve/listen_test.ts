// What a server does for a gateway, over sockets.
import { assert, assertEquals, assertRejects } from "@std/assert";
import { deadline } from "@std/async/deadline";
import { createOpenAiCompatible } from "@parley/chat";
import { createGateway, type GatewayOptions } from "@parley/gateway";
import { RawClient, toRequestText } from "../../../gateway/tests/_server.ts";
import { listen, type Listener } from "../../serve/listen.ts";
import {
  type RawConnection,
  RawServer,
} from "../../../../tests/_raw_server.ts";

/** An upstream that never ends, and says its first word or not. */
class EndlessUpstream implements AsyncDisposable {
  #asked = Promise.withResolvers<RawConnection>();
  readonly #server: RawServer;

  constructor() {
    this.#server = new RawServer(async (connection, { path }) => {
      if (path.startsWith("/speaking")) {
        await connection.start(200, [["content-type", "text/event-stream"]]);
        await connection.send(
          'data: {"choices":[{"delta":{"content":"A"}}]}\n\n',
        );
      }
      this.#asked.resolve(connection);
      await connection.closed;
    });
  }

  /** Gives the next connection. */
  async accept(): Promise<RawConnection> {
    const connection = await this.#asked.promise;
    this.#asked = Promise.withResolvers();
    return connection;
  }

  listen(options: GatewayOptions = {}): Promise<Listener> {
    const providers = ["silent", "speaking"].map((id) =>
      createOpenAiCompatible({
        id,
        baseUrl: `${this.#server.origin}/${id}`,
        models: ["model"],
      })
    );
    return listen(
      createGateway({ providers, allowAnonymous: true, ...options }),
      { hostname: "127.0.0.1", port: 0 },
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server[Symbol.asyncDispose]();
  }
}

function toChat(model: string, stream: boolean, length: number): string {
  const messages = [{ role: "user", content: "x".repeat(length) }];
  return JSON.stringify({ model: `${model}/model`, stream, messages });
}

/** Waits for the half second that the server gives what is left of a body. */
async function waitForRest(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 600));
}

const HEADERS = { "content-type": "application/json" };

Deno.test("listen() stops the upstream when a client leaves, whatever it sent", async () => {
  await using upstream = new EndlessUpstream();
  await using server = await upstream.listen();
  for (const model of ["silent", "speaking"]) {
    for (const isStream of [true, false]) {
      for (const length of [1, 4_096, 65_536, 600_000]) {
        const leaving = new AbortController();
        const response = fetch(
          `http://127.0.0.1:${server.port}/v1/chat/completions`,
          {
            method: "POST",
            headers: HEADERS,
            body: toChat(model, isStream, length),
            signal: leaving.signal,
          },
        ).catch(() => {});
        const { closed } = await upstream.accept();
        leaving.abort();
        await deadline(closed, 500);
        await response;
      }
    }
  }
});

Deno.test("listen() stops the upstream when a client leaves that sent its body in pieces", async () => {
  await using upstream = new EndlessUpstream();
  await using server = await upstream.listen();
  const body = toChat("silent", true, 4_096);
  const client = await RawClient.connect(server.port);
  const headers = { ...HEADERS, "content-length": `${body.length}` };
  await client.send(toRequestText("POST", "/v1/chat/completions", headers));
  for (let index = 0; index < body.length; index += 1_000) {
    await client.send(body.slice(index, index + 1_000));
  }
  const { closed } = await upstream.accept();
  client[Symbol.dispose]();
  await deadline(closed, 500);
});

Deno.test(
  "listen() closes a connection whose request is too large or too slow",
  async () => {
    await using upstream = new EndlessUpstream();
    await using server = await upstream.listen({
      limits: { bodyBytes: 1_000, imageBodyBytes: 1_000, bodyTimeout: 50 },
    });
    for (
      const [framing, sent, status] of [
        [["content-length", "2000"], "{", "413"],
        [
          ["transfer-encoding", "chunked"],
          `7d0\r\n${"x".repeat(2_000)}`,
          "413",
        ],
        [["content-length", "500"], "{", "408"],
      ] as const
    ) {
      using client = await RawClient.connect(server.port);
      const [name, value] = framing;
      const path = "/v1/chat/completions";
      await client.send(
        toRequestText("POST", path, { ...HEADERS, [name]: value }, sent),
      );
      await deadline(client.closed, 2_000);
      assertEquals(client.received.slice(9, 12), status);
    }
    await waitForRest();
  },
);

Deno.test(
  "listen() lets go of a connection whose body comes in crumbs",
  async () => {
    await using upstream = new EndlessUpstream();
    await using server = await upstream.listen();
    using client = await RawClient.connect(server.port);
    const headers = { ...HEADERS, "transfer-encoding": "chunked" };
    await client.send(toRequestText("POST", "/v1/chat/completions", headers));
    await client.send("1\r\n \r\n".repeat(5_000));
    await deadline(client.closed, 2_000);
    assertEquals(client.received, "");
    await waitForRest();
  },
);

Deno.test("listen() lets go of a connection whose headers take long, and of no other", async () => {
  await using server = await listen(
    async () => {
      await new Promise((resolve) => setTimeout(resolve, 150));
      return new Response("Good day");
    },
    { hostname: "127.0.0.1", port: 0, headersTimeout: 50 },
  );
  using slow = await RawClient.connect(server.port);
  await slow.send("GET / HTTP/1.1\r\nx-slow: ");
  using idle = await RawClient.connect(server.port);
  await idle.send(toRequestText("GET", "/").repeat(2));
  await deadline(slow.closed, 1_000);
  assertEquals(slow.received, "");
  await deadline(idle.closed, 2_000);
  assertEquals(idle.received.split("Good day").length, 3);
});

Deno.test("listen() answers a few requests at once of a connection, and no flood", async () => {
  let answered = 0;
  await using server = await listen(
    () => {
      answered++;
      return Promise.resolve(new Response("Good day"));
    },
    { hostname: "127.0.0.1", port: 0 },
  );
  using few = await RawClient.connect(server.port);
  await few.send(toRequestText("GET", "/").repeat(10));
  while (few.received.split("Good day").length < 11) {
    await few.receive("Good day");
    await new Promise((resolve) => setTimeout(resolve));
  }
  using many = await RawClient.connect(server.port);
  await many.send(toRequestText("GET", "/").repeat(1_000));
  await deadline(many.closed, 2_000);
  assert(answered <= 26, `${answered} were answered`);
});

Deno.test("listen() answers the requests of a connection one after another, and none once its client left", async () => {
  const asked: string[] = [];
  const second = Promise.withResolvers<Request>();
  await using server = await listen(
    async (request) => {
      asked.push(new URL(request.url).pathname);
      if (asked.length === 1) return new Response("Good day");
      second.resolve(request);
      const { signal } = request;
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      return new Response();
    },
    { hostname: "127.0.0.1", port: 0 },
  );
  const paths = ["/first", "/second", "/third"];
  const client = await RawClient.connect(server.port);
  await client.send(paths.map((path) => toRequestText("GET", path)).join(""));
  const { signal } = await second.promise;
  await client.receive("Good day");
  client[Symbol.dispose]();
  while (!signal.aborted) await new Promise((resolve) => setTimeout(resolve));
  assertEquals(asked, ["/first", "/second"]);
});

Deno.test("listen() resets the connection of a client that takes nothing", async () => {
  const { promise: broken, resolve: onBreak } = Promise.withResolvers<void>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      clearTimeout(timer);
      timer = setTimeout(() => {
        controller.error("Client takes nothing");
        onBreak();
      }, 50);
      controller.enqueue(new Uint8Array(65_536));
    },
  });
  await using server = await listen(
    () => Promise.resolve(new Response(body)),
    { hostname: "127.0.0.1", port: 0 },
  );
  using client = await Deno.connect({
    hostname: "127.0.0.1",
    port: server.port,
  });
  await client.write(new TextEncoder().encode(toRequestText("GET", "/")));
  await broken;
  // What the system kept for it is gone.
  const reading = new Response(client.readable).bytes();
  await assertRejects(() => reading, Deno.errors.ConnectionReset);
});
