import { Buffer } from "node:buffer";
import { runInNewContext } from "node:vm";
import {
  assert,
  assertEquals,
  assertNotStrictEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { ProviderError } from "../../../core/chat/errors.ts";
import { readInput } from "../../../core/run/input.ts";
import { withOuterRun } from "../../../core/run/outer_run.ts";
import { toProviderConfig } from "../../../core/http/provider_config.ts";
import type {
  ChatInput,
  ChatOptions,
  ContentPart,
} from "../../../core/chat/types.ts";

const { limits } = toProviderConfig({}, "https://chat.example");

/** Says why an input is refused. */
function refuse(input: unknown, options: unknown = {}): string {
  const error = assertThrows(
    () => readInput(input as ChatInput, options as ChatOptions, limits),
    ProviderError,
  );
  assertEquals(error.code, "invalid-request");
  return error.message;
}

function readPart(part: ContentPart): unknown {
  const { messages } = readInput(
    [{ role: "user", content: [part] }],
    {},
    limits,
  );
  const [message] = messages;
  return typeof message?.content === "string" ? undefined : message?.content[0];
}

Deno.test("readInput() checks options once, but each copy of them anew", () => {
  const options = withOuterRun({ temperature: 9 }, {});
  assertEquals(readInput("Hi", options, limits).options, options);
  assertStringIncludes(refuse("Hi", { ...options }), "temperature");
});

Deno.test("readInput() takes a string for one user message", () => {
  assertEquals(readInput("Hi", {}, limits).messages, [
    { role: "user", content: "Hi" },
  ]);
});

Deno.test("readInput() takes a copy that the caller cannot change", () => {
  const messages = [{ role: "user" as const, content: "Hi" }];
  const options = { temperature: 1 };
  const read = readInput(messages, options, limits);
  messages.push({ role: "user", content: "Ho" });
  options.temperature = 2;
  assertEquals(read.messages.length, 1);
  assertNotStrictEquals(read.options, options);
  assertEquals(read.options.temperature, 1);
});

Deno.test("readInput() makes text well-formed [V06]", () => {
  const part = readPart({ type: "text", text: "a\udc00" });
  assertEquals(part, { type: "text", text: "a\ufffd" });
});

Deno.test("readInput() keeps pictures as they are", () => {
  const bytes = new Uint8Array([1]);
  for (const image of ["AQID", new URL("https://pictures.example/a"), bytes]) {
    assertEquals(readPart({ type: "image", image }), { type: "image", image });
  }
  const part = { type: "image", image: bytes, mediaType: "image/x" } as const;
  assertEquals(readPart(part), part);
});

Deno.test("readInput() refuses parts that are none, without repeating them", () => {
  for (
    const part of [
      { type: "image", image: "" },
      { type: "image", image: 5 },
      { type: "image", image: "AQID", mediaType: "text/secret" },
      { type: "text", text: 5 },
      { type: "audio", text: "secret" },
      "secret",
      null,
    ]
  ) {
    const message = refuse([{ role: "user", content: [part] }]);
    assertStringIncludes(message, "messages[0].content[0]");
    assert(!message.includes("secret"));
  }
});

Deno.test("readInput() refuses messages without content or of other shapes", () => {
  for (
    const input of [
      [],
      {},
      null,
      5,
      [{ role: "user" }],
      [{ content: "x" }],
      [
        { role: "user", content: [] },
      ],
      [{ role: "user", content: [{ type: "audio" }] }],
    ]
  ) assertStringIncludes(refuse(input), "messages");
  assertStringIncludes(refuse(""), "Prompt is empty");
});

Deno.test("readInput() refuses what is too long or too much [V09]", () => {
  const longest = "x".repeat(limits.promptLength);
  assertEquals(readInput(longest, {}, limits).messages.length, 1);
  refuse(`${longest}x`);
  refuse([
    { role: "user", content: longest },
    { role: "user", content: [{ type: "text", text: "x" }] },
  ]);
  const message = { role: "user" as const, content: "x" };
  const most = Array(limits.messages).fill(message);
  assertEquals(readInput(most, {}, limits).messages.length, limits.messages);
  refuse([...most, message]);
});

Deno.test("readInput() takes settings up to their bounds", () => {
  const bounds = {
    temperature: [0, 2],
    topP: [0, 1],
    frequencyPenalty: [-2, 2],
    presencePenalty: [-2, 2],
    maxTokens: [1, Number.MAX_SAFE_INTEGER],
  };
  for (const [name, [from = 0, to = 0]] of Object.entries(bounds)) {
    const read = (value: unknown) => readInput("x", { [name]: value }, limits);
    assertEquals(read(from).options, { [name]: from });
    assertEquals(read(to).options, { [name]: to });
    for (const wrong of [from - 1, to + 1, NaN, "1", null, Infinity]) {
      assertStringIncludes(refuse("x", { [name]: wrong }), name);
    }
  }
});

Deno.test("readInput() refuses clocks that are no positive number, and takes null [M08]", () => {
  const options = { timeouts: { idle: null, total: 1 } };
  assertEquals(readInput("x", options, limits).options, options);
  for (const idle of [0, -1, NaN, Infinity, 2 ** 31]) {
    assertStringIncludes(refuse("x", { timeouts: { idle } }), "timeouts.idle");
  }
  assertStringIncludes(refuse("x", { timeouts: { idel: 1 } }), "timeouts.idel");
});

Deno.test("readInput() refuses lists with holes", () => {
  const message = { role: "user", content: "x" };
  assertStringIncludes(
    refuse(Object.assign(Array(3), { 0: message })),
    "messages[1]",
  );
  const content = Object.assign(Array(2), { 0: { type: "text", text: "x" } });
  assertStringIncludes(refuse([{ role: "user", content }]), "content[1]");
});

Deno.test("readInput() takes pictures and signals of another realm, and copies them", () => {
  const context = { Buffer, URL, AbortController };
  const bytes = runInNewContext("new Uint8Array([1, 2])", context);
  const url = new URL("https://pictures.example/1.png");
  const buffer = Buffer.from([3, 4]);
  const content = [bytes, url, buffer]
    .map((image) => ({ type: "image" as const, image }));
  const { signal } = new AbortController();
  const foreign = {
    aborted: false,
    throwIfAborted() {},
    addEventListener: signal.addEventListener.bind(signal),
  };
  const { messages: [message] } = readInput(
    [{ role: "user", content }],
    { signal: foreign as AbortSignal },
    limits,
  );
  bytes.fill(0);
  buffer.fill(0);
  url.pathname = "/2.png";
  assertEquals(message?.content, [
    { type: "image", image: new Uint8Array([1, 2]) },
    { type: "image", image: new URL("https://pictures.example/1.png") },
    { type: "image", image: new Uint8Array([3, 4]) },
  ]);
});
