// Connections that break, over sockets.
import { assert, assertEquals } from "@std/assert";
import type { RawConnection } from "../../packages/testing/faults/_raw_server.ts";
import { createHttpProxy, PASSWORD, USER } from "../_proxy_server.ts";
import { IMPATIENT } from "../providers/_requests.ts";
import { beginWith } from "../contract/_answer_server.ts";
import {
  ANSWERS,
  type ProviderCase,
  PROVIDERS,
} from "../contract/_providers.ts";
import {
  catchError,
  readAll,
} from "../../packages/testing/conformance/ending.ts";
import {
  sayAndEnd,
  type SocketHandler,
  SocketServer,
  toChunk,
  toHead,
  toWhole,
} from "./_socket_server.ts";

/** Ways to end a connection before anything was answered. */
const REFUSALS: Readonly<Record<string, SocketHandler>> = {
  "closed": (connection) => connection.end(),
  "reset": (connection) => connection.reset(),
};

/** Which faults of the catalogue a case is about. */
const FAULTS: Readonly<Record<string, string>> = {
  "closed": " [T01]",
  "reset": " [T02]",
};

/** How often a request for an answer is sent, where it fails before any text. */
function toAttempts({ isRepeatable }: ProviderCase): number {
  return isRepeatable ? 3 : 1;
}

for (const provider of PROVIDERS) {
  const ask = async (server: SocketServer) => {
    const instance = provider.create({
      ...IMPATIENT,
      baseUrl: server.origin,
    });
    return await readAll(instance.stream("Hello"));
  };

  for (const [name, refuse] of Object.entries(REFUSALS)) {
    Deno.test(`${provider.name} tells that a connection is ${name} before any header${FAULTS[name] ?? ""}`, async () => {
      await using server = await SocketServer.start(refuse);
      const { error, events } = await ask(server);
      assertEquals([error?.code, events], ["network", []]);
      assertEquals(server.answers, toAttempts(provider));
      assertEquals(error?.attempts?.length, toAttempts(provider));
    });
  }

  Deno.test(`${provider.name} tells that a connection is closed after the headers [T03]`, async () => {
    await using server = await SocketServer.start(
      sayAndEnd(toHead(provider.mediaType)),
    );
    const { error, events } = await ask(server);
    assertEquals([error?.code, events], ["incomplete", []]);
    assertEquals(server.answers, toAttempts(provider));
  });

  Deno.test(`${provider.name} tells that a connection is closed inside of an event [T04] [R01]`, async () => {
    const text = provider.beginning + provider.opening;
    await using server = await SocketServer.start(
      sayAndEnd(toHead(provider.mediaType) + toChunk(text)),
    );
    const { error } = await ask(server);
    assertEquals([error?.code, error?.partial?.text], ["incomplete", "Grüße"]);
    assertEquals(server.answers, 1);
  });

  Deno.test(`${provider.name} tells that a connection is reset after some text [T09] [R01]`, async () => {
    let answering: RawConnection | undefined;
    await using server = await SocketServer.start((connection) => {
      answering = connection;
      return connection.write(
        toHead(provider.mediaType) + toChunk(provider.beginning),
      );
    });
    const instance = provider.create({ ...IMPATIENT, baseUrl: server.origin });
    const stream = instance.stream("Hello");
    const { value } = await stream.next();
    assertEquals(value, { type: "text", text: "Grüße" });
    answering?.reset();
    const error = await catchError(stream.next());
    assertEquals([error.code, error.partial?.text], ["incomplete", "Grüße"]);
    assertEquals(server.answers, 1);
  });

  Deno.test(`${provider.name} tells that less comes than was announced [T10]`, async () => {
    const { mediaType, beginning } = provider;
    const head = `content-type: ${mediaType}\r\n`;
    const response = toWhole(200, head, beginning);
    await using server = await SocketServer.start(
      sayAndEnd(response.replace(/(?<=content-length: )\d+/, "9999")),
    );
    const { error } = await ask(server);
    assertEquals([error?.code, error?.partial?.text], ["incomplete", "Grüße"]);
    assertEquals(server.answers, 1);
  });

  Deno.test(`${provider.name} tells that its proxy goes away [T16]`, async () => {
    await using upstream = beginWith(provider, provider.beginning);
    const proxy = createHttpProxy();
    const instance = provider.create({
      baseUrl: upstream.origin,
      proxy: `http://${USER}:${encodeURIComponent(PASSWORD)}@${proxy.host}`,
    });
    const stream = instance.stream("Hello");
    assertEquals((await stream.next()).done, false);
    await proxy[Symbol.asyncDispose]();
    const error = await catchError(stream.next());
    assertEquals([error.code, error.partial?.text], ["incomplete", "Grüße"]);
    const shown = Deno.inspect(error, { depth: 10 }) + error.stack;
    assert(!shown.includes(PASSWORD) && !shown.includes("p%40ss"), shown);
  });
}

for (const provider of ANSWERS) {
  Deno.test(`${provider.name} does not take an empty body for an answer [T11]`, async () => {
    const head = `content-type: ${provider.mediaType}\r\n`;
    const bodies = [
      toWhole(200, head, ""),
      `${toHead(provider.mediaType)}0\r\n\r\n`,
    ];
    for (const response of bodies) {
      await using server = await SocketServer.start(sayAndEnd(response));
      const instance = provider.create({
        baseUrl: server.origin,
        maxRetries: 0,
      });
      const { error, events } = await readAll(
        instance.stream("Hello", provider.options),
      );
      // Where its end is the end marker, the body lacks text, and no end.
      const code = provider.endMarker === undefined
        ? "bad-response"
        : "incomplete";
      assertEquals([error?.code, events], [code, []], provider.name);
    }
  });
}
