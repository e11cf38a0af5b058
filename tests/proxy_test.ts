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
import { catchError } from "../packages/testing/conformance/ending.ts";
import {
  PROMPT,
  serveFixture,
  TEXT,
} from "../packages/testing/conformance/fixture.ts";
import { beginAndHang } from "../packages/testing/conformance/waiting.ts";
import { TARGETS } from "./_providers.ts";

const KINDS: readonly {
  readonly scheme: string;
  readonly create: () => ProxyServer;
}[] = [
  { scheme: "http", create: createHttpProxy },
  { scheme: "socks5", create: createSocksProxy },
];

for (const target of TARGETS) {
  for (const { scheme, create } of KINDS) {
    Deno.test(`${target.name} answers through a ${scheme} proxy`, async () => {
      await using proxy = create();
      const password = encodeURIComponent(PASSWORD);
      await using fixture = await serveFixture(target, {
        provider: { proxy: `${scheme}://${USER}:${password}@${proxy.host}` },
      });
      assertEquals(await fixture.stream().text(), TEXT);
      assertEquals(proxy.count, {
        refused: 0,
        passed: fixture.requests.length,
      });
      for (const { headers } of fixture.requests) {
        assertEquals(headers.has("proxy-authorization"), false);
      }
      await within(2_000, proxy.closed());
    });

    Deno.test(`${target.name} is refused by a ${scheme} proxy that does not know it [K08]`, async () => {
      await using proxy = create();
      await using fixture = await serveFixture(target, {
        provider: {
          proxy: `${scheme}://${USER}:wrong-4712@${proxy.host}`,
          maxRetries: 0,
        },
      });
      const error = await catchError(fixture.stream().text());
      assert(["authentication", "network"].includes(error.code), error.code);
      const shown = Deno.inspect(error, { depth: 10 }) + error.stack +
        JSON.stringify(error);
      assert(!shown.includes("wrong-4712") && !shown.includes(USER), shown);
      assert(!shown.includes(btoa(`${USER}:wrong-4712`)), shown);
      assertEquals([fixture.requests.length, proxy.count.passed], [0, 0]);
      await within(2_000, proxy.closed());
    });
  }

  Deno.test(`${target.name} fails where its proxy goes away [T16]`, async () => {
    await using proxy = createHttpProxy();
    const password = encodeURIComponent(PASSWORD);
    await using fixture = await serveFixture(target, {
      answer: () => beginAndHang("Grüße"),
      provider: {
        proxy: `http://${USER}:${password}@${proxy.host}`,
        maxRetries: 0,
      },
    });
    const stream = fixture.stream();
    let text = "";
    const error = await catchError((async () => {
      for await (const event of stream) {
        if (event.type !== "text") continue;
        text += event.text;
        proxy.leave();
      }
    })());
    assertEquals([error.code, error.partial?.text], ["incomplete", text]);
    assert(!Deno.inspect(error, { depth: 10 }).includes(password));
  });

  Deno.test(`${target.name} says what to do where the runtime has no proxies`, async () => {
    const { createHttpClient } = Deno;
    const requests: unknown[] = [];
    const instance = target.create({
      fetch(input) {
        requests.push(input);
        return Promise.reject(new TypeError("no network"));
      },
      proxy: `http://${USER}:secret-4713@127.0.0.1:9`,
    });
    Object.defineProperty(Deno, "createHttpClient", { value: undefined });
    try {
      const error = await catchError(instance.generate(PROMPT));
      assertEquals(error.code, "unsupported");
      assert(error.message.includes("fetch"));
      assert(!Deno.inspect(error).includes("secret-4713"));
      assertEquals(requests, []);
    } finally {
      Object.defineProperty(Deno, "createHttpClient", {
        value: createHttpClient,
      });
    }
    await flush();
    assertEquals(Deno.createHttpClient, createHttpClient);
  });
}
