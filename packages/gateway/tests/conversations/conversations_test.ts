// Conversations that are kept between requests.
import { assert, assertEquals } from "@std/assert";
import { createAiChats, createCohereC4aiCommand } from "@parley/chat";
import {
  type ConversationKeeper,
  createConversationSealer,
  createConversationStore,
  createGateway,
  type GatewayOptions,
} from "../../mod.ts";
import { createChatUiUpstream, FakeClock, flush } from "@parley/testing";
import { ANSWER, ask, open, readChunks, readError, say } from "../_gateway.ts";
import { CONVERSATION } from "../_conversations.ts";
import { ask as askForResponse } from "../responses/_ask.ts";

const MODEL = "CohereForAI_C4AI_Command/command-a-03-2025";

const KEEPERS: Readonly<Record<string, (kv: Deno.Kv) => ConversationKeeper>> = {
  sealed: () => createConversationSealer({ key: new Uint8Array(32).fill(7) }),
  stored: (kv) => createConversationStore(kv),
};

/** A gateway over a chat-ui server, and what that was asked. */
function createChatUi(options: GatewayOptions = {}) {
  const upstream = createChatUiUpstream();
  const gateway = createGateway({
    providers: [createCohereC4aiCommand({ fetch: upstream.fetch })],
    apiKeys: ["key-1", "key-2"],
    ...options,
  });
  const say = (
    content: string,
    { token, key = "key-1", ...body }: {
      readonly token?: string | null;
      readonly key?: string;
      readonly stream?: boolean;
      readonly conversation?: string;
    } = {},
  ) =>
    ask(gateway, {
      model: MODEL,
      messages: [{ role: "user", content }],
      ...body,
    }, {
      headers: {
        authorization: `Bearer ${key}`,
        ...(token && { "x-conversation": token }),
      },
    });
  const countCreated = () =>
    upstream.requests.filter(({ path, method }) =>
      method === "POST" && path === "/conversation"
    ).length;
  return { say, countCreated };
}

for (const token of ["", "two\r\nlines", "käse", "🧀", "with space"]) {
  Deno.test(`a keeper whose token is ${JSON.stringify(token)} costs no answer`, async () => {
    const { say } = createChatUi({
      conversations: {
        seal: () => Promise.resolve(token),
        open: () => Promise.resolve(CONVERSATION),
      },
    });
    const response = await say("Hello");
    assertEquals(response.headers.get("x-conversation"), null);
    assertEquals((await response.json()).conversation, token);
    const chunks = await readChunks(await say("Hello", { stream: true }));
    assertEquals(chunks.at(-1)?.conversation, token);
  });
}

for (const [name, create] of Object.entries(KEEPERS)) {
  Deno.test(`a ${name} conversation goes on by the token of its last answer`, async () => {
    using kv = await Deno.openKv(":memory:");
    const conversations = create(kv);
    const { say, countCreated } = createChatUi({ conversations });
    const first = await say("I am Ada");
    const token = first.headers.get("x-conversation");
    assertEquals((await first.json()).conversation, token);
    const second = await say("Who am I?", { token });
    assertEquals([second.status, countCreated()], [200, 1]);
    const { conversation } = await second.json();
    const third = await say("And now?", { conversation });
    await third.text();
    assertEquals([third.status, countCreated()], [200, 1]);
  });

  Deno.test(`a ${name} conversation comes in the chunk that ends a stream`, async () => {
    using kv = await Deno.openKv(":memory:");
    const conversations = create(kv);
    const { say, countCreated } = createChatUi({ conversations });
    const first = await say("I am Ada", { stream: true });
    assertEquals(first.headers.get("x-conversation"), null);
    const chunks = await readChunks(first);
    const token = chunks.at(-1)?.conversation;
    assertEquals(chunks.at(-1)?.choices[0]?.finish_reason, "stop");
    assertEquals(chunks.filter(({ conversation }) => conversation).length, 1);
    const second = await say("Who am I?", { stream: true, token });
    await readChunks(second);
    assertEquals(countCreated(), 1);
  });

  Deno.test(`a ${name} conversation that is tampered with or of another key is refused`, async () => {
    using kv = await Deno.openKv(":memory:");
    const conversations = create(kv);
    const { say } = createChatUi({ conversations });
    const first = await say("I am Ada");
    const token = first.headers.get("x-conversation") ?? "";
    await first.text();
    const middle = Math.floor(token.length / 2);
    const tampered = token.slice(0, middle) +
      (token[middle] === "A" ? "B" : "A") + token.slice(middle + 1);
    for (
      const [given, key] of [[tampered, "key-1"], ["", "key-1"], [
        token,
        "key-2",
      ]]
    ) {
      const response = await say("Who am I?", {
        conversation: given,
        key,
        stream: true,
      });
      assertEquals(response.status, 422);
      const error = await readError(response);
      assertEquals(error.code, "invalid_conversation");
    }
  });
}

