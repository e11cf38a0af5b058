import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { allowOrigins } from "../../http/cors.ts";
import { ProviderError } from "@parley/chat";
import { createSite } from "../_site.ts";

const ORIGIN = "https://chat.example";

Deno.test("allowOrigins() allows nothing without origins [W11]", async () => {
  const app = createSite();
  const response = await app.request("/v1/models", {
    headers: { origin: ORIGIN },
  });
  assertEquals(response.headers.get("access-control-allow-origin"), null);
  const preflight = await app.request("/v1/models", {
    method: "OPTIONS",
    headers: { origin: ORIGIN, "access-control-request-method": "GET" },
  });
  assertEquals(preflight.headers.get("access-control-allow-origin"), null);
  assertEquals(preflight.headers.get("access-control-allow-methods"), null);
});

Deno.test("allowOrigins() allows the origins of the list and no other [W11]", async () => {
  const app = createSite([ORIGIN, "http://localhost:8000"]);
  const toAllowed = async (origin: string | undefined, path: string) => {
    const headers = origin === undefined ? undefined : { origin };
    const response = await app.request(path, { headers });
    assertEquals(response.headers.get("vary"), "Origin");
    assertEquals(
      response.headers.get("access-control-allow-credentials"),
      null,
    );
    return response.headers.get("access-control-allow-origin");
  };
  for (const path of ["/v1/models", "/nothing", "/broken"]) {
    assertEquals(await toAllowed(ORIGIN, path), ORIGIN);
    assertEquals(
      await toAllowed("http://localhost:8000", path),
      "http://localhost:8000",
    );
    for (
      const origin of [
        "null",
        "https://evil.example",
        "https://chat.example.evil.example",
        "https://chat.example:8443",
        "http://chat.example",
        "https://sub.chat.example",
        undefined,
      ]
    ) {
      assertEquals(await toAllowed(origin, path), null);
    }
  }
});

Deno.test("allowOrigins() answers a preflight [W11]", async () => {
  const app = createSite([ORIGIN]);
  const response = await app.request("/v1/chat/completions", {
    method: "OPTIONS",
    headers: {
      origin: ORIGIN,
      "access-control-request-method": "POST",
      "access-control-request-headers": "authorization, x-stainless-os",
    },
  });
  assertEquals(response.status, 204);
  const { headers } = response;
  assertEquals(headers.get("access-control-allow-origin"), ORIGIN);
  assertEquals(headers.get("access-control-allow-methods"), "GET,POST");
  assertEquals(
    headers.get("access-control-allow-headers"),
    "authorization,x-stainless-os",
  );
  assertMatch(headers.get("vary") ?? "", /\bOrigin\b/);
  assertEquals(headers.get("x-content-type-options"), "nosniff");
});

Deno.test("allowOrigins() refuses what is no exact origin [W11]", () => {
  for (
    const origin of [
      "*",
      "null",
      "",
      "chat.example",
      "https://chat.example/",
      "https://*.example",
      "https://Chat.example",
      "file:///",
    ]
  ) {
    assertThrows(
      () => allowOrigins([ORIGIN, origin]),
      ProviderError,
      "origins",
    );
  }
});
