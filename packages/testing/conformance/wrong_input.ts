import type { ChatInput, ChatOptions, ProviderOptions } from "@parley/chat";

/** What stands in every wrong value, and in no error. */
export const WRONG = "secret";

/** Wrong values by what they are. */
type Table<T> = Readonly<Record<string, T>>;

/** Values as they come from callers without a type checker. */
function untyped<T>(value: unknown): T {
  return value as T;
}

function toInput(content: unknown, role: unknown = "user"): ChatInput {
  return untyped([{ role, content }]);
}

function toCycle(): unknown[] {
  const cycle: unknown[] = [];
  cycle.push(cycle);
  return cycle;
}

/** What is no input. */
export const WRONG_INPUTS: Table<ChatInput> = {
  "no message": [],
  "an empty prompt": "",
  "null": untyped(null),
  "a number": untyped(7),
  "a bigint": untyped(7n),
  "a function": untyped(() => WRONG),
  "one message without a list": untyped({ role: "user", content: WRONG }),
  "a message of null": untyped([null]),
  "a message of text": untyped([WRONG]),
  "a hole": untyped(Array(1)),
  "empty content": toInput(""),
  "no content": untyped([{ role: "user" }]),
  "content of null": toInput(null),
  "content of a bigint": toInput(7n),
  "content of a number": toInput(7),
  "content of a cycle": toInput(toCycle()),
  "no parts": toInput([]),
  "a hole for a part": toInput(Array(1)),
  "a part without a type": toInput([{ text: WRONG }]),
  "a part of text": toInput([WRONG]),
  "an unknown part": toInput([{ type: WRONG, audio: "AAAA" }]),
  "text of a number": toInput([{ type: "text", text: 7 }]),
  "an empty picture": toInput([{ type: "image", image: "" }]),
  "an unknown role": toInput("Hello", WRONG),
  "a role in capitals": toInput("Hello", "User"),
  "a role of the prototype": toInput("Hello", "__proto__"),
  "no role": untyped([{ content: WRONG }]),
  "a wrong message after a good one": untyped([
    { role: "user", content: "Hello" },
    { role: WRONG, content: "Hello" },
  ]),
  "2 MiB of text": WRONG.repeat(300_000),
  "2 MiB of text in parts": toInput(
    Array(300).fill({ type: "text", text: WRONG.repeat(1_000) }),
  ),
  "10,001 messages": Array(10_001).fill({ role: "user", content: WRONG }),
};

/** Clocks that no run may have. */
const WRONG_TIMEOUTS: Table<ChatOptions["timeouts"]> = {
  "a clock of 0": { headers: 0 },
  "a clock of NaN": { firstToken: NaN },
  "a clock below 0": { idle: -1 },
  "a clock as text": untyped({ total: "5" }),
  "a clock beyond timers": { total: 2 ** 31 },
  "an endless clock": { idle: Infinity },
  "a misspelt clock": untyped({ first: 1 }),
  "clocks that are none": untyped(5),
};

/** Numbers of retries that no run may have. */
const WRONG_RETRIES: Table<number> = {
  "retries below 0": -1,
  "half a retry": 0.5,
  "retries of NaN": NaN,
  "endless retries": Infinity,
  "retries as text": untyped("2"),
};

/** Headers that cannot be sent, or are not the caller's to set. */
const WRONG_HEADERS: Table<HeadersInit> = {
  "a header with a line feed": { "x-a": `${WRONG}\r\nx-b: 2` },
  "a header with a NUL": { "x-a": `${WRONG}\0` },
  "a header with an emoji": { "x-a": `${WRONG} 😀` },
  "a header of a number": untyped({ "x-a": 7 }),
  "a header name with a space": { [`${WRONG} a`]: "1" },
  "an empty header name": { "": WRONG },
  "a header of the body": { "content-length": WRONG },
  "a header of the host": { host: WRONG },
  "a header of the connection": { "Transfer-Encoding": WRONG },
  "headers that are text": untyped(`x-a: ${WRONG}`),
  "headers that are null": untyped(null),
};

function* toOptions<T, O>(
  table: Table<T>,
  toOption: (value: T) => O,
): Generator<readonly [string, O]> {
  for (const [name, value] of Object.entries(table)) {
    yield [name, toOption(value)];
  }
}

