import { assert, assertEquals } from "@std/assert";
import { ProviderError, type Usage } from "@parley/chat";
import type { ChatEvent } from "../../../../core/chat/events.ts";
import { toCompletionUsage } from "../../chat/usage.ts";
import { createAutonomousAi } from "@parley/chat";
import {
  createAutonomousAiUpstream,
  createFaultyUpstream,
  FakeClock,
} from "@parley/testing";
import { FINISH, toTextEvent } from "../../../../tests/_parrot.ts";
import {
  ANSWER,
  ask,
  createParrotGateway,
  open,
  readError,
  say,
} from "../_gateway.ts";

Deno.test("an answer in one piece is framed exactly as OpenAI's", async () => {
  const usage = { inputTokens: 3, outputTokens: 2, totalTokens: 5 };
  const gateway = say(
    [...ANSWER.slice(0, 2), { type: "usage", usage }, FINISH],
    {
      clock: new FakeClock(1_700_000_000_500),
      randomUuid: () => "6f1c1f2e-0000-4000-8000-000000000001",
    },
  );
  const response = await ask(gateway);
  assertEquals(response.status, 200);
  assertEquals(response.headers.get("content-type"), "application/json");
  assertEquals(await response.json(), {
    id: "chatcmpl-6f1c1f2e000040008000000000000001",
    object: "chat.completion",
    created: 1_700_000_000,
    model: "Parrot/grey",
    choices: [{
      index: 0,
      message: { role: "assistant", content: "Good day", refusal: null },
      logprobs: null,
      finish_reason: "stop",
    }],
    usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 },
  });
});

Deno.test("an answer in one piece has its reasoning and who really answered", async () => {
  const events: ChatEvent[] = [
    { type: "route", provider: "Other", model: "blue" },
    { type: "reasoning", text: "Hmm" },
    toTextEvent("Good day"),
    { ...FINISH, provider: "Other", model: "blue" } as ChatEvent,
  ];
  const { model, choices } = await (await ask(say(events))).json();
  assertEquals(model, "Other/blue");
  assertEquals(choices[0].message.reasoning_content, "Hmm");
});

Deno.test("an answer in one piece may begin anew", async () => {
  const restart: ChatEvent = {
    type: "restart",
    discard: 3,
    reason: "network",
    provider: "Other",
    model: "blue",
  };
  const gateway = say([toTextEvent("Bad"), restart, ...ANSWER]);
  const { choices } = await (await ask(gateway)).json();
  assertEquals(choices[0].message.content, "Good day");
});

Deno.test("an answer in one piece is the final text", async () => {
  const gateway = say([
    toTextEvent("Good"),
    { type: "finish", reason: "stop", text: "Bad day" },
  ]);
  const { choices } = await (await ask(gateway)).json();
  assertEquals(choices[0].message.content, "Bad day");
});

Deno.test("an answer that is cut is a 502, and nothing of it is told [W24]", async () => {
  const upstream = createFaultyUpstream(
    createAutonomousAiUpstream({ answer: () => "One two three four" }),
    { faults: [{ type: "cut", after: { events: 3 } }] },
  );
  const provider = createAutonomousAi({ fetch: upstream.fetch, maxRetries: 0 });
  const response = await ask(open({ providers: [provider] }), {
    model: "llama",
  });
  assertEquals(response.status, 502);
  const text = await response.text();
  assertEquals(JSON.parse(text).error.code, "incomplete");
  assert(!text.includes("One"), text);
});

Deno.test("an answer that is too large is a 502 [W24]", async () => {
  const provider = createAutonomousAi({
    fetch: createAutonomousAiUpstream({ answer: () => ["x".repeat(5_000)] })
      .fetch,
    limits: { eventLength: 1_000 },
  });
  const response = await ask(open({ providers: [provider] }), {
    model: "llama",
  });
  assertEquals(response.status, 502);
  assertEquals((await readError(response)).code, "too_large");
});

for (
  const [usage, expected] of [
    [
      { inputTokens: 7, outputTokens: 3, totalTokens: 12 },
      { prompt_tokens: 7, completion_tokens: 3, total_tokens: 12 },
    ],
    [
      { inputTokens: 7, outputTokens: 3 },
      { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 },
    ],
    [
      { outputTokens: 3, totalTokens: 99 },
      {
        prompt_tokens: 3,
        completion_tokens: 3,
        total_tokens: 6,
        estimated: true,
      },
    ],
    [
      { inputTokens: -7, outputTokens: Infinity, totalTokens: 0.5 },
      {
        prompt_tokens: 3,
        completion_tokens: 2,
        total_tokens: 5,
        estimated: true,
      },
    ],
    [
      undefined,
      {
        prompt_tokens: 3,
        completion_tokens: 2,
        total_tokens: 5,
        estimated: true,
      },
    ],
  ] as const satisfies [Usage | undefined, unknown][]
) {
  Deno.test(`toCompletionUsage() of ${JSON.stringify(usage)} estimates what is missing`, () => {
    const lengths = { input: 9, output: 8 };
    assertEquals(toCompletionUsage(usage, lengths), expected);
  });
}

Deno.test("an error of one piece is told with its status", async () => {
  // deno-lint-ignore require-yield
  const gateway = createParrotGateway(async function* () {
    throw new ProviderError("No", { code: "timeout", phase: "idle" });
  });
  const response = await ask(gateway);
  assertEquals(response.status, 504);
  assertEquals(await readError(response), {
    message: 'Cannot stream from "Parrot": no',
    type: "server_error",
    param: null,
    code: "timeout",
  });
});
