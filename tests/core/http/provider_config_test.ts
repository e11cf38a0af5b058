import { assert, assertEquals, assertThrows } from "@std/assert";
import { ProviderError } from "../../../core/chat/errors.ts";
import type { ProviderOptions } from "../../../core/chat/provider_options.ts";
import {
  mergeTimeouts,
  toProviderConfig,
} from "../../../core/http/provider_config.ts";

const SITE = "https://chat.example";

function refuse(options: unknown): string {
  const error = assertThrows(
    () => toProviderConfig(options as ProviderOptions, SITE),
    ProviderError,
  );
  assertEquals(error.code, "invalid-request");
  assert(!Deno.inspect(error).includes("secret"));
  return error.message;
}

Deno.test("toProviderConfig() gives the defaults that are documented", () => {
  const config = toProviderConfig({}, SITE);
  assertEquals(config.baseUrl, SITE);
  assertEquals(config.timeouts, {
    headers: 180_000,
    firstToken: 180_000,
    idle: 60_000,
    total: 600_000,
  });
  assertEquals(config.maxRetries, 2);
  assertEquals(config.allowPrivateUrls, false);
  assertEquals(config.limits.eventLength, 32 * 1024 * 1024);
  assertEquals(config.limits.errorBytes, 64 * 1024);
  assertEquals(config.limits.imageBytes, 32 * 1024 * 1024);
  assertEquals(config.fetch, globalThis.fetch);
  const uuid = config.randomUuid();
  assertEquals(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(uuid), true);
});

Deno.test("toProviderConfig() sets single clocks and limits over the defaults", () => {
  const { timeouts, limits } = toProviderConfig({
    timeouts: { idle: null, total: undefined },
    limits: { imageBytes: 1, errorBytes: undefined },
  }, SITE);
  assertEquals(timeouts.idle, null);
  assertEquals(timeouts.total, 600_000);
  assertEquals(limits.imageBytes, 1);
  assertEquals(limits.errorBytes, 65_536);
});

Deno.test("toProviderConfig() takes a base URL with a path", () => {
  for (const baseUrl of ["http://127.0.0.1:1/hub", new URL("https://a.b/c/")]) {
    assertEquals(
      toProviderConfig({ baseUrl }, SITE).baseUrl,
      String(baseUrl).replace(/\/$/, ""),
    );
  }
});

Deno.test("toProviderConfig() refuses what is no base URL", () => {
  for (
    const baseUrl of [
      "",
      "/v1",
      "chat.example",
      "ftp://chat.example",
      "https://user:secret@chat.example",
      "https://chat.example#secret",
    ]
  ) assert(refuse({ baseUrl }).includes("baseUrl"), baseUrl);
});

Deno.test("toProviderConfig() takes the password out of the URL of a proxy", () => {
  const { proxy } = toProviderConfig(
    { proxy: "http://me:p%40ss@proxy.example:8" },
    SITE,
  );
  assertEquals(proxy, {
    url: "http://proxy.example:8",
    basicAuth: { username: "me", password: "p@ss" },
  });
});

Deno.test("toProviderConfig() takes http, https and socks5 proxies", () => {
  for (
    const [proxy, url] of [
      ["http://proxy.example", "http://proxy.example"],
      ["https://proxy.example/", "https://proxy.example"],
      ["socks5://proxy.example:1080", "socks5://proxy.example:1080"],
      [new URL("http://[::1]:8"), "http://[::1]:8"],
    ] as const
  ) assertEquals(toProviderConfig({ proxy }, SITE).proxy, { url });
});

Deno.test("toProviderConfig() refuses what is no proxy, and does not show it [V12]", () => {
  for (
    const proxy of [
      "",
      "proxy.example:8080",
      "ftp://me:secret@proxy.example",
      "socks4://secret.example",
      5,
      null,
    ]
  ) assert(refuse({ proxy }).includes("proxy"), String(proxy));
});

Deno.test("toProviderConfig() refuses a proxy whose password is badly escaped [V12] [K08]", () => {
  refuse({ proxy: "http://me:%zzsecret@proxy.example" });
});

Deno.test("toProviderConfig() refuses options that are wrong or unknown", () => {
  for (
    const [name, value] of Object.entries({
      apiKey: "secret\n",
      headers: { "x-key": "secret\n" },
      fetch: "secret",
      models: [],
      timeouts: { total: 0 },
      maxRetries: 1.5,
      allowPrivateUrls: "secret",
      limits: { imageBytes: 0 },
      clock: { now: () => 0 },
      random: 0.5,
      randomUuid: "secret",
      baseURL: "https://secret.example",
    })
  ) assert(refuse({ [name]: value }).includes(name), name);
  refuse({ models: [""] });
  refuse({ apiKey: "" });
  refuse(null);
});

Deno.test("mergeTimeouts() keeps what is not set", () => {
  const limits = { headers: 1, firstToken: 2, idle: 3, total: null };
  assertEquals(mergeTimeouts(limits), limits);
  assertEquals(
    mergeTimeouts(limits, { headers: undefined, idle: null, total: 4 }),
    { headers: 1, firstToken: 2, idle: null, total: 4 },
  );
});
