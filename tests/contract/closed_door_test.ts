// Promise 9: what is wrong is refused before anything is sent.
import { assertEquals, assertThrows } from "@std/assert";
import {
  type ChatInput,
  type ChatOptions,
  type ErrorCode,
  ProviderError,
  type ProviderOptions,
} from "../../mod.ts";
import {
  AI_CHATS,
  CHAT_UI,
  PROVIDERS,
  toAnswer,
  toConversation,
} from "./_providers.ts";
import { readAll } from "../../packages/testing/conformance/ending.ts";
import { answerWith } from "./_scripted_fetch.ts";

/** Values as they come from callers without a type checker. */
function untyped<T>(value: unknown): T {
  return value as T;
}

function say(content: unknown, role: unknown = "user"): ChatInput {
  return untyped([{ role, content }]);
}

const INPUTS: Readonly<Record<string, ChatInput>> = {
  "no message": [],
  "an empty prompt": "",
  "null": untyped(null),
  "undefined": untyped(undefined),
  "a number": untyped(7),
  "one message without a list": untyped({ role: "user", content: "Hello" }),
  "a message of null": untyped([null]),
  "empty content": say(""),
  "no content": untyped([{ role: "user" }]),
  "content of null": say(null),
  "no parts": say([]),
  "a part without a type": say([{ text: "Hello" }]),
  "an unknown part": say([{ type: "audio", audio: "AAAA" }]),
  "an unknown role": say("Hello", "tool"),
  "a role in capitals": say("Hello", "User"),
  "a role of the prototype": say("Hello", "__proto__"),
  "no role": untyped([{ content: "Hello" }]),
  "too much text": "x".repeat(2 * 1024 * 1024),
  "too many messages": untyped(
    Array(10_001).fill({ role: "user", content: "Hello" }),
  ),
};

const OPTIONS: Readonly<Record<string, ChatOptions>> = {
  "a misspelt option": untyped({ temprature: 1 }),
  "an option of another name": untyped({ max_tokens: 5 }),
  "a temperature of NaN": { temperature: NaN },
  "a temperature that is too high": { temperature: 3 },
  "a temperature as text": untyped({ temperature: "1" }),
  "a topP of 2": { topP: 2 },
  "no tokens": { maxTokens: 0 },
  "half a token": { maxTokens: 1.5 },
  "endless tokens": { maxTokens: Infinity },
  "a penalty of -3": { presencePenalty: -3, frequencyPenalty: 0 },
  "a penalty of NaN": { frequencyPenalty: NaN },
  "a model that is no text": untyped({ model: 7 }),
  "a stream that is no boolean": untyped({ stream: "yes" }),
  "a signal that is none": untyped({ signal: {} }),
  "a header with a line feed": { headers: { "x-a": "1\r\nx-b: 2" } },
  "a header with a NUL": { headers: { "x-a": "1\0" } },
  "a header with an emoji": { headers: { "x-a": "😀" } },
  "a header name with a space": { headers: { "x a": "1" } },
  "a header of the platform": { headers: { "content-length": "7" } },
  "headers that are none": untyped({ headers: "x-a: 1" }),
  "a misspelt clock": untyped({ timeouts: { first: 1 } }),
  "retries below zero": { maxRetries: -1 },
  "half a retry": { maxRetries: 0.5 },
  "retries of NaN": { maxRetries: NaN },
  "a conversation that is none": untyped({ conversation: { id: "x" } }),
  "null": untyped(null),
};

