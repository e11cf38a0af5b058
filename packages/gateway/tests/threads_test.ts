/**
 * Conversations through the gateway, which itself remembers nothing.
 */
import { assert, assertEquals } from "@std/assert";
import {
  type ConversationKeeper,
  createConversationSealer,
  createConversationStore,
  createGateway,
} from "../mod.ts";
import { createCohereC4aiCommand } from "@parley/chat";
import { createChatUiUpstream } from "@parley/testing";

const KEY = "sk-test-0123456789abcdef";
const OTHER_KEY = "sk-test-fedcba9876543210";
const SECRET = new Uint8Array(32).fill(7);

function createUpstream() {
  return createChatUiUpstream({ models: ["command-a-03-2025"] });
}

/** One of several instances that share nothing but what is passed. */
function createInstance(
  upstream: ReturnType<typeof createUpstream>,
  conversations: ConversationKeeper,
) {
  const { fetch } = upstream;
  const provider = createCohereC4aiCommand({ fetch, maxRetries: 0 });
  const gateway = createGateway({
    providers: [provider],
    apiKeys: [KEY, OTHER_KEY],
    conversations,
  });
  return (
    content: string,
    { key = KEY, headers = {}, ...body }: {
      readonly key?: string;
      readonly headers?: Readonly<Record<string, string>>;
      readonly conversation?: string;
      readonly stream?: boolean;
    } = {},
  ): Promise<Response> =>
    gateway(
      new Request("http://localhost/v1/chat/completions", {
        method: "POST",
        headers: {
          "authorization": `Bearer ${key}`,
          "content-type": "application/json",
          ...headers,
        },
        body: JSON.stringify({
          model: "CohereForAI_C4AI_Command/command-a-03-2025",
          messages: [{ role: "user", content }],
          ...body,
        }),
      }),
    );
}

/** How many conversations were begun. */
function countBegun({ requests }: ReturnType<typeof createUpstream>): number {
  return requests.filter(({ method, url }) =>
    method === "POST" && new URL(url).pathname === "/conversation"
  ).length;
}

Deno.test("createGateway() goes on with a sealed conversation in another instance", async () => {
  const upstream = createUpstream();
  const create = () =>
    createInstance(upstream, createConversationSealer({ key: SECRET }));
  const first = await create()("Hello");
  assertEquals(first.status, 200);
  const token = first.headers.get("x-conversation") ?? "";
  assertEquals((await first.json()).conversation, token);
  const second = await create()("And now?", {
    headers: { "x-conversation": token },
  });
  assertEquals(second.status, 200);
  const third = await create()("And then?", {
    conversation: (await second.json()).conversation,
    stream: true,
  });
  const events = await third.text();
  assert(/"conversation":"[\w-]{100,}"/.test(events));
  assert(events.endsWith("data: [DONE]\n\n"));
  assertEquals(countBegun(upstream), 1);
});

Deno.test("createGateway() refuses a token that is wrong, or of another key", async () => {
  const upstream = createUpstream();
  const ask = createInstance(
    upstream,
    createConversationSealer({ key: SECRET }),
  );
  const { conversation } = await (await ask("Hello")).json();
  const count = upstream.requests.length;
  for (
    const options of [
      { conversation: `${conversation}x` },
      { conversation: conversation.slice(0, -4) },
      { conversation: "65f0a1b2c3d4e5f601234567" },
      { conversation, key: OTHER_KEY },
      { headers: { "x-conversation": "null" } },
    ]
  ) {
    const response = await ask("And now?", options);
    assertEquals(response.status, 422);
    const { error } = await response.json();
    assertEquals(error.code, "invalid_conversation");
  }
  assertEquals(upstream.requests.length, count);
});

Deno.test("createGateway() goes on with a conversation in Deno KV", async () => {
  using kv = await Deno.openKv(":memory:");
  const upstream = createUpstream();
  const create = () => createInstance(upstream, createConversationStore(kv));
  const { conversation } = await (await create()("Hello")).json();
  assertEquals(conversation.length, 32);
  const second = await create()("And now?", { conversation });
  assertEquals(second.status, 200);
  await second.body?.cancel();
  const stolen = await create()("And now?", { conversation, key: OTHER_KEY });
  assertEquals(stolen.status, 422);
  await stolen.body?.cancel();
  assertEquals(countBegun(upstream), 1);
});
