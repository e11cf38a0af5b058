import type { ChatInput, ChatOptions, ProviderOptions } from "../../mod.ts";
import { decodeBase64 } from "../../core/streams/base64.ts";
import { pickRandom, randomInt } from "../_random.ts";
import { mutate } from "./_mutate.ts";
import { randomJson } from "./_random_json.ts";

const GIF = decodeBase64("R0lGODlhAQABAAAAACw=");

const PROVIDER_OPTIONS: ProviderOptions = {
  baseUrl: "https://chat.example/prefix",
  apiKey: "sk-1",
  headers: { "x-a": "1", cookie: "a=b" },
  proxy: "http://name:word@proxy.example:8080",
  models: ["gpt-4", "gpt-4o-mini", "llama", "command-r", "dalle", "dall-e-3"],
  timeouts: { headers: 1_000, firstToken: 2_000, idle: null, total: 9_000 },
  maxRetries: 1,
  allowPrivateUrls: true,
  limits: {
    eventLength: 5_000,
    errorBytes: 100,
    imageBytes: 1_000,
    promptLength: 100,
    messages: 5,
  },
};

const CHAT_OPTIONS: ChatOptions = {
  temperature: 0.5,
  topP: 1,
  maxTokens: 5,
  frequencyPenalty: 0,
  presencePenalty: -2,
  headers: [["x-b", "2"]],
  timeouts: { total: 5_000 },
  maxRetries: 0,
  conversation: {
    version: 1,
    provider: "CohereForAI_C4AI_Command",
    origin: "https://chat.example",
    id: "65f0a1b2c3d4e5f601234567",
    model: "command-r",
    systemPrompt: "",
    cookies: { "hf-chat": "1" },
  },
};

const INPUTS: readonly ChatInput[] = [
  "Hello",
  [{ role: "user", content: "Hello" }],
  [
    { role: "system", content: "Be brief" },
    { role: "user", content: [{ type: "text", text: "Hi" }] },
    { role: "assistant", content: "Yes?" },
    { role: "user", content: "Bye" },
  ],
  [{
    role: "user",
    content: [
      { type: "text", text: "What is it?" },
      { type: "image", image: GIF, mediaType: "image/gif" },
      { type: "image", image: new URL("https://pictures.example/1.gif") },
      { type: "image", image: "R0lGODlhAQABAAAAACw=" },
    ],
  }],
];

/** Values that are no JSON, as they come from callers without types. */
const OTHERS: readonly (() => unknown)[] = [
  () => undefined,
  () => NaN,
  () => Infinity,
  () => 10n,
  () => Symbol("a"),
  () => () => {},
  () => new Date(NaN),
  () => new Map([["x-c", "3"]]),
  () => new Set(["x-c"]),
  () => new Headers({ "x-d": "4" }),
  () => new Uint8Array([0xff, 0xd8, 0xff]),
  () => new URL("https://other.example/a/b/"),
  () => new AbortController().signal,
  () => Object.create(null),
  () => /a/,
];

function randomValue(random: () => number): unknown {
  return randomInt(random, 3) === 0
    ? pickRandom(random, OTHERS)()
    : randomJson(random, 2);
}

/** Changes a value of a caller in every third case. */
function vary<T>(value: T, random: () => number): T {
  if (randomInt(random, 3) > 0) return value;
  // The types say what callers should do; this is what they may do.
  return mutate(value, random, randomValue) as T;
}

/** Leaves out some properties, for all of them are seldom valid together. */
function thin<T extends object>(value: T, random: () => number): T {
  return Object.fromEntries(
    Object.entries(value).filter(() => randomInt(random, 3) === 0),
  ) as T;
}

/** Makes options of a provider, without what they may inject. */
export function randomProviderOptions(random: () => number): ProviderOptions {
  return vary(thin(PROVIDER_OPTIONS, random), random);
}

/** Makes options of a run. */
export function randomChatOptions(random: () => number): ChatOptions {
  return vary(thin(CHAT_OPTIONS, random), random);
}

/** Makes the input of a run. */
export function randomInput(random: () => number): ChatInput {
  return vary(pickRandom(random, INPUTS), random);
}