/** Options that no run may have. */
export const WRONG_OPTIONS: Table<ChatOptions> = {
  "a misspelt option": untyped({ temprature: WRONG }),
  "an option of another name": untyped({ max_tokens: 5 }),
  "an option of the prototype": untyped(JSON.parse('{"__proto__":{"a":1}}')),
  "a temperature of NaN": { temperature: NaN },
  "a temperature that is too high": { temperature: 2.1 },
  "a temperature below 0": { temperature: -0.1 },
  "a temperature as text": untyped({ temperature: WRONG }),
  "a temperature of null": untyped({ temperature: null }),
  "a topP of 2": { topP: 2 },
  "a topP of NaN": { topP: NaN },
  "no tokens": { maxTokens: 0 },
  "half a token": { maxTokens: 1.5 },
  "endless tokens": { maxTokens: Infinity },
  "tokens of a bigint": untyped({ maxTokens: 5n }),
  "a presence penalty of -3": { presencePenalty: -3 },
  "a frequency penalty of NaN": { frequencyPenalty: NaN },
  "a model of a number": untyped({ model: 7 }),
  "a model of a cycle": untyped({ model: toCycle() }),
  "a stream of text": untyped({ stream: WRONG }),
  "a signal that is none": untyped({ signal: { aborted: false } }),
  "a conversation of text": untyped({ conversation: WRONG }),
  "a conversation of null": untyped({ conversation: null }),
  "a conversation that is none": untyped({ conversation: { id: WRONG } }),
  ...Object.fromEntries([
    ...toOptions(WRONG_TIMEOUTS, (timeouts) => ({ timeouts })),
    ...toOptions(WRONG_RETRIES, (maxRetries) => ({ maxRetries })),
    ...toOptions(WRONG_HEADERS, (headers) => ({ headers })),
  ]),
};

/** Options that no provider may have. */
export const WRONG_PROVIDER_OPTIONS: Table<ProviderOptions> = {
  "a misspelt option": untyped({ baseURL: `https://${WRONG}.example` }),
  "an option of a run": untyped({ temperature: 1 }),
  "an empty key": { apiKey: "" },
  "a key of a number": untyped({ apiKey: 7 }),
  "a key with a line feed": { apiKey: `${WRONG}\n` },
  "a key with a NUL": { apiKey: `${WRONG}\0` },
  "a key beyond Latin-1": { apiKey: `${WRONG} €` },
  "a base URL that is none": { baseUrl: `${WRONG}.example` },
  "a base URL of a file": { baseUrl: `file:///${WRONG}` },
  "a base URL of data": { baseUrl: `data:,${WRONG}` },
  "a base URL with a password": { baseUrl: `https://a:${WRONG}@a.example` },
  "a base URL of a number": untyped({ baseUrl: 7 }),
  "a proxy that is none": { proxy: `${WRONG}.example:8080` },
  "a proxy of another kind": { proxy: `ftp://user:${WRONG}@a.example` },
  "a proxy of a malformed password": { proxy: `http://${WRONG}:%ff@a.example` },
  "no model": { models: [] },
  "an empty model": { models: [""] },
  "a model of a number": untyped({ models: [7] }),
  "models as text": untyped({ models: WRONG }),
  "a limit of NaN": { limits: { eventLength: NaN } },
  "a limit of 0": { limits: { imageBytes: 0 } },
  "half a limit": { limits: { errorBytes: 1.5 } },
  "an endless limit": { limits: { promptLength: Infinity } },
  "a misspelt limit": untyped({ limits: { eventSize: 1 } }),
  "private URLs as text": untyped({ allowPrivateUrls: WRONG }),
  "a clock that is none": untyped({ clock: { now: 7 } }),
  "chance that is none": untyped({ random: 0.5 }),
  "UUIDs that are none": untyped({ randomUuid: WRONG }),
  ...Object.fromEntries([
    ...toOptions(WRONG_TIMEOUTS, (timeouts) => ({ timeouts })),
    ...toOptions(WRONG_RETRIES, (maxRetries) => ({ maxRetries })),
    ...toOptions(WRONG_HEADERS, (headers) => ({ headers })),
  ]),
};

/** Names of no model. */
export const WRONG_MODELS: readonly string[] = [
  "river-0",
  "__proto__",
  "constructor",
  "toString",
  " ",
  "../../admin",
  "river\r\nx: 1",
];

/** Pictures that no protocol carries. */
export const WRONG_PICTURES: Table<ChatInput> = Object.fromEntries(
  toOptions<unknown, ChatInput>(
    {
      "a file": `file:///${WRONG}`,
      "no base64": `${WRONG}!`,
      "a script": `javascript:${WRONG}`,
      "the bytes of SVG": new TextEncoder().encode(`<svg>${WRONG}</svg>`),
      "no bytes": new Uint8Array(),
    },
    (image) => toInput([{ type: "text", text: "?" }, { type: "image", image }]),
  ),
);
