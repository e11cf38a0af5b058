import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  type ChatOptions,
  createAiChats,
  createOpenAiCompatible,
  ProviderError,
  type ProviderOptions,
} from "../../../mod.ts";
import { createCheck, integer } from "../../../core/chat/option_schemas.ts";

const baseUrl = "http://127.0.0.1:1";

/** What users read, by what they set. */
const WRONG_OPTIONS: readonly (readonly [options: object, message: string])[] =
  [
    [
      { baseURL: baseUrl },
      'Option "baseURL" is unknown: did you mean "baseUrl"?',
    ],
    [
      { apikey: "secret" },
      'Option "apikey" is unknown: did you mean "apiKey"?',
    ],
    [{ toString: 1 }, 'Option "toString" is unknown'],
    [{ __secret: undefined }, 'Option "__secret" is unknown'],
    [
      { timeouts: { firstTokn: 1 } },
      'Option "timeouts.firstTokn" is unknown: did you mean "firstToken"?',
    ],
    [
      { timeouts: { idle: 0 } },
      'Option "timeouts.idle" is not valid: expected milliseconds above 0, or null',
    ],
    [
      { timeouts: "secret" },
      'Option "timeouts" is not valid: expected an object',
    ],
    [
      { limits: { imageBytes: 0.5 } },
      'Option "limits.imageBytes" is not valid: expected a whole number from 1',
    ],
    [
      { maxRetries: "secret" },
      'Option "maxRetries" is not valid: expected a whole number from 0',
    ],
    [{ fetch: "secret" }, 'Option "fetch" is not valid: expected a function'],
    [
      { allowPrivateUrls: "secret" },
      'Option "allowPrivateUrls" is not valid: expected true or false',
    ],
    [
      { apiKey: "secret\n" },
      'Option "apiKey" is not valid: expected a key',
    ],
    [{ models: [] }, 'Option "models" is not valid: expected model ids'],
    [{ models: [""] }, 'Option "models" is not valid: expected model ids'],
    [
      { clock: { now: () => 0 } },
      'Option "clock" is not valid: expected a clock',
    ],
  ];

Deno.test("a provider says which option is wrong, and not its value [V04] [V05]", () => {
  for (const [options, message] of WRONG_OPTIONS) {
    const error = assertThrows(
      () => createAiChats(options as ProviderOptions),
      ProviderError,
    );
    assertEquals(error.code, "invalid-request");
    // What it may be comes after it.
    assert(error.message.startsWith(message), error.message);
  }
});

/** The same of a run. */
const WRONG_RUN_OPTIONS: typeof WRONG_OPTIONS = [
  [
    { temprature: 1 },
    'Option "temprature" is unknown: did you mean "temperature"?',
  ],
  [
    { max_tokens: 1 },
    'Option "max_tokens" is unknown: did you mean "maxTokens"?',
  ],
  [
    { temperature: NaN },
    'Option "temperature" is not valid: expected a number from 0 to 2',
  ],
  [
    { maxTokens: 2 ** 53 },
    'Option "maxTokens" is not valid: expected a whole number from 1',
  ],
  [{ model: 5 }, 'Option "model" is not valid: expected a string'],
  [
    { signal: "secret" },
    'Option "signal" is not valid: expected an AbortSignal',
  ],
];

Deno.test("a run says which option is wrong, and not its value [V04] [V05]", async () => {
  const provider = createAiChats({ baseUrl });
  for (const [options, message] of WRONG_RUN_OPTIONS) {
    const error = await assertRejects(
      () => provider.generate("Hello", options as ChatOptions),
      ProviderError,
    );
    assertEquals(
      [error.code, error.message],
      ["invalid-request", `Cannot stream from "AiChats": o${message.slice(1)}`],
    );
  }
});

Deno.test("servers like OpenAI's have options of their own, and their models, too", async () => {
  assertThrows(
    () =>
      createOpenAiCompatible({
        baseUrl,
        compat: { maxTokenField: "max_tokens" } as object,
      }),
    ProviderError,
    'Option "compat.maxTokenField" is unknown: did you mean "maxTokensField"?',
  );
  const server = createOpenAiCompatible({ baseUrl });
  await assertRejects(
    () => server.listModels({ temperature: 1 } as object),
    ProviderError,
    'Option "temperature" is unknown',
  );
});

Deno.test("createCheck() takes undefined for absent, and nothing for options that are none", () => {
  const check = createCheck(() => ({ count: integer(1) }));
  for (const options of [{}, { count: undefined }, { count: 1 }]) {
    check(options);
  }
  const wrong = [null, undefined, [], "x", 5, Object.create({ count: "x" })];
  for (const options of wrong) {
    assertThrows(() => check(options), ProviderError);
  }
  for (const count of [NaN, Infinity, "1", null, 1n, [1], 0, 1.5, 2 ** 53]) {
    assertThrows(() => check({ count }), ProviderError);
  }
});