Deno.test("a gateway that keeps no conversations gives and takes none", async () => {
  const { say } = createChatUi();
  const first = await say("I am Ada");
  assertEquals(first.headers.get("x-conversation"), null);
  const text = await first.text();
  assert(!text.includes("conversation"), text);
  const second = await say("Who am I?", { token: "x" });
  assertEquals(second.status, 422);
  assertEquals((await readError(second)).code, "invalid_conversation");
});

Deno.test("a conversation that the upstream has lost is refused", async () => {
  const conversations = createConversationSealer({ key: "k".repeat(32) });
  const first = await createChatUi({ conversations }).say("I am Ada");
  const token = first.headers.get("x-conversation");
  await first.text();
  const elsewhere = createChatUi({ conversations });
  const response = await elsewhere.say("Who am I?", { token });
  assertEquals(response.status, 422);
  assertEquals((await readError(response)).code, "invalid_conversation");
});

Deno.test("an answer is whole although nobody can keep its conversation", async () => {
  const { say } = createChatUi({
    conversations: {
      seal: () => Promise.reject(new Error("down")),
      open: () => Promise.reject(new Error("down")),
    },
  });
  const response = await say("I am Ada");
  assertEquals(response.status, 200);
  assertEquals(response.headers.get("x-conversation"), null);
  assert((await response.json()).choices[0].message.content.includes("Ada"));
  const stream = await (await say("I am Ada", { stream: true })).text();
  assert(stream.endsWith("data: [DONE]\n\n"));
  assert(!stream.includes('"conversation"'));
});

Deno.test("a conversation of another provider is refused", async () => {
  const conversations = createConversationSealer({ key: "k".repeat(32) });
  const gateway = open({ providers: [createAiChats()], conversations });
  const conversation = await conversations.seal(CONVERSATION, "anonymous");
  const response = await ask(gateway, { model: "gpt-4", conversation });
  assertEquals(response.status, 422);
  assertEquals((await readError(response)).code, "invalid_conversation");
});

Deno.test("a request is told that its conversation cannot be opened now", async () => {
  const { say } = createChatUi({
    conversations: {
      seal: () => Promise.reject(new Error("down")),
      open: () => Promise.reject(new Error("kv.internal is down")),
    },
  });
  const response = await say("Who am I?", { token: "x" });
  assertEquals(response.status, 503);
  const error = await readError(response);
  assertEquals(error.code, "conversation_unavailable");
  assert(!error.message.includes("internal"));
});

Deno.test("a response goes on with no conversation where a chat does not, either", async () => {
  const headers = { "x-conversation": "x" };
  const response = await askForResponse(say(ANSWER), {}, { headers });
  assertEquals(response.status, 422);
  assertEquals((await readError(response)).code, "invalid_conversation");
});

/** A keeper that does not answer. */
const SILENT = {
  seal: () => new Promise<never>(() => {}),
  open: () => new Promise<never>(() => {}),
};

Deno.test("nobody waits for a keeper that does not answer", async () => {
  const clock = new FakeClock();
  const { say } = createChatUi({ conversations: SILENT, clock });
  const refused = await clock.skipWaits(say("Who am I?", { token: "x" }));
  assertEquals(refused.status, 503);
  const answered = await clock.skipWaits(say("I am Ada"));
  assertEquals(answered.status, 200);
  assertEquals(answered.headers.get("x-conversation"), null);
});

Deno.test("nothing waits for a keeper whose client has left", async () => {
  const clock = new FakeClock();
  const { say } = createChatUi({ conversations: SILENT, clock });
  const response = await say("I am Ada", { stream: true });
  const reader = response.body?.getReader();
  while (!clock.waits.includes(5_000)) {
    await Promise.race([reader?.read(), flush()]);
  }
  await reader?.cancel();
  assert(!clock.waits.includes(5_000));
});
