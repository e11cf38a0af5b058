import type {
  ChatInput,
  ChatOptions,
  ErrorCode,
  Message,
  ProviderError,
  ProviderOptions,
} from "@parley/chat";
import { check, checkEquals } from "./check.ts";
import { catchError, isProviderError, readAll } from "./ending.ts";
import { checkClean } from "./logs.ts";
import type { CaseDefinition, ConformanceTarget } from "./target.ts";
import { createFixture, PROMPT, TEXT } from "./fixture.ts";
import { NO_TIMEOUTS } from "./waiting.ts";
import {
  WRONG,
  WRONG_INPUTS,
  WRONG_MODELS,
  WRONG_OPTIONS,
  WRONG_PICTURES,
  WRONG_PROVIDER_OPTIONS,
} from "./wrong_input.ts";

/** What is asked, and how. */
interface Question {
  readonly input?: ChatInput | undefined;
  readonly options?: ChatOptions | undefined;
}

/** Checks that a provider refuses before it sends anything. */
async function checkRefused(
  target: ConformanceTarget,
  what: string,
  { input = PROMPT, options }: Question,
  codes: readonly ErrorCode[] = ["invalid-request"],
): Promise<void> {
  const fixture = await createFixture(target);
  // Wrong input rejects the first read: that alone must not throw.
  const stream = fixture.stream(options, input);
  const { events, error } = await readAll(stream);
  check(error !== undefined, `It takes ${what}`);
  check(codes.includes(error.code), `It calls ${what} "${error.code}"`);
  checkEquals(events, [], `What it says to ${what}`);
  checkEquals(fixture.requests.length, 0, `The number of requests for ${what}`);
  checkEquals(error.retryable, false, `What it advises after ${what}`);
  checkClean(error, [WRONG], `the error for ${what}`);
  checkEquals(fixture.clock.timers, 0, `The number of timers after ${what}`);
}

/** What a provider that is made with wrong options throws, then or later. */
async function catchCreateError(
  target: ConformanceTarget,
  provider: ProviderOptions,
  requests: string[],
): Promise<ProviderError | undefined> {
  try {
    const { stream } = target.create({
      fetch: (input) => {
        requests.push(String(input));
        return Promise.resolve(new Response("no", { status: 400 }));
      },
      ...provider,
    });
    return await catchError(stream(PROMPT, target.options).result());
  } catch (error) {
    check(isProviderError(error), `It throws ${String(error)}`);
    return error;
  }
}

/** Settings at the borders of what they may be. */
const EXTREME_OPTIONS: readonly ChatOptions[] = [
  { temperature: 0, topP: 0, maxTokens: 1_000, frequencyPenalty: -2 },
  { temperature: 2, topP: 1, presencePenalty: 2, frequencyPenalty: 2 },
  { temperature: undefined, model: undefined, signal: undefined },
  { timeouts: { headers: 1, total: 2 ** 31 - 1 }, maxRetries: 0 },
  { timeouts: NO_TIMEOUTS, maxRetryDelay: 0 },
  { headers: { "x-a": "ü", "x-b": "" }, maxRetries: 100 },
  { headers: new Headers({ "x-a": "1" }) },
  { headers: [["x-a", "1"], ["x-b", "2"]] },
];

/** A chat of a kind that many programs keep. */
const CHAT: readonly Message[] = [
  { role: "system", content: "Be brief" },
  { role: "user", content: [{ type: "text", text: "Hello" }] },
  { role: "assistant", content: "Good day" },
  { role: "user", content: PROMPT },
];

/** What is wrong is refused before anything is sent; the rest is not. */
export const CLOSED_DOOR_CASES: readonly CaseDefinition[] = [
  {
    name: "sends nothing for input that is none [V01] [V02] [V09]",
    async run(target) {
      for (const [what, input] of Object.entries(WRONG_INPUTS)) {
        await checkRefused(target, what, { input });
      }
    },
  },
  {
    name: "sends nothing for options that are none [V04] [V11] [M08]",
    async run(target) {
      for (const [what, options] of Object.entries(WRONG_OPTIONS)) {
        await checkRefused(target, what, { options });
      }
    },
  },
  {
    name: "sends nothing for a model that it does not know [V03]",
    concerns: ({ takesAnyModel = false }) => !takesAnyModel,
    async run(target) {
      for (const model of WRONG_MODELS) {
        await checkRefused(
          target,
          `the model "${model}"`,
          { options: { model } },
          ["unknown-model"],
        );
      }
    },
  },
  {
    name: "sends nothing for a picture that it cannot send",
    async run(target) {
      for (const [what, input] of Object.entries(WRONG_PICTURES)) {
        await checkRefused(target, what, { input }, [
          "invalid-request",
          "unsupported",
        ]);
      }
    },
  },
  {
    name: "sends nothing where it is made with wrong options [V08] [V12]",
    async run(target) {
      for (const [what, provider] of Object.entries(WRONG_PROVIDER_OPTIONS)) {
        const requests: string[] = [];
        const error = await catchCreateError(target, provider, requests);
        checkEquals(error?.code, "invalid-request", `What it calls ${what}`);
        checkEquals(requests, [], `What it asks in spite of ${what}`);
        checkClean(error, [WRONG], `the error for ${what}`);
      }
    },
  },
  {
    name: "takes what is at the border of what is right",
    async run(target) {
      for (const options of EXTREME_OPTIONS) {
        for (const input of [PROMPT, CHAT]) {
          const { stream } = await createFixture(target);
          const { text, error } = await readAll(stream(options, input));
          const what = JSON.stringify(options);
          checkEquals(error, undefined, `The error for ${what}`);
          checkEquals(text, TEXT, `The text for ${what}`);
        }
      }
    },
  },
];
