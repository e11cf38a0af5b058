import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { ProviderError } from "../../../core/chat/errors.ts";
import { createTransport } from "../../../core/http/transport.ts";
import { createFetch } from "../../_scope.ts";

const URL_ASKED = new URL("https://chat.example/a");
const PROXY = { url: "http://proxy.example:8080" };

/** Runs with another `Deno` namespace than the runtime's. */
async function withDeno(
  namespace: unknown,
  test: () => Promise<void>,
): Promise<void> {
  const saved = Object.getOwnPropertyDescriptor(globalThis, "Deno");
  Object.defineProperty(globalThis, "Deno", {
    value: namespace,
    configurable: true,
  });
  try {
    await test();
  } finally {
    Object.defineProperty(globalThis, "Deno", saved ?? {});
  }
}

Deno.test("Transport sends what it is given and follows no redirect", async () => {
  const { fetch, requests } = createFetch(() => new Response("x"));
  const transport = createTransport(fetch, undefined);
  const response = await transport.send(URL_ASKED, {
    method: "POST",
    body: "y",
    redirect: "follow",
  });
  assertEquals(await response.text(), "x");
  const [request] = requests;
  assertEquals(request?.url, URL_ASKED.href);
  assertEquals(request?.method, "POST");
  assertEquals(request?.redirect, "manual");
  transport.close();
});

Deno.test("Transport calls fetch without a receiver", async () => {
  let receiver: unknown = "none";
  const transport = createTransport(function (this: unknown) {
    receiver = this;
    return Promise.resolve(new Response());
  }, undefined);
  await transport.send(URL_ASKED, {});
  assertEquals(receiver, undefined);
});

Deno.test("Transport makes one client for a proxy and closes it [V12]", async () => {
  const made: unknown[] = [];
  const sent: unknown[] = [];
  let closes = 0;
  const client = { close: () => closes++ };
  const createHttpClient = (options: unknown) => {
    made.push(options);
    return client;
  };
  await withDeno({ createHttpClient }, async () => {
    const transport = createTransport((_url, init) => {
      sent.push(init && "client" in init && init.client);
      return Promise.resolve(new Response());
    }, PROXY);
    assertEquals(made, []);
    await transport.send(URL_ASKED, {});
    await transport.send(URL_ASKED, {});
    transport.close();
    transport.close();
  });
  assertEquals(made, [{ proxy: PROXY }]);
  assertEquals(sent, [client, client]);
  assertEquals(closes, 1);
});

Deno.test("Transport says what to do where the runtime has no proxy", async () => {
  for (const namespace of [undefined, {}]) {
    await withDeno(namespace, async () => {
      const { fetch, requests } = createFetch(() => new Response());
      const transport = createTransport(fetch, PROXY);
      const error = await assertRejects(
        () => transport.send(URL_ASKED, {}),
        ProviderError,
      );
      assertEquals(error.code, "unsupported");
      assertStringIncludes(error.message, "fetch");
      assertEquals(requests.length, 0);
    });
  }
});
