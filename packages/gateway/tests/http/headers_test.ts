import { assertEquals, assertMatch } from "@std/assert";
import { createSite } from "../_site.ts";

Deno.test("setHeaders() sets the same headers on every answer [W21]", async () => {
  const app = createSite();
  const answers = [
    await app.request("/v1/models"),
    await app.request("/v1/chat/completions", { method: "POST" }),
    await app.request("/nothing"),
    await app.request("/broken"),
    await app.request("/v1/models", { method: "DELETE" }),
    await app.request("/v1/models", { method: "OPTIONS" }),
  ];
  for (const [index, { headers, body }] of answers.entries()) {
    await body?.cancel();
    assertEquals(headers.get("cache-control"), "no-store");
    assertEquals(headers.get("x-content-type-options"), "nosniff");
    assertEquals(headers.get("x-frame-options"), "DENY");
    assertEquals(headers.get("referrer-policy"), "no-referrer");
    assertMatch(
      headers.get("content-security-policy") ?? "",
      /default-src 'none'/,
    );
    assertEquals(headers.get("x-request-id"), `id-${index + 1}`);
    assertEquals(headers.get("strict-transport-security"), null);
    assertEquals(headers.get("server"), null);
    assertEquals(headers.get("set-cookie"), null);
    // What only browsers of the past read costs every answer.
    assertEquals(headers.get("x-download-options"), null);
    assertEquals(headers.get("x-xss-protection"), null);
  }
});

Deno.test("setHeaders() takes the caller's id only where it is a short token [W21]", async () => {
  const app = createSite();
  const toId = async (id: string) =>
    (await app.request("/v1/models", { headers: { "x-request-id": id } }))
      .headers.get("x-request-id");
  assertEquals(await toId("trace-1.a_B"), "trace-1.a_B");
  assertEquals(await toId("a".repeat(64)), "a".repeat(64));
  assertEquals(await toId("a".repeat(65)), "id-1");
  assertEquals(await toId("a b"), "id-2");
  assertEquals(await toId("<script>"), "id-3");
  assertEquals(await toId("\u00e4"), "id-4");
});

Deno.test("setHeaders() leaves a handler its own content security policy", async () => {
  const app = createSite();
  app.get(
    "/",
    (context) =>
      context.html("", 200, { "content-security-policy": "script-src 'self'" }),
  );
  const { headers } = await app.request("/");
  assertEquals(headers.get("content-security-policy"), "script-src 'self'");
});
