// What clients of a gateway get wrong at first, and what they are told to do.
import {
  assertEquals,
  assertFalse,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { createAmigoChat, createOpenAiCompatible } from "@parley/chat";
import { createAmigoChatUpstream, createOpenAiUpstream } from "@parley/testing";
import { createGateway, type LogEntry } from "../mod.ts";
import { post, readError } from "./_gateway.ts";

const KEY = "a-key";
const { fetch } = createOpenAiUpstream({ models: ["small"] });

function toServer(id: string, baseUrl: string) {
  return createOpenAiCompatible({ id, baseUrl, fetch, maxRetries: 0 });
}

const SERVER = toServer("good", "http://inside.example/v1");

const gateway = createGateway({
  providers: [
    SERVER,
    toServer("without-v1", "http://inside.example"),
    createAmigoChat({ fetch: createAmigoChatUpstream().fetch }),
  ],
  apiKeys: [KEY],
});

const MESSAGES = [{ role: "user", content: "Hi" }];

/** What is sent in place of a request that is right. */
interface Mistake {
  readonly path?: string;
  readonly method?: string;
  readonly authorization?: string;
  readonly body?: object;
}

const MISTAKES: Readonly<
  Record<string, readonly [mistake: Mistake, status: number, told: string]>
> = {
  "the key lacks Bearer": [
    { authorization: KEY },
    401,
    "API key is not sent as `authorization: Bearer <key>`",
  ],
  "the key has quotes": [
    { authorization: `Bearer "${KEY}"` },
    401,
    "API key is not sent as `authorization: Bearer <key>`",
  ],
  "the path lacks /v1": [
    { path: "/chat/completions" },
    404,
    "it is /v1/chat/completions",
  ],
  "the base URL has the path of the request": [
    { path: "/v1/chat/completions/chat/completions" },
    404,
    "it is /v1/chat/completions",
  ],
  "the method is another": [{ method: "PUT" }, 405, "it takes POST"],
  "a model is misspelt": [
    { body: { model: "AmigoChat/gpt4o-mini" } },
    404,
    'the nearest are "gpt-4o-mini"',
  ],
  "a provider is misspelt": [
    { body: { model: "AmigoChatt/gpt-4o-mini" } },
    404,
    'did you mean "AmigoChat/gpt-4o-mini"?',
  ],
  "a model is unknown": [
    { body: { model: "claude" } },
    404,
    "GET /v1/models lists those that are known",
  ],
  "the upstream has no such model": [
    { body: { model: "good/large" } },
    404,
    "status is 404: GET /v1/models lists those that are known",
  ],
  "a message is not in a list": [
    { body: { messages: MESSAGES[0] } },
    400,
    'Field "messages" is not valid: expected a list of messages',
  ],
  "a role is wrong": [
    { body: { messages: [{ role: "human", content: "Hi" }] } },
    400,
    'expected "system", "developer", "user", "assistant" or "tool"',
  ],
};

for (const [mistake, [sent, status, told]] of Object.entries(MISTAKES)) {
  Deno.test(`a client is told what to do where ${mistake}`, async () => {
    const { path = "/v1/chat/completions", method = "POST", ...own } = sent;
    const { authorization = `Bearer ${KEY}`, body } = own;
    const response = await post(
      gateway,
      path,
      { model: "good/small", messages: MESSAGES, ...body },
      { method, headers: { authorization } },
    );
    assertEquals(response.status, status);
    assertStringIncludes((await readError(response)).message, told);
  });
}

Deno.test("a client is not told where the upstream is, whose base URL lacks /v1", async () => {
  const response = await post(
    gateway,
    "/v1/chat/completions",
    { model: "without-v1/small", messages: MESSAGES },
    { headers: { authorization: `Bearer ${KEY}` } },
  );
  assertEquals(response.status, 502);
  const { message } = await readError(response);
  assertFalse(message.includes("inside.example"), message);
});

Deno.test("the log says what the upstream said, and neither its key nor the prompt", async () => {
  const prompt = "a prompt that nobody else may see";
  const key = "sk-upstream-0123456789";
  const entries: LogEntry[] = [];
  const gateway = createGateway({
    providers: [createOpenAiCompatible({
      baseUrl: "http://inside.example/v1",
      apiKey: key,
      fetch: () =>
        Promise.resolve(
          Response.json(
            { error: { message: `Billing is off for ${key}: ${prompt}` } },
            { status: 403 },
          ),
        ),
    })],
    allowAnonymous: true,
    log: (entry) => entries.push(entry),
  });
  const messages = [{ role: "user", content: prompt }];
  const response = await post(
    gateway,
    "/v1/chat/completions",
    { model: "any", messages },
  );
  assertFalse((await response.text()).includes("Billing"));
  const [{ failures: [failure] = [] } = {}] = entries;
  assertStringIncludes(failure?.message ?? "", "Billing is off");
  const text = JSON.stringify(entries);
  assertEquals([text.includes(key), text.includes(prompt)], [false, false]);
});

for (
  const [options, told] of [
    [{ providers: [createAmigoChat] }, "a provider, as its factory or"],
    [{ providers: createAmigoChat() }, "expected a list of providers"],
    [{}, "neither providers nor routes: set one of them"],
    [
      { routes: { best: [{ provider: SERVER, model: "x" }, SERVER] } },
      'Option "routes.best[1]" names no model, and "good" has no default',
    ],
    [{ port: 8_000 }, 'Option "port" is unknown: it is none of "providers"'],
    [{ apiKey: KEY }, 'Option "apiKey" is unknown: did you mean "apiKeys"?'],
  ] as const
) {
  Deno.test(`createGateway() says: ${told}`, () => {
    const { message } = assertThrows(
      () => Reflect.apply(createGateway, undefined, [options]),
      Error,
    );
    assertStringIncludes(message, told);
  });
}
