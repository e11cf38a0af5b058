import { assert, assertEquals, assertThrows } from "@std/assert";
import { createAiChats, ProviderError } from "@parley/chat";
import { createGateway, type GatewayOptions } from "../../mod.ts";

const providers = [createAiChats()];

const WRONG: Readonly<
  Record<string, readonly [options: object, words: string]>
> = {
  "nothing to serve": [{}, "neither providers nor routes"],
  "a misspelt option": [
    { providers, apiKey: "sk-secret" },
    'Option "apiKey" is unknown: did you mean "apiKeys"?',
  ],
  "a misspelt limit": [
    { providers, limits: { bodySize: 1 } },
    '"limits.bodySize" is unknown',
  ],
  "a provider that is none": [
    { providers: [{}] },
    '"providers[0]" is not valid',
  ],
  "routes that are a list": [{ routes: providers }, '"routes" is not valid'],
  "an unknown option of the failover": [
    { routes: { best: providers }, failover: { onPart: "match" } },
    "onPart",
  ],
  "an empty list of routes": [{ routes: { best: [] } }, "routes"],
  "an alias of a number": [{ providers, aliases: { x: 1 } }, '"aliases.x"'],
  "an empty key": [{ providers, apiKeys: [""] }, '"apiKeys[0]"'],
  "a key with a space": [{ providers, apiKeys: ["sk secret"] }, '"apiKeys"'],
  "an origin with a path": [
    { providers, origins: ["https://a.example/x"] },
    '"origins"',
  ],
  "a host with a port": [{ providers, hosts: ["a.example:80"] }, '"hosts"'],
  "any origin": [{ providers, origins: ["*"] }, '"origins"'],
  "a limit of nothing": [
    { providers, limits: { bodyBytes: 0 } },
    '"limits.bodyBytes"',
  ],
  "a keep-alive of text": [{ providers, keepAlive: "15s" }, '"keepAlive"'],
  "a keeper that opens nothing": [
    { providers, conversations: { seal() {} } },
    '"conversations"',
  ],
  "a field to pass that it reads": [
    { providers, passFields: ["top_k", "messages"] },
    '"passFields" names "messages"',
  ],
  "a clock without time": [{ providers, clock: {} }, '"clock"'],
};

for (const [name, [options, words]] of Object.entries(WRONG)) {
  Deno.test(`createGateway() refuses ${name}`, () => {
    const error = assertThrows(
      () => createGateway(options as GatewayOptions),
      ProviderError,
      words,
    );
    assertEquals(error.code, "invalid-request");
    assert(!error.message.includes("secret"), error.message);
  });
}

Deno.test("createGateway() takes options that are undefined as absent", async () => {
  const gateway = createGateway({
    providers,
    routes: undefined,
    allowAnonymous: true,
    limits: { bodyBytes: undefined, concurrency: null },
    keepAlive: null,
    clock: undefined,
  });
  const response = await gateway(new Request("http://localhost/v1/models"));
  assertEquals(response.status, 200);
  await response.body?.cancel();
});

Deno.test("createGateway() refuses with a ProviderError", () => {
  const error = assertThrows(() => createGateway({}), ProviderError);
  assertEquals(error.code, "invalid-request");
});
