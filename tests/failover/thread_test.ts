// A conversation that survives a change of route.
import { assertEquals, assertRejects } from "@std/assert";
import {
  type ChatResult,
  type Conversation,
  type Message,
  ProviderError,
} from "../../mod.ts";
import { createStage } from "./_actors.ts";
import { createChats, store } from "./_chats.ts";

const after = ({ conversation }: ChatResult) => ({ conversation });

Deno.test("openThread() goes on with the thread of a route, and asks only what is new", async () => {
  const chats = createChats();
  const failover = chats.createFailover();
  const { conversation } = await failover.generate("One");
  const second = await failover.generate("Two", { conversation });
  assertEquals(second.text, "chatUi 2");
  // The server itself knows the first turn.
  assertEquals(chats.chatUi, [["One"], ["One", "chatUi 1", "Two"]]);
});

Deno.test("openThread() tells another route the whole chat, and the first one what it missed", async () => {
  const chats = createChats();
  const failover = chats.createFailover();
  const first = await failover.generate("One");
  chats.isDown = true;
  const second = await failover.generate("Two", after(first));
  assertEquals([second.text, second.provider], ["aiChats 1", "AiChats"]);
  const third = await failover.generate("Three", after(second));
  chats.isDown = false;
  const fourth = await failover.generate("Four", after(third));
  const fifth = await failover.generate("Five", after(fourth));
  assertEquals([fourth.text, fifth.text], ["chatUi 2", "chatUi 3"]);
  const [before = [], missed = [], last = []] = chats.chatUi;
  assertEquals(before, ["One"]);
  assertEquals(missed.slice(0, 2), ["One", "chatUi 1"]);
  assertEquals(missed.length, 3);
  const prompt = missed[2] ?? "";
  for (const text of ["Two", "aiChats 1", "Three", "aiChats 2", "Four"]) {
    assertEquals(prompt.split(text).length, 2, `${text} in ${prompt}`);
  }
  assertEquals(prompt.includes("One"), false);
  assertEquals(last.slice(3), ["chatUi 2", "Five"]);
  const [whole = ""] = chats.aiChats[1] ?? [];
  for (const text of ["One", "chatUi 1", "Two", "aiChats 1", "Three"]) {
    assertEquals(whole.split(text).length, 2, `${text} in ${whole}`);
  }
});

Deno.test("openThread() goes on in another isolate, with what comes back from storage", async () => {
  const chats = createChats();
  const { conversation } = await chats.createFailover().generate("One");
  chats.isDown = true;
  const second = await chats.createFailover().generate("Two", {
    conversation: store(conversation),
  });
  chats.isDown = false;
  const third = await chats.createFailover().generate("Three", {
    conversation: store(second.conversation),
  });
  assertEquals(third.text, "chatUi 2");
  assertEquals(chats.chatUi[1]?.slice(0, 2), ["One", "chatUi 1"]);
  assertEquals(third.conversation?.id, conversation?.id);
});

Deno.test("openThread() begins a thread anew that is gone, with the whole chat", async () => {
  const chats = createChats();
  const failover = chats.createFailover();
  const { conversation } = await failover.generate("One");
  chats.forget();
  const { text, attempts } = await failover.generate("Two", { conversation });
  assertEquals(text, "chatUi 2");
  assertEquals(attempts.map(({ code }) => code), [
    "conversation-expired",
    undefined,
  ]);
  const [prompt = ""] = chats.chatUi[1] ?? [];
  for (const said of ["One", "chatUi 1", "Two"]) {
    assertEquals(prompt.split(said).length, 2);
  }
  assertEquals(chats.aiChats, []);
});

Deno.test("openThread() takes what comes after the last answer for new", async () => {
  const chats = createChats();
  const failover = chats.createFailover();
  const { conversation } = await failover.generate("One");
  const messages: readonly Message[] = [
    { role: "user", content: "One" },
    { role: "assistant", content: "chatUi 1" },
    { role: "user", content: "Two" },
  ];
  await failover.generate(messages, { conversation });
  assertEquals(chats.chatUi[1], ["One", "chatUi 1", "Two"]);
});

Deno.test("openThread() asks nobody where nothing is new", async () => {
  const chats = createChats();
  const failover = chats.createFailover();
  const { conversation } = await failover.generate("One");
  const error = await assertRejects(
    () =>
      failover.generate([{ role: "assistant", content: "chatUi 1" }], {
        conversation,
      }),
    ProviderError,
  );
  assertEquals([error.code, error.attempts], ["invalid-request", []]);
  assertEquals(chats.chatUi.length, 1);
});

