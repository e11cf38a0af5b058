import {
  assert,
  assertEquals,
  assertFalse,
  assertMatch,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import {
  authenticate,
  type AuthenticationOptions,
} from "../../http/authentication.ts";
import { ProviderError } from "@parley/chat";
import { TestBody } from "../../../../tests/_body.ts";
import { createApp } from "../_server.ts";

const KEY = "sk-test-0123456789abcdef";
const OTHER = "sk-test-fedcba9876543210";

/** An application of which a test knows who was let in. */
function createGate(options: AuthenticationOptions) {
  const app = createApp();
  const letIn: string[] = [];
  app.use(authenticate(options));
  app.all("*", (context) => {
    letIn.push(context.var.keyId);
    return context.text("Good day");
  });
  const ask = (authorization?: string, path = "/v1/models") =>
    app.request(path, {
      headers: authorization === undefined ? {} : { authorization },
    });
  return { app, ask, letIn };
}

Deno.test("authenticate() refuses a request without a key, and does not read it [W01]", async () => {
  const { app, letIn } = createGate({ apiKeys: [KEY] });
  const body = new TestBody(["{}"]);
  const response = await app.request("/v1/chat/completions", {
    method: "POST",
    body: body.stream,
  });
  assertEquals(response.status, 401);
  assertEquals(
    response.headers.get("www-authenticate"),
    'Bearer realm="gateway"',
  );
  const { error } = await response.json();
  assertEquals(error.type, "invalid_request_error");
  assertEquals(error.code, "invalid_api_key");
  assertStringIncludes(error.message, "authorization: Bearer");
  assertEquals(body.pulls, 0);
  assertEquals(letIn, []);
});

Deno.test("authenticate() refuses every key but those that are configured [W02]", async () => {
  const { ask, letIn } = createGate({ apiKeys: [KEY, OTHER] });
  const wrong = [
    "nothing",
    KEY.slice(0, -1),
    `${KEY}x`,
    KEY.toUpperCase(),
    `${KEY}${OTHER}`,
    `${KEY}=`,
    "=",
  ];
  for (const key of wrong) {
    const response = await ask(`Bearer ${key}`);
    assertEquals(response.status, 401, key);
    assertStringIncludes(
      response.headers.get("www-authenticate") ?? "",
      'error="invalid_token"',
    );
    assertFalse((await response.text()).includes(key.slice(0, 8)));
  }
  assertEquals(letIn, []);
});

Deno.test("authenticate() compares with every key, whichever fits [W02]", async () => {
  const apiKeys = ["first", "second", "third"];
  const { ask, letIn } = createGate({ apiKeys });
  const hashes = (await Promise.all(apiKeys.map(toHash))).map((hash) =>
    hash.slice(0, 12)
  );
  for (const key of apiKeys) {
    assertEquals((await ask(`Bearer ${key}`)).status, 200);
  }
  assertEquals(letIn, hashes);
});

async function toHash(text: string): Promise<string> {
  const bytes = new TextEncoder().encode(text);
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return hash.toHex();
}

Deno.test("authenticate() takes one bearer token, in any case of the scheme [W03]", async () => {
  const { ask, letIn } = createGate({ apiKeys: [KEY] });
  for (const scheme of ["Bearer", "bearer", "BEARER", "bEaReR"]) {
    assertEquals((await ask(`${scheme} ${KEY}`)).status, 200, scheme);
  }
  assertEquals(letIn.length, 4);
  const wrong = [
    `Basic ${btoa(`user:${KEY}`)}`,
    `Bearer  ${KEY}`,
    `Bearer ${KEY}, Bearer ${KEY}`,
    `Bearer ${KEY} ${KEY}`,
    `Bearer ${KEY},${KEY}`,
    `Bearer\t${KEY}`,
    `Bearer${KEY}`,
    `Bearer "${KEY}"`,
    "Bearer",
    KEY,
    "",
  ];
  for (const authorization of wrong) {
    const response = await ask(authorization);
    assertEquals(response.status, 401, authorization);
    assert(response.headers.has("www-authenticate"), authorization);
    await response.body?.cancel();
  }
  assertEquals(letIn.length, 4);
});

Deno.test("authenticate() closes the gateway where no key is configured [W04]", async () => {
  const { ask, letIn } = createGate({});
  for (const path of ["/v1/models", "/", "/v1/images/generations", "/x"]) {
    const response = await ask(`Bearer ${KEY}`, path);
    assertEquals(response.status, 503);
    assertEquals(response.headers.get("x-should-retry"), "false");
    assertEquals((await response.json()).error.code, "not_configured");
  }
  assertEquals(letIn, []);
  assertEquals((await ask(undefined, "/healthz")).status, 200);
});

Deno.test("authenticate() lets everybody in where that is chosen [W04]", async () => {
  const { ask, letIn } = createGate({ allowAnonymous: true });
  assertEquals((await ask()).status, 200);
  // Clients of OpenAI cannot but send a key.
  assertEquals((await ask(`Bearer ${KEY}`)).status, 200);
  assertEquals(letIn, ["anonymous", "anonymous"]);
});

Deno.test("authenticate() refuses a wrong key where one may also come without", async () => {
  const { ask, letIn } = createGate({ apiKeys: [KEY], allowAnonymous: true });
  assertEquals((await ask()).status, 200);
  assertEquals((await ask(`Bearer ${KEY}`)).status, 200);
  assertEquals((await ask("Bearer wrong")).status, 401);
  assertEquals(letIn[0], "anonymous");
  assertMatch(letIn[1] ?? "", /^[0-9a-f]{12}$/);
  assertEquals(letIn.length, 2);
});

Deno.test("authenticate() leaves the health check and preflights open, and nothing beside", async () => {
  const { app, ask } = createGate({ apiKeys: [KEY] });
  assertEquals((await ask(undefined, "/healthz")).status, 200);
  const preflight = await app.request("/v1/models", { method: "OPTIONS" });
  assertEquals(preflight.status, 200);
  for (
    const path of [
      "/",
      "/page/x",
      "//healthz",
      "/healthz/",
      "/healthz/v1",
      "/%2f",
    ]
  ) {
    assertEquals((await ask(undefined, path)).status, 401, path);
  }
});

Deno.test("authenticate() refuses a key that no bearer token can be", () => {
  for (const apiKey of ["", "two words", "käse", "a,b", "a\n"]) {
    const error = assertThrows(
      () => authenticate({ apiKeys: [KEY, apiKey] }),
      ProviderError,
    );
    assertFalse(error.message.includes(KEY));
  }
});

Deno.test("authenticate() knows a key again, and never takes a wrong one for it [W02]", async () => {
  const { ask, letIn } = createGate({ apiKeys: [KEY, OTHER] });
  for (const key of [KEY, OTHER, KEY, OTHER]) await ask(`Bearer ${key}`);
  const [first, second, ...again] = letIn;
  assertEquals(again, [first, second]);
  assert(first !== second);
  for (const wrong of [KEY.slice(1), KEY.slice(1)]) {
    assertEquals((await ask(`Bearer ${wrong}`)).status, 401);
  }
});
