// What people get wrong at first where they set a provider, plain JavaScript
// among it, and what they are told to do about it.
import { assertRejects, assertStringIncludes } from "@std/assert";
import {
  createAmigoChat,
  createOpenAiCompatible,
  getProvider,
} from "../mod.ts";
import { createFailover } from "../failover/mod.ts";
import {
  amigoChat,
  ask,
  call,
  create,
  KEY,
  testMistakes,
} from "./_mistakes.ts";

/** Asks a server that answers so. */
const meet = (body: string, init: ResponseInit) =>
  ask({ fetch: () => Promise.resolve(new Response(body, init)) });

const HTML = { "content-type": "text/html" };

testMistakes({
  // Models and providers
  "a model is misspelt": [
    () => amigoChat.generate("Hi", { model: "gpt4o-mini" }),
    'is unknown to "AmigoChat": the nearest are "gpt-4o-mini"',
  ],
  "the provider stands before the model": [
    () => amigoChat.generate("Hi", { model: "AmigoChat/gpt-4o" }),
    'the nearest are "gpt-4o"',
  ],
  "a model is of another provider": [
    () => amigoChat.generate("Hi", { model: "hermes" }),
    'is unknown to "AmigoChat": the nearest are',
  ],
  "the server has no such model": [
    () => ask({ defaultModel: "gpt-9" }),
    "The model `gpt-9` does not exist",
  ],
  "no model is named": [
    () => ask({ defaultModel: undefined }),
    'name one, or set "defaultModel"',
  ],
  "a provider is unknown": [
    () => getProvider("openai"),
    "createOpenAiCompatible() asks any other server",
  ],
  "a factory is given for a provider": [
    () => call(createFailover, [createAmigoChat]),
    'Option "routes[0]" is not valid: expected a provider, as its factory or',
  ],
  "an id is given for a provider": [
    () => call(createFailover, ["AmigoChat"]),
    "as its factory or getProvider() gives",
  ],
  "a provider is given for a list": [
    () => call(createFailover, amigoChat),
    "expected a list of providers or routes",
  ],
  // Keys
  "no key is set": [
    () => ask({ apiKey: undefined }),
    "You didn't provide an API key",
  ],
  "the key is wrong": [
    () => ask({ apiKey: "another-0123456789" }),
    "Incorrect API key provided",
  ],
  "the variable of the key is empty": [
    () => ask({ apiKey: "" }),
    'Option "apiKey" is not valid: expected a key',
  ],
  "the key ends in a line break": [
    () => ask({ apiKey: `${KEY}\n` }),
    "without a line break or space around it",
  ],
  "the key has quotes": [
    () => ask({ apiKey: `"${KEY}"` }),
    'quotes or "Bearer" stand around the key',
  ],
  "the key begins with Bearer": [
    () => ask({ apiKey: `Bearer ${KEY}` }),
    'quotes or "Bearer" stand around the key',
  ],
  // Where the server is
  "the base URL lacks /v1": [
    () => ask({ baseUrl: "http://openai.example" }),
    'where "/v1" may be missing in the base URL',
  ],
  "the base URL has the path of the request": [
    () => ask({ baseUrl: "http://openai.example/v1/chat/completions" }),
    'ends with "/chat/completions", which comes after it: leave it out',
  ],
  "the base URL has no scheme": [
    () => ask({ baseUrl: "localhost:11434/v1" }),
    'is not an http or https URL, such as "https://host/v1"',
  ],
  "the base URL has another name": [
    () => call(createOpenAiCompatible, { baseURL: "http://a.example/v1" }),
    'Option "baseURL" is unknown: did you mean "baseUrl"?',
  ],
  "the base URL is given alone": [
    () => call(createOpenAiCompatible, "http://a.example/v1"),
    'expected an object of "apiKey", "baseUrl"',
  ],
  "http is asked of who speaks https": [
    () =>
      meet("<h1>The plain HTTP request was sent to HTTPS port</h1>", {
        status: 400,
        headers: HTML,
      }),
    'the base URL must begin with "https:"',
  ],
  "http is redirected to https": [
    () =>
      meet("", {
        status: 301,
        headers: { location: "https://openai.example" },
      }),
    'redirect leads to HTTPS: the base URL must begin with "https:"',
  ],
  "the server is a page": [
    () => meet("<!doctype html>", { headers: HTML }),
    "response is a page: the server may be asleep, or want a login",
  ],
  "a browser may not ask (CORS)": [
    () =>
      ask({ fetch: () => Promise.reject(new TypeError("Failed to fetch")) }),
    "does not allow this page to ask it (CORS)",
  ],
  "the server listens at a port that fetch blocks": [
    () => ask({ baseUrl: "http://127.0.0.1:6000/v1", fetch: undefined }),
    "let the server take another, such as 8000",
  ],
  "the proxy has no scheme": [
    () => ask({ proxy: "localhost:8080" }),
    'Option "proxy" is not an http, https or socks5 URL',
  ],
});

Deno.test({
  name: "somebody is told what to do where a permission is missing",
  permissions: { net: false },
  async fn() {
    const provider = create({ fetch: undefined });
    const { message } = await assertRejects(
      () => provider.generate("Hi"),
      Error,
    );
    assertStringIncludes(message, "which needs the permission --allow-net");
  },
});
