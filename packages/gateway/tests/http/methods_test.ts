import { assertEquals, assertMatch } from "@std/assert";
import { createGateway } from "../../mod.ts";
import { createAiChats } from "@parley/chat";
import { RawClient, TestServer, toRequestText } from "../_server.ts";
import { createSite } from "../_site.ts";

async function toCode(response: Response): Promise<string> {
  const { error } = await response.json();
  return `${response.status} ${error.type} ${error.code}`;
}

Deno.test("answerUnknownPath() answers in the shape of OpenAI's errors [W10]", async () => {
  const app = createSite();
  for (const path of ["/nothing", "/v1", "/v1/chat"]) {
    assertEquals(
      await toCode(await app.request(path)),
      "404 invalid_request_error unknown_url",
    );
  }
});

Deno.test("answerOtherMethods() tells what a path has [W10]", async () => {
  const app = createSite();
  const response = await app.request("/v1/models", { method: "DELETE" });
  assertEquals(response.headers.get("allow"), "GET, HEAD, OPTIONS");
  assertEquals(
    await toCode(response),
    "405 invalid_request_error method_not_supported",
  );
  const get = await app.request("/v1/chat/completions");
  assertEquals(get.status, 405);
  assertEquals(get.headers.get("allow"), "POST, OPTIONS");
});

Deno.test("answerOtherMethods() answers OPTIONS where there is a path [W10]", async () => {
  const app = createSite();
  const response = await app.request("/v1/models", { method: "OPTIONS" });
  assertEquals(response.status, 204);
  assertEquals(response.headers.get("allow"), "GET, HEAD, OPTIONS");
  assertEquals(await response.text(), "");
  const nothing = await app.request("/nothing", { method: "OPTIONS" });
  assertEquals(nothing.status, 404);
});

Deno.test("answerOtherMethods() lets HEAD be a GET without its body [W10]", async () => {
  await using server = new TestServer(createSite().fetch);
  using client = await RawClient.connect(server.port);
  await client.send(
    toRequestText("HEAD", "/v1/models", { connection: "close" }),
  );
  await client.closed;
  assertMatch(client.received, /^HTTP\/1\.1 200 OK\r\n/);
  assertEquals(client.received.endsWith("\r\n\r\n"), true);
});

Deno.test("createGateway() counts only what it has an answer to", async () => {
  const gateway = createGateway({
    providers: [createAiChats()],
    apiKeys: ["ours"],
    limits: { requestsPerMinute: 1 },
  });
  for (let count = 0; count < 2; count++) {
    const url = "http://localhost/v1/models";
    const { status, headers } = await gateway(
      new Request(url, { method: "OPTIONS" }),
    );
    assertEquals(status, 204);
    assertEquals(headers.get("x-ratelimit-limit-requests"), null);
  }
});