const PROVIDER_OPTIONS: Readonly<Record<string, ProviderOptions>> = {
  "a misspelt option": untyped({ baseURL: "https://a.example" }),
  "an empty key": { apiKey: "" },
  "a key with a line feed": { apiKey: "key\n" },
  "a key with a NUL": { apiKey: "k\0ey" },
  "a key beyond Latin-1": { apiKey: "k€y" },
  "a header with a line feed": { headers: { cookie: "a=1\nb=2" } },
  "a base URL that is none": { baseUrl: "a.example" },
  "a base URL of a file": { baseUrl: "file:///tmp" },
  "a base URL with a password": { baseUrl: "https://a:b@a.example" },
  "a base URL with a query": { baseUrl: "https://a.example/?key=1" },
  "a base URL that is no text": untyped({ baseUrl: Object.create(null) }),
  "a base URL of a symbol": untyped({ baseUrl: Symbol("a") }),
  "a proxy that is no text": untyped({ proxy: Object.create(null) }),
  "a proxy that is none": { proxy: "proxy.example:8080" },
  "a proxy of another kind": { proxy: "ftp://proxy.example" },
  "no model": { models: [] },
  "an empty model": { models: [""] },
  "a fetch that is none": untyped({ fetch: "fetch" }),
  "a limit of NaN": { limits: { eventLength: NaN } },
  "a limit of 0": { limits: { imageBytes: 0 } },
  "a misspelt limit": untyped({ limits: { eventSize: 1 } }),
  "retries of NaN": { maxRetries: NaN },
};

for (const provider of PROVIDERS) {
  const ask = async (input: ChatInput, options?: ChatOptions) => {
    const network = answerWith(provider, toAnswer(provider));
    const instance = provider.create({ fetch: network.fetch });
    const { events, error } = await readAll(instance.stream(input, options));
    assertEquals([events, network.requests], [[], []]);
    return error;
  };

  Deno.test(`${provider.name} refuses input that is none [V01] [V02] [V09]`, async () => {
    for (const [name, input] of Object.entries(INPUTS)) {
      const error = await ask(input);
      assertEquals(error?.code, "invalid-request", name);
      assertEquals(error?.attempts, [], name);
    }
  });

  Deno.test(`${provider.name} refuses options that are none [V04] [V11]`, async () => {
    for (const [name, options] of Object.entries(OPTIONS)) {
      const error = await ask("Hello", options);
      assertEquals(error?.code, "invalid-request", name);
    }
  });

  Deno.test(`${provider.name} cannot be made with wrong options [V08] [V12]`, () => {
    for (const [name, options] of Object.entries(PROVIDER_OPTIONS)) {
      const error = assertThrows(
        () => provider.create(options),
        ProviderError,
        "",
        name,
      );
      assertEquals(error.code, "invalid-request", name);
    }
  });

  Deno.test(`${provider.name} refuses unknown models [V03]`, async () => {
    for (const model of ["nope", "__proto__", "constructor", "GPT-4", " "]) {
      const error = await ask("Hello", { model });
      assertEquals(error?.code, "unknown-model", model);
      for (const known of provider.create().models) {
        assertEquals(error?.message.includes(`"${known}"`), true);
      }
    }
  });

  Deno.test(`${provider.name} refuses the conversation of another [C04] [C08] [C13]`, async () => {
    const conversation = toConversation(provider);
    for (
      const other of [
        { provider: "Another" },
        { origin: "https://another.example" },
        { id: "../../admin" },
        { version: 2 },
        { cookies: { "a;b": "1" } },
        { cookies: { a: "1\r\nx: 2" } },
      ]
    ) {
      const changed: ChatOptions["conversation"] = untyped({
        ...conversation,
        ...other,
      });
      const error = await ask("Hello", { conversation: changed });
      assertEquals(error?.code, "invalid-request", JSON.stringify(other));
    }
  });
}

for (const provider of PROVIDERS) {
  Deno.test(`${provider.name} refuses pictures that it cannot send`, async () => {
    async function ask(image: unknown) {
      const network = answerWith(provider, toAnswer(provider));
      const instance = provider.create({ fetch: network.fetch });
      const parts = [{ type: "text", text: "?" }, { type: "image", image }];
      const { error } = await readAll(instance.stream(say(parts)));
      return { code: error?.code, requests: network.requests.length };
    }
    const isText = provider === CHAT_UI || provider === AI_CHATS;
    const code: ErrorCode = isText ? "unsupported" : "invalid-request";
    const refused = { code, requests: 0 };
    assertEquals(await ask("file:///etc/passwd"), refused);
    assertEquals(await ask("no base64!"), refused);
    assertEquals(await ask(new TextEncoder().encode("<svg/>")), refused);
    const good = await ask(new URL("https://pictures.example/cat.png"));
    assertEquals(good, isText ? refused : { code: undefined, requests: 1 });
  });
}
