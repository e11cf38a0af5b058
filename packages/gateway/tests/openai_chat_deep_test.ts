// OpenAI's own client asks for chat completions.
import { assert, assertEquals, assertRejects } from "@std/assert";
import OpenAI from "openai";
import {
  createAiChats,
  createAmigoChat,
  createAutonomousAi,
  createCohereC4aiCommand,
  ProviderError,
} from "@parley/chat";
import type { ChatEvent } from "../../../core/chat/events.ts";
import {
  createAiChatsUpstream,
  createAmigoChatUpstream,
  createAutonomousAiUpstream,
  createChatUiUpstream,
  echo,
} from "@parley/testing";
import { within } from "../../testing/conformance/check.ts";
import { hang, toTextEvent } from "../../../tests/_parrot.ts";
import type { GatewayOptions } from "../mod.ts";
import { ANSWER, createParrotGateway, open, say } from "./_gateway.ts";
import { CHAT, createOpenAi } from "./_openai.ts";

/** One provider and its upstream, each. */
function createFour() {
  return [
    createAmigoChat({ fetch: createAmigoChatUpstream().fetch }),
    createAiChats({ fetch: createAiChatsUpstream().fetch }),
    createAutonomousAi({ fetch: createAutonomousAiUpstream().fetch }),
    createCohereC4aiCommand({ fetch: createChatUiUpstream().fetch }),
  ];
}

for (const { id, defaultModel } of createFour()) {
  const model = `${id}/${defaultModel}`;
  const chat = { ...CHAT, model };

  Deno.test(`openai streams an answer of ${model}`, async () => {
    await using client = createOpenAi(open({ providers: createFour() }));
    const stream = await client.openai.chat.completions.create({
      ...chat,
      stream: true,
    });
    let text = "";
    let finish: string | null | undefined;
    for await (const chunk of stream) {
      assertEquals(chunk.model, model);
      text += chunk.choices[0]?.delta.content ?? "";
      finish = chunk.choices[0]?.finish_reason ?? finish;
    }
    assertEquals([text, finish], [echo("Hello"), "stop"]);
  });

  Deno.test(`openai collects an answer of ${model}`, async () => {
    await using client = createOpenAi(open({ providers: createFour() }));
    const completion = await client.openai.chat.completions.create(chat);
    assertEquals(completion.model, model);
    assertEquals(completion.choices[0]?.message.content, echo("Hello"));
    assert((completion.usage?.total_tokens ?? 0) > 0);
  });
}

Deno.test("openai builds the final completion of a stream", async () => {
  await using client = createOpenAi(open({ providers: createFour() }));
  const stream = client.openai.chat.completions.stream({
    ...CHAT,
    model: "llama",
    stream_options: { include_usage: true },
  });
  let shown = "";
  stream.on("content", (delta) => shown += delta);
  const completion = await stream.finalChatCompletion();
  assertEquals(shown, echo("Hello"));
  assertEquals(completion.choices[0]?.message.content, echo("Hello"));
  assertEquals(completion.choices[0]?.finish_reason, "stop");
  assertEquals(
    completion.usage?.total_tokens,
    (completion.usage?.prompt_tokens ?? 0) +
      (completion.usage?.completion_tokens ?? 0),
  );
});

Deno.test("openai gets the id of the request", async () => {
  await using client = createOpenAi(say(ANSWER));
  const { data, request_id } = await client.openai.chat.completions
    .create(CHAT).withResponse();
  assertEquals(data.choices[0]?.message.content, "Good day");
  assert((request_id?.length ?? 0) > 0);
});

Deno.test("openai hears of an error in the middle of a stream [W15]", async () => {
  await using client = createOpenAi(createParrotGateway(async function* () {
    yield toTextEvent("Good");
    throw new ProviderError("Connection broke off", { code: "network" });
  }));
  const stream = await client.openai.chat.completions.create({
    ...CHAT,
    stream: true,
  });
  const shown: unknown[] = [];
  const error = await assertRejects(async () => {
    for await (const { choices } of stream) {
      shown.push(choices[0]?.delta.content);
    }
  }, OpenAI.APIError);
  assertEquals([error.code, error.type], ["network", "server_error"]);
  assertEquals(shown, ["", "Good"]);
});

Deno.test("openai hears of it too where it builds the final completion", async () => {
  await using client = createOpenAi(createParrotGateway(async function* () {
    yield toTextEvent("Good");
    throw new ProviderError("Cut", { code: "incomplete" });
  }));
  const stream = client.openai.chat.completions.stream(CHAT);
  const error = await assertRejects(
    () => stream.finalChatCompletion(),
    OpenAI.APIError,
  );
  assertEquals(error.code, "incomplete");
});

/** A gateway whose provider says something, and then nothing until it is left. */
function createHanging(
  events: readonly ChatEvent[],
  options?: GatewayOptions,
) {
  const left = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  const gateway = createParrotGateway(async function* (run) {
    try {
      asked.resolve();
      yield* events;
      await Promise.race([hang(run), released.promise]);
      yield ANSWER;
    } finally {
      left.resolve();
    }
  }, options);
  return {
    gateway,
    asked: asked.promise,
    left: left.promise,
    release: released.resolve,
  };
}

Deno.test("openai that leaves a stream ends the run", async () => {
  const { gateway, left } = createHanging([toTextEvent("Good")]);
  await using client = createOpenAi(gateway);
  const stream = await client.openai.chat.completions.create({
    ...CHAT,
    stream: true,
  });
  for await (const { choices } of stream) {
    if (choices[0]?.delta.content === "Good") break;
  }
  await within(500, left);
});

Deno.test("openai that leaves before the first content ends the run", async () => {
  const { gateway, asked, left } = createHanging([], { holdHead: 1 });
  await using client = createOpenAi(gateway);
  const stream = await client.openai.chat.completions.create({
    ...CHAT,
    stream: true,
  });
  await asked;
  stream.controller.abort();
  await within(500, left);
});

Deno.test("openai that aborts before the status hears its own abort", async () => {
  const { gateway, asked, release } = createHanging([]);
  await using client = createOpenAi(gateway);
  const controller = new AbortController();
  const { signal } = controller;
  const answer = client.openai.chat.completions.create(CHAT, { signal });
  const rejection = assertRejects(() => answer, OpenAI.APIUserAbortError);
  await asked;
  controller.abort();
  await rejection;
  release();
});

Deno.test("openai that loses its patience says so", async () => {
  const { gateway, release } = createHanging([]);
  await using client = createOpenAi(gateway, { timeout: 50 });
  await assertRejects(
    () => client.openai.chat.completions.create(CHAT),
    OpenAI.APIConnectionTimeoutError,
  );
  release();
});
