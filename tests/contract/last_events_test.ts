import { assertEquals, assertRejects } from "@std/assert";
import type { Provider } from "../../mod.ts";
import {
  createAiChats,
  createAmigoChat,
  createAutonomousAi,
  createCohereC4aiCommand,
  ProviderError,
} from "../../mod.ts";
import { createAiChatsUpstream } from "../../packages/testing/upstreams/ai_chats_upstream.ts";
import { createAmigoChatUpstream } from "../../packages/testing/upstreams/amigo_chat_upstream.ts";
import { createAutonomousAiUpstream } from "../../packages/testing/upstreams/autonomous_ai_upstream.ts";
import { createChatUiUpstream } from "../../packages/testing/upstreams/chat_ui_upstream.ts";
import { FakeClock } from "../../packages/testing/fake_clock.ts";
import { createOpenAiUpstream } from "../../packages/testing/upstreams/openai_upstream.ts";
import { createOpenAi } from "../_openai_compatible.ts";

const PROVIDERS: readonly (() => Provider)[] = [
  () => createAiChats({ fetch: createAiChatsUpstream({ done: true }).fetch }),
  () => createAmigoChat({ fetch: createAmigoChatUpstream().fetch }),
  () => createAutonomousAi({ fetch: createAutonomousAiUpstream().fetch }),
  () => createCohereC4aiCommand({ fetch: createChatUiUpstream().fetch }),
  () => createOpenAi({ fetch: createOpenAiUpstream().fetch }),
];

for (const create of PROVIDERS) {
  const { id } = create();

  Deno.test(`${id} rejects after an abort, whatever is ready`, async () => {
    const controller = new AbortController();
    const stream = create().stream("Hi", { signal: controller.signal });
    const types: string[] = [];
    await assertRejects(
      async () => {
        for await (const { type } of stream) {
          types.push(type);
          if (type === "text") controller.abort(new Error("enough"));
        }
      },
      Error,
      "enough",
    );
    assertEquals(types.includes("finish"), false);
  });

  Deno.test(`${id} gives all that belongs to the end, or rejects`, async () => {
    const controller = new AbortController();
    const stream = create().stream("Hi", { signal: controller.signal });
    const types: string[] = [];
    for await (const { type } of stream) {
      types.push(type);
      if (type === "usage" || type === "conversation") controller.abort();
    }
    assertEquals(types.at(-1), "finish");
  });

  Deno.test(`${id} has let go of everything when finish is seen`, async () => {
    const provider = create();
    const { signal } = new AbortController();
    const stream = provider.stream("Hi", { signal });
    let conversation;
    for (;;) {
      const { value } = await stream.next();
      if (value?.type === "conversation") conversation = value.conversation;
      if (value?.type === "finish") break;
    }
    // Nobody reads on: the next run is free to use the conversation, and no
    // timer of this one is left for the sanitizer to find.
    const second = await provider.generate("Hi", { conversation });
    assertEquals(second.finishReason, "stop");
  });
}

Deno.test("a status is told although its body is slow [S23]", async () => {
  const clock = new FakeClock();
  const provider = createAmigoChat({
    clock,
    fetch: () =>
      Promise.resolve(new Response(new ReadableStream(), { status: 401 })),
  });
  const failed = assertRejects(
    () => provider.generate("Hi", { timeouts: { firstToken: 100 } }),
    ProviderError,
  );
  await clock.advance(5_000);
  assertEquals((await failed).code, "authentication");
});