Deno.test("openThread() keeps the system message, and begins anew with another", async () => {
  const chats = createChats();
  const failover = chats.createFailover();
  const toChat = (system: string, content: string): readonly Message[] => [
    { role: "system", content: system },
    { role: "user", content },
  ];
  const first = await failover.generate(toChat("Be brief", "One"));
  assertEquals(first.conversation?.systemPrompt, "Be brief");
  const second = await failover.generate(
    toChat("Be brief", "Two"),
    after(first),
  );
  const third = await failover.generate("Three", after(second));
  assertEquals(chats.chatUi.map(({ length }) => length), [2, 4, 6]);
  assertEquals(third.conversation?.systemPrompt, "Be brief");
  const fourth = await failover.generate(
    toChat("Be loud", "Four"),
    after(third),
  );
  assertEquals(fourth.conversation?.systemPrompt, "Be loud");
  const [system, prompt = ""] = chats.chatUi[3] ?? [];
  assertEquals(system, "Be loud");
  for (const said of ["One", "Two", "Three", "Four"]) {
    assertEquals(prompt.split(said).length, 2);
  }
});

Deno.test("openThread() leaves a thread as it was where an answer fails", async () => {
  const chats = createChats();
  const failover = chats.createFailover();
  const { conversation } = await failover.generate("One");
  const before = store(conversation);
  chats.isDown = true;
  const controller = new AbortController();
  const stream = failover.stream("Two", {
    conversation,
    signal: controller.signal,
  });
  await stream.next();
  controller.abort();
  await assertRejects(() => stream.next());
  assertEquals(store(conversation), before);
  chats.isDown = false;
  assertEquals(
    (await failover.generate("Two", { conversation })).text,
    "chatUi 2",
  );
});

Deno.test("openThread() tells everything to a provider without conversations", async () => {
  const { failover, settle, actors } = createStage([["A"]]);
  const first = await settle(failover.generate("One"));
  const second = await settle(failover.generate("Two", after(first)));
  const messages: readonly Message[] = [
    { role: "user", content: "One" },
    { role: "assistant", content: "A" },
    { role: "user", content: "Two" },
  ];
  assertEquals(actors[0]?.runs[1]?.messages, messages);
  assertEquals(second.conversation?.state, {
    messages: [...messages, { role: "assistant", content: "A" }],
    parts: {},
  });
});

Deno.test("openThread() stores no answer that is too long to travel", async () => {
  const { failover, settle } = createStage([["x".repeat(1024 * 1024), "y"]]);
  const { text, conversation } = await settle(failover.generate("Hi"));
  assertEquals([text.length, conversation], [1024 * 1024 + 1, undefined]);
});

function change(
  conversation: Conversation | undefined,
  changes: object,
): Conversation {
  return { ...store(conversation), ...changes };
}

Deno.test("parseThread() refuses what is no conversation of the failover", async () => {
  const { failover, settle, actors } = createStage([["A"]]);
  const { conversation } = await settle(failover.generate("Hi"));
  const messages = [{ role: "user", content: "Hi" }];
  for (
    const changes of [
      { state: undefined },
      { state: { messages } },
      { state: { messages: [{ role: "system", content: "x" }], parts: {} } },
      { state: { messages, parts: {}, more: 1 } },
      { state: { messages, parts: { A: { conversation: {}, known: 1 } } } },
      { state: { messages, parts: { A: { conversation, known: -1 } } } },
      { origin: "https://evil.example" },
      { provider: "A" },
      { id: "../x" },
    ]
  ) {
    const error = await assertRejects(
      () =>
        failover.generate("And?", {
          conversation: change(conversation, changes),
        }),
      ProviderError,
    );
    assertEquals(error.code, "invalid-request", JSON.stringify(changes));
  }
  assertEquals(actors[0]?.runs.length, 1);
});

Deno.test("parseThread() takes a conversation where routes have changed their places", async () => {
  const { failover, settle } = createStage([["A"], ["B"]]);
  const { conversation } = await settle(failover.generate("Hi"));
  const moved = change(conversation, { origin: "https://b.example" });
  const { text } = await settle(
    failover.generate("And?", { conversation: moved }),
  );
  assertEquals(text, "A");
});

Deno.test("a conversation of a failover is used by one run at a time", async () => {
  const { failover, settle } = createStage([[1_000, "A"]]);
  const { conversation } = await settle(failover.generate("Hi"));
  const running = failover.generate("One", { conversation });
  const error = await assertRejects(
    () => failover.generate("Two", { conversation }),
    ProviderError,
  );
  assertEquals(error.code, "conflict");
  assertEquals((await settle(running)).text, "A");
});
