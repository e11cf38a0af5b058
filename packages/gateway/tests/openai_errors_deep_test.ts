// OpenAI's own client meets every error.
import { assertEquals, assertRejects } from "@std/assert";
import OpenAI from "openai";
import {
  createAutonomousAi,
  type ErrorCode,
  ProviderError,
} from "@parley/chat";
import { createAutonomousAiUpstream } from "@parley/testing";
import { createGateway } from "../mod.ts";
import { ANSWER, createParrotGateway, open, say } from "./_gateway.ts";
import { CHAT, createOpenAi } from "./_openai.ts";

/** A gateway whose provider fails so many times, and then answers. */
function createFailing(code: ErrorCode, times = Infinity) {
  const asked = { count: 0 };
  const gateway = createParrotGateway(async function* () {
    if (asked.count++ < times) {
      throw new ProviderError("No", { code, retryAfter: 0 });
    }
    yield ANSWER;
  });
  return { gateway, asked };
}

const CLASSES = [
  ["invalid-request", OpenAI.BadRequestError, 400, null],
  ["unsupported", OpenAI.BadRequestError, 400, "unsupported_value"],
  ["context-length", OpenAI.BadRequestError, 400, "context_length_exceeded"],
  ["content-filter", OpenAI.BadRequestError, 400, "content_policy_violation"],
  ["unknown-model", OpenAI.NotFoundError, 404, "model_not_found"],
  ["conflict", OpenAI.ConflictError, 409, "conflict"],
  [
    "conversation-expired",
    OpenAI.UnprocessableEntityError,
    422,
    "invalid_conversation",
  ],
  ["rate-limit", OpenAI.RateLimitError, 429, "rate_limit_exceeded"],
  ["upstream", OpenAI.InternalServerError, 502, "upstream_error"],
  ["timeout", OpenAI.InternalServerError, 504, "timeout"],
] as const;

for (const [code, type, status, told] of CLASSES) {
  for (const stream of [true, false]) {
    Deno.test(`openai takes ${code} for ${type.name}, stream: ${stream}`, async () => {
      await using client = createOpenAi(createFailing(code).gateway);
      const error = await assertRejects(
        () => client.openai.chat.completions.create({ ...CHAT, stream }),
        type,
      );
      assertEquals([error.status, error.code], [status, told]);
      assertEquals(typeof error.requestID, "string");
    });
  }
}

Deno.test("openai is told which field is wrong", async () => {
  await using client = createOpenAi(say(ANSWER));
  const error = await assertRejects(
    () => client.openai.chat.completions.create({ ...CHAT, temperature: 9 }),
    OpenAI.BadRequestError,
  );
  assertEquals([error.param, error.code], ["temperature", "invalid_value"]);
});

Deno.test("openai without the right key is not let in", async () => {
  const upstream = createAutonomousAiUpstream();
  const provider = createAutonomousAi({ fetch: upstream.fetch });
  const gateway = createGateway({ providers: [provider], apiKeys: ["right"] });
  await using client = createOpenAi(gateway, { apiKey: "wrong" });
  const error = await assertRejects(
    () => client.openai.chat.completions.create({ ...CHAT, model: "llama" }),
    OpenAI.AuthenticationError,
  );
  assertEquals([error.code, upstream.requests.length], ["invalid_api_key", 0]);
});

for (const code of ["rate-limit", "upstream", "conflict"] as const) {
  Deno.test(`openai asks again after ${code}`, async () => {
    const { gateway, asked } = createFailing(code, 1);
    await using client = createOpenAi(gateway, { maxRetries: 2 });
    const { choices } = await client.openai.chat.completions.create(CHAT);
    assertEquals(choices[0]?.message.content, "Good day");
    assertEquals(asked.count, 2);
  });
}

Deno.test("openai asks no more where a failover is exhausted", async () => {
  let asked = 0;
  const fetch = () => {
    asked++;
    return Promise.resolve(new Response("", { status: 503 }));
  };
  const provider = createAutonomousAi({ fetch, maxRetries: 0 });
  const gateway = open({ routes: { best: [{ provider, maxRetries: 0 }] } });
  await using client = createOpenAi(gateway, { maxRetries: 2 });
  const error = await assertRejects(
    () => client.openai.chat.completions.create({ ...CHAT, model: "best" }),
    OpenAI.InternalServerError,
  );
  assertEquals(error.headers?.get("x-should-retry"), "false");
  assertEquals(asked, 1);
});
