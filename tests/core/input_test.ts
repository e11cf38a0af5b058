import {
  assert,
  assertEquals,
  assertGreater,
  assertNotStrictEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { ProviderError } from "../../core/errors.ts";
import { readInput } from "../../core/input.ts";
import type { ProviderOptions } from "../../core/provider_options.ts";
import { toSettings } from "../../core/settings.ts";
import type { ChatInput, ChatOptions, ContentPart } from "../../core/types.ts";
import { createAiChats } from "../../providers/ai_chats.ts";
import { createAmigoChat } from "../../providers/amigo_chat.ts";
import { createAutonomousAi } from "../../providers/autonomous_ai.ts";
import { createCohereC4aiCommand } from "../../providers/cohere_c4ai_command.ts";
import { FakeClock } from "../_fake_clock.ts";
import { createFetch } from "../_scope.ts";
import { readVectors } from "../_vectors.ts";

interface Vectors {
  readonly cases: readonly {
    readonly name: string;
    readonly input?: unknown;
    readonly options?: unknown;
    readonly provider?: unknown;
    readonly code?: string;
    readonly mentions?: string;
  }[];
}

const { cases } = await readVectors<Vectors>("inputs");
const PROVIDERS = {
  createAiChats,
  createAmigoChat,
  createAutonomousAi,
  createCohereC4aiCommand,
};
const { limits } = toSettings({}, "https://chat.example");

const cyclic: unknown[] = [];
cyclic.push(cyclic);
const VALUES: Readonly<Record<string, unknown>> = {
  "nan": NaN,
  "inf": Infinity,
  "undefined": undefined,
  "lone-high": "\ud83d",
  "cyclic": cyclic,
  "x*2MiB": "x".repeat(2 * 1024 * 1024),
};

/** Puts values in that JSON has no word for. */
function revive(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(revive);
  if ("$" in value) return VALUES[String(value.$)];
  return Object.fromEntries(
    Object.entries(value).map(([key, value]) => [key, revive(value)]),
  );
}

/** Which faults of the catalogue a case is about. */
const FAULTS: Readonly<Record<string, string>> = {
  "messages-missing": " [V01]",
  "content-empty": " [V01]",
  "role-proto": " [V02]",
  "role-case": " [V02]",
  "content-lone-high-surrogate": " [V06]",
  "unknown-model": " [V03]",
  "temperature-nan": " [V04]",
  "temperature-inf": " [V04]",
  "timeout-nan": " [M08]",
  "timeout-string": " [M08]",
  "unknown-option": " [V11]",
  "cyclic-option": " [V05]",
  "api-key-nul": " [V08]",
  "api-key-non-latin1": " [V08]",
  "api-key-outer-space": " [V08]",
  "header-proto": " [C05]",
  "state-id-traversal": " [C04] [C08]",
  "state-id-query": " [C04] [C08]",
  "state-cookie-crlf": " [C04] [C16]",
  "state-other-provider": " [C13]",
  "state-other-origin": " [C13]",
  "state-huge": " [C04]",
};

for (const { name, code, mentions = "", ...given } of cases) {
  Deno.test(`readInput() keeps the door ${code ? "closed" : "open"}: ${name}${FAULTS[name] ?? ""}`, async () => {
    for (const [provider, create] of Object.entries(PROVIDERS)) {
      const { fetch, requests } = createFetch(() =>
        new Response("", { status: 500 })
      );
      try {
        await create({
          baseUrl: "https://chat.example",
          clock: new FakeClock(),
          maxRetries: 0,
          fetch,
          ...revive(given.provider ?? {}) as ProviderOptions,
        }).generate(
          revive("input" in given ? given.input : "hi") as ChatInput,
          revive(given.options ?? {}) as ChatOptions,
        );
      } catch (error) {
        assert(error instanceof ProviderError);
        assertEquals(error.code, code ?? "upstream", provider);
        assertStringIncludes(error.message, mentions);
      }
      if (code === undefined) assertGreater(requests.length, 0);
      else assertEquals(requests.length, 0, provider);
    }
  });
}

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
