import { assertEquals, assertRejects } from "@std/assert";
import type { Conversation } from "../../../core/chat/conversation.ts";
import { parseConversation } from "../../../core/run/parse_conversation.ts";
import type { ProviderDefinition } from "../../../core/chat/definition.ts";
import { ProviderError } from "../../../core/chat/errors.ts";
import type { ChatInput, ChatOptions } from "../../../core/chat/types.ts";
import { createParrot, FINISH } from "../../_parrot.ts";

const CONVERSATION: Conversation = {
  version: 1,
  provider: "Parrot",
  origin: "https://parrot.example",
  id: "1",
  model: "green",
  systemPrompt: "",
  cookies: {},
};

/** Tells the model that answers, or the code of the refusal. */
async function plan(
  options: ChatOptions,
  input: ChatInput = "Hi",
  definition: Partial<ProviderDefinition> = {},
): Promise<string> {
  let runs = 0;
  const { provider } = createParrot({
    async *respond() {
      runs++;
      yield FINISH;
    },
    definition: { parseConversation, ...definition },
  });
  try {
    return (await provider.generate(input, options)).model;
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    assertEquals(runs, 0);
    return error.code;
  }
}

Deno.test("planRun() takes the model that is named, or that of the conversation", async () => {
  assertEquals(await plan({}), "grey");
  assertEquals(await plan({ model: "green" }), "green");
  assertEquals(await plan({ conversation: CONVERSATION }), "green");
  assertEquals(
    await plan({ conversation: CONVERSATION, model: "grey" }),
    "grey",
  );
  assertEquals(await plan({ conversation: CONVERSATION, model: "" }), "green");
  assertEquals(await plan({ model: "blue" }), "unknown-model");
});

Deno.test("planRun() refuses a conversation of another provider or server [C13]", async () => {
  for (
    const other of [
      { provider: "Other" },
      { origin: "https://other.example" },
      { origin: "http://parrot.example" },
    ]
  ) {
    const conversation = { ...CONVERSATION, ...other };
    assertEquals(await plan({ conversation }), "invalid-request");
  }
});

Deno.test("planRun() refuses pictures where the protocol has no place for them", async () => {
  const input: ChatInput = [{
    role: "user",
    content: [{ type: "image", image: "https://a.b/c.png" }],
  }];
  assertEquals(await plan({}, input), "unsupported");
  assertEquals(await plan({}, input, { acceptsImages: true }), "grey");
});

Deno.test("planRun() reads the input when stream() is called", async () => {
  let seen: unknown;
  const { provider } = createParrot({
    async *respond(run) {
      seen = run.messages;
      yield FINISH;
    },
  });
  const messages = [{ role: "user" as const, content: "before" }];
  const stream = provider.stream(messages);
  messages[0] = { role: "user", content: "after" };
  await stream.result();
  assertEquals(seen, [{ role: "user", content: "before" }]);
});

Deno.test("planRun() lets the first read tell what is wrong", async () => {
  const { provider } = createParrot({
    async *respond() {
      yield FINISH;
    },
  });
  const stream = provider.stream([]);
  const error = await assertRejects(() => stream.next(), ProviderError);
  assertEquals(error.code, "invalid-request");
  assertEquals(error.provider, "Parrot");
});
