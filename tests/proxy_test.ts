import { assert, assertEquals } from "@std/assert";
import { flush } from "../packages/testing/fake_clock.ts";
import {
  createHttpProxy,
  createSocksProxy,
  PASSWORD,
  type ProxyServer,
  USER,
} from "./_proxy_server.ts";
import { within } from "../packages/testing/conformance/check.ts";
import { AnswerServer } from "./contract/_answer_server.ts";
import {
  CHAT_UI,
  type ProviderCase,
  PROVIDERS,
  toAnswer,
} from "./contract/_providers.ts";
import { catchError } from "../packages/testing/conformance/ending.ts";
import { answerWith } from "./contract/_scripted_fetch.ts";

const KINDS: readonly {
  readonly scheme: string;
  readonly create: () => ProxyServer;
}[] = [
  { scheme: "http", create: createHttpProxy },
  { scheme: "socks5", create: createSocksProxy },
];

function serve(provider: ProviderCase): AnswerServer {
  const headers = [["content-type", provider.mediaType]] as const;
  return new AnswerServer((connection) =>
    connection.respond(200, headers, toAnswer(provider))
  );
}

for (const provider of PROVIDERS) {
  for (const { scheme, create } of KINDS) {
    Deno.test(`${provider.name} answers through a ${scheme} proxy`, async () => {
      await using upstream = serve(provider);
      await using server = create();
      const password = encodeURIComponent(PASSWORD);
      const instance = provider.create({
        baseUrl: upstream.origin,
        proxy: `${scheme}://${USER}:${password}@${server.host}`,
      });
      const { text } = await instance.generate("Hello");
      assertEquals(text, provider.text);
      assertEquals(server.count.refused, 0);
      assertEquals(server.count.passed, upstream.requests.length);
      assertEquals(upstream.requests.length, provider === CHAT_UI ? 3 : 1);
      for (const { headers } of upstream.requests) {
        assertEquals(headers.has("proxy-authorization"), false);
      }
      await within(2_000, server.closed());
    });

    Deno.test(`${provider.name} is refused by a ${scheme} proxy that does not know it [K08]`, async () => {
      await using upstream = serve(provider);
      await using server = create();
      const instance = provider.create({
        baseUrl: upstream.origin,
        proxy: `${scheme}://${USER}:wrong-4712@${server.host}`,
        maxRetries: 0,
      });
      const error = await catchError(instance.generate("Hello"));
      assert(["authentication", "network"].includes(error.code), error.code);
      const shown = Deno.inspect(error, { depth: 10 }) + error.stack +
        JSON.stringify(error);
      assert(!shown.includes("wrong-4712") && !shown.includes(USER), shown);
      assert(!shown.includes(btoa(`${USER}:wrong-4712`)), shown);
      assertEquals([upstream.requests.length, server.count.passed], [0, 0]);
      await within(2_000, server.closed());
    });
  }

  Deno.test(`${provider.name} says what to do where the runtime has no proxies`, async () => {
    const { createHttpClient } = Deno;
    const network = answerWith(provider, toAnswer(provider));
    const instance = provider.create({
      fetch: network.fetch,
      proxy: `http://${USER}:secret-4713@127.0.0.1:9`,
    });
    Object.defineProperty(Deno, "createHttpClient", { value: undefined });
    try {
      const error = await catchError(instance.generate("Hello"));
      assertEquals(error.code, "unsupported");
      assert(error.message.includes("fetch"));
      assert(!Deno.inspect(error).includes("secret-4713"));
      assertEquals(network.requests, []);
    } finally {
      Object.defineProperty(Deno, "createHttpClient", {
        value: createHttpClient,
      });
    }
    await flush();
    assertEquals(Deno.createHttpClient, createHttpClient);
  });
}
