import { assert, assertEquals, assertNotEquals } from "@std/assert";
import type { Message } from "../../core/chat/types.ts";
import { createChatUiUpstream, type RecordedRequest } from "@parley/testing";
import { catchError } from "../../packages/testing/conformance/ending.ts";
import { createServer } from "./_chat_ui_server.ts";
import { readForm, readJson, toRoutes } from "./_requests.ts";

async function readInputs(request: RecordedRequest | undefined) {
  const { data } = await readForm(request);
  return JSON.parse(String(data)).inputs;
}

const user = (content: string): Message => ({ role: "user", content });
const assistant = (content: string): Message => ({
  role: "assistant",
  content,
});
const BRIEF: Message = { role: "system", content: "Be brief" };

for (const version of ["0.9.5", "2026-08"] as const) {
  Deno.test(`cohereC4aiCommand goes on with a conversation of version ${version}`, async () => {
    const { upstream, ask } = createServer({ version });
    const first = await ask("Hello");
    const { conversation } = first;
    const second = await ask(
      [user("Hello"), assistant(first.text), user("And"), user("now?")],
      { conversation },
    );
    assertEquals(JSON.parse(second.text), [
      ["user", "Hello"],
      ["assistant", first.text],
      ["user", "And\nnow?"],
    ]);
    const third = await ask("Really?", { conversation: second.conversation });
    assertEquals(JSON.parse(third.text).length, 5);

    const { id } = conversation ?? {};
    const turn = [`GET /api/conversation/${id}`, `POST /conversation/${id}`];
    assertEquals(toRoutes(upstream), [
      "POST /conversation",
      // The newest server tells of the first message when it creates.
      ...version === "2026-08" ? turn.slice(1) : turn,
      ...turn,
      ...turn,
    ]);
  });
}

Deno.test("cohereC4aiCommand goes on over a socket, with a cookie for https", async () => {
  const upstream = createChatUiUpstream({ prefix: "/hub" });
  await using server = upstream.serve();
  const baseUrl = `${server.url}/hub`;
  const { ask } = createServer();
  const options = { baseUrl, fetch: globalThis.fetch };
  const { conversation } = await ask("Hello", {}, options);
  assertEquals(conversation?.origin, server.url);
  const { text } = await ask("And now?", { conversation }, options);
  assertEquals(text.startsWith("You said: And now?\n"), true);
  assertEquals(upstream.requests.length, 5);
  const sessions = upstream.requests.map(({ headers }) =>
    headers.get("cookie")
  );
  assertEquals(sessions, [
    null,
    ...Array(4).fill(`hf-chat=${conversation?.cookies["hf-chat"]}`),
  ]);
});

Deno.test("cohereC4aiCommand keeps the model and the system prompt where none is given", async () => {
  const { upstream, ask } = createServer();
  const first = await ask([BRIEF, user("Hello")], { model: "command-r" });
  const { conversation } = first;
  assertEquals(conversation?.systemPrompt, "Be brief");
  for (
    const [messages, model] of [
      [[user("One")], undefined],
      [[user("Two")], ""],
      [[user("Three")], "command-r"],
      [[BRIEF, user("Four")], undefined],
    ] as const
  ) {
    const next = await ask(messages, { conversation, model });
    assertEquals(next.model, "command-r");
    assertEquals(next.conversation?.id, conversation?.id);
    assertEquals(JSON.parse(next.text)[0], ["system", "Be brief"]);
  }
  assertEquals(
    toRoutes(upstream).filter((route) => route === "POST /conversation").length,
    1,
  );
});

Deno.test("cohereC4aiCommand begins anew with another system prompt [C13]", async () => {
  const chat = [user("Hello"), assistant("Good day"), user("And now?")];
  const changes: readonly (readonly [Message[], string | undefined, string])[] =
    [
      [
        [{ role: "system", content: "Be verbose" }, ...chat],
        undefined,
        "Be verbose",
      ],
      [[BRIEF, BRIEF, ...chat], undefined, "Be brief\nBe brief"],
      [[{ role: "system", content: " Be brief" }, ...chat], "", " Be brief"],
    ];
  for (const [messages, model, preprompt] of changes) {
    const { upstream, ask } = createServer();
    const { conversation } = await ask([BRIEF, user("Hello")], {
      model: "command-r",
    });
    assert(conversation !== undefined);
    const old = { ...conversation.cookies, old: "1" };
    const next = await ask(messages, {
      conversation: { ...conversation, cookies: old },
      model,
    });
    const [create, read, send] = upstream.requests.slice(3);
    const expected = model || "command-r";
    assertEquals(readJson(create), { model: expected, preprompt });
    // The old session is not the new one's.
    assertEquals(create?.headers.has("cookie"), false);
    assertEquals(
      await readInputs(send),
      "User: Hello\nAssistant: Good day\nUser: And now?\nAssistant:",
    );
    assert(next.conversation !== undefined);
    const { id, cookies } = next.conversation;
    assertEquals(read?.path, `/api/conversation/${id}`);
    assertNotEquals(id, conversation.id);
    assertEquals(Object.keys(cookies), ["hf-chat"]);
    assertNotEquals(cookies, conversation.cookies);
    assertEquals(next.conversation.model, expected);
    assertEquals(next.conversation.systemPrompt, preprompt);
    // Both can be gone on with.
    for (const each of [conversation, next.conversation]) {
      const { text } = await ask("Go on", { conversation: each });
      assertEquals(JSON.parse(text).at(-1), ["user", "Go on"]);
    }
  }
});

Deno.test("cohereC4aiCommand sends nothing where there is nothing new", async () => {
  const { upstream, ask } = createServer();
  const { conversation } = await ask([BRIEF, user("Hello")]);
  const count = upstream.requests.length;
  for (
    const messages of [
      [user("Hello"), assistant("Good day")],
      [BRIEF, user("Hello"), assistant("Good day")],
      [BRIEF],
    ]
  ) {
    const error = await catchError(ask(messages, { conversation }));
    assertEquals(error.code, "invalid-request");
  }
  assertEquals(upstream.requests.length, count);
});
