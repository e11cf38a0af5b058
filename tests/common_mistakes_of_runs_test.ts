// What people get wrong at first where they ask, plain JavaScript among it, and
// what they are told to do about it.
import { assertRejects } from "@std/assert";
import { createCohereC4aiCommand } from "../mod.ts";
import { runTools } from "../tools/mod.ts";
import { amigoChat, ask, call, create, testMistakes } from "./_mistakes.ts";

/** Asks for an answer to this. */
const say = (...args: unknown[]) => call(create().generate, ...args);

/** Asks with a part of a message. */
const show = (part: unknown) => say([{ role: "user", content: [part] }]);

/** Never answers. */
const hang = (_: unknown, { signal }: RequestInit) =>
  new Promise((_resolve, reject) =>
    signal?.addEventListener("abort", () => reject(signal.reason))
  );

testMistakes({
  // What is asked
  "a message is not in a list": [
    () => say({ role: "user", content: "Hi" }),
    'a list of messages, such as [{ role: "user", content: "Hi" }]',
  ],
  "messages are given as at OpenAI": [
    () => say({ model: "gpt-4o", messages: [{ role: "user", content: "Hi" }] }),
    'a list of messages, such as [{ role: "user", content: "Hi" }]',
  ],
  "messages are texts": [
    () => say(["Hi"]),
    "messages[0] is not valid: expected { role, content }",
  ],
  "a role is wrong": [
    () => say([{ role: "human", content: "Hi" }]),
    'expected "system", "user", "assistant" or "tool"',
  ],
  "the system prompt is an option": [
    () => say("Hi", { system: "Be brief" }),
    'option "system" is a message: { role: "system", content }',
  ],
  "the prompt is a promise": [
    () => say(Promise.resolve("Hi")),
    'and not a promise: "await" it',
  ],
  "a content is a promise": [
    () => say([{ role: "user", content: Promise.resolve("Hi") }]),
    'and not a promise: "await" it',
  ],
  "the options are a promise": [
    () => say("Hi", Promise.resolve({})),
    'and not a promise: "await" it',
  ],
  "a picture is a path": [
    () => show({ type: "image", image: "./cat.png" }),
    "nor base64 text: give the bytes of a file",
  ],
  "the bytes of a picture are a promise": [
    () => show({ type: "image", image: Promise.resolve(new Uint8Array(1)) }),
    'and not a promise: "await" it',
  ],
  "a picture is given as at OpenAI": [
    () =>
      show({ type: "image_url", image_url: { url: "https://a.example/b" } }),
    'expected { type: "text", text } or { type: "image", image }',
  ],
  // How it is asked
  "an option is misspelt": [
    () => say("Hi", { tempature: 1 }),
    'option "tempature" is unknown: did you mean "temperature"?',
  ],
  "an option has the name of OpenAI's": [
    () => say("Hi", { max_completion_tokens: 9 }),
    'did you mean "maxTokens"?',
  ],
  "an option has the name of the AI SDK's": [
    () => say("Hi", { abortSignal: AbortSignal.abort() }),
    'did you mean "signal"?',
  ],
  "an option does not exist": [
    () => say("Hi", { n: 2 }),
    'option "n" is unknown: it is none of "signal", "headers", "timeouts"',
  ],
  "the controller is given for its signal": [
    () => say("Hi", { signal: new AbortController() }),
    'option "signal" is not valid: expected an AbortSignal',
  ],
  "times are in seconds": [
    () => ask({ fetch: hang, timeouts: { headers: 30 } }),
    'headers took more than 30 ms: "timeouts" are in milliseconds',
  ],
  "all times are one number": [
    () => say("Hi", { timeouts: 30_000 }),
    'expected an object of "headers", "firstToken", "idle", "total"',
  ],
  // With tools
  "an option of a run with tools is misspelt": [
    () => call(runTools, amigoChat, "Hi", { maxStep: 3 }).text(),
    'ption "maxStep" is unknown: did you mean "maxSteps"?',
  ],
  "an option of a run with tools does not exist": [
    () => call(runTools, amigoChat, "Hi", { n: 2 }).text(),
    '"extraBody", "maxSteps"',
  ],
  "tools are an object": [
    () => call(runTools, amigoChat, "Hi", { tools: {} }).text(),
    'ption "tools" is not valid: expected a list of tools',
  ],
  // What becomes of it
  "a stream is read twice": [
    async () => {
      const stream = amigoChat.stream("Hi");
      await stream.text();
      await stream.textStream().cancel();
    },
    "it is read by result(), and each call of stream() gives another",
  ],
  "a stream is read after it was cancelled": [
    async () => {
      const stream = amigoChat.stream("Hi");
      await stream.cancel();
      await stream.text();
    },
    "The stream was closed",
  ],
  "a stream is read after its signal": [
    () => amigoChat.stream("Hi", { signal: AbortSignal.abort() }).text(),
    "The signal has been aborted",
  ],
  "a conversation is of another provider": [
    () => say("Hi", { conversation: { provider: "AmigoChat" } }),
    "belongs to another provider or server: send its messages",
  ],
  "a result is given for its conversation": [
    () =>
      call(createCohereC4aiCommand().generate, "Hi", {
        conversation: { text: "Hi", conversation: {} },
      }),
    'it is what "conversation" of a result holds',
  ],
});

Deno.test("types tell where an await is missing, or the wrong method is called", () => {
  const answer = amigoChat.generate("Hi", { signal: AbortSignal.abort() });
  // @ts-expect-error a promise has no text
  void answer.text;
  // @ts-expect-error a result is no stream
  void answer[Symbol.asyncIterator];
  return assertRejects(() => answer).then(() => {});
});
