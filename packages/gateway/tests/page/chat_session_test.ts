import { assert, assertEquals } from "@std/assert";
import { ChatSession } from "../../page/source/chat_session.ts";
import type { Chat } from "../../page/source/turns.ts";

const MODEL = { id: "demo", draws: false, sees: false };

/** A session over a gateway that gives one answer after another. */
function openSession(answers: readonly ((signal?: AbortSignal) => Response)[]) {
  const bodies: { messages: unknown[]; conversation?: string }[] = [];
  const original = globalThis.fetch;
  globalThis.fetch = (_url, init) => {
    if (init?.signal?.aborted) return Promise.reject(init.signal.reason);
    bodies.push(JSON.parse(String(init?.body)));
    const answer = answers[bodies.length - 1];
    return Promise.resolve(
      answer?.(init?.signal ?? undefined) ?? write("Yes"),
    );
  };
  const chats = new Map<string, Chat>();
  const session = new ChatSession({
    store: {
      load: (id) => Promise.resolve(structuredClone(chats.get(id))),
      save: (chat) => {
        chats.set(chat.id, structuredClone(chat));
        return Promise.resolve();
      },
      removeTurns: (chat) => {
        chats.set(chat.id, structuredClone(chat));
        return Promise.resolve();
      },
    },
    bytes: () => 100_000,
    withKey: (attempt) => attempt(""),
    onTurns() {},
    onGrowth() {},
    onLost(error) {
      throw error;
    },
  });
  return {
    session,
    bodies,
    chats,
    [Symbol.dispose]: () => void (globalThis.fetch = original),
  };
}

function write(text: string, end = "data: [DONE]\n\n"): Response {
  const delta = JSON.stringify({ choices: [{ delta: { content: text } }] });
  const token = JSON.stringify({ choices: [], conversation: `after ${text}` });
  const sealed = end === "" ? "" : `data: ${token}\n\n`;
  return new Response(`data: ${delta}\n\n${sealed}${end}`);
}

function refuse(status: number, code: string): Response {
  return Response.json({ error: { message: "No", code } }, { status });
}

function say(text: string) {
  return { text, images: [] };
}

Deno.test("ChatSession asks, and keeps what comes", async () => {
  using opened = openSession([() => write("Good day")]);
  const { session, bodies, chats } = opened;
  await session.send(say("Hello"), MODEL);
  await session.send(say("And now?"), MODEL);
  const { id, title, turns } = session.chat;
  assertEquals(title, "Hello");
  assertEquals(turns.map(({ text }) => text), [
    "Hello",
    "Good day",
    "And now?",
    "Yes",
  ]);
  assertEquals(bodies.map(({ conversation }) => conversation), [
    undefined,
    "after Good day",
  ]);
  assertEquals(chats.get(id)?.turns, turns);
});

Deno.test("ChatSession sends nothing to the chat that is left", async () => {
  using opened = openSession([() => write("Good day")]);
  const { session, bodies } = opened;
  await session.send(say("Hello"), MODEL);
  const first = session.chat;
  void session.open("");
  await session.send(say("Another"), MODEL);
  assertEquals(first.turns.length, 2);
  assertEquals(session.chat.turns.map(({ text }) => text), ["Another", "Yes"]);

  const back = session.open(first.id);
  await session.send(say("Too early"), MODEL);
  await back;
  assertEquals(session.chat.turns.map(({ text }) => text), [
    "Hello",
    "Good day",
  ]);
  assertEquals(bodies.length, 2);
});

Deno.test("ChatSession keeps a partial answer, and sends it", async () => {
  using opened = openSession([() => write("The Rhine ri", "")]);
  const { session, bodies } = opened;
  await session.send(say("Tell"), MODEL);
  const answer = session.chat.turns[1];
  assertEquals(answer?.state, "failed");
  assertEquals(
    answer?.note,
    "The answer broke off. (incomplete) What had come is kept.",
  );
  await session.send(say("Go on"), MODEL);
  assertEquals(bodies[1]?.messages, [
    { role: "user", content: "Tell" },
    { role: "assistant", content: "The Rhine ri" },
    { role: "user", content: "Go on" },
  ]);
});

Deno.test("ChatSession takes an answer that nobody writes on for a stopped one", async () => {
  using opened = openSession([]);
  const { session, chats } = opened;
  await session.send(say("Hello"), MODEL);
  const { id } = session.chat;
  const last = chats.get(id)?.turns.at(-1);
  assert(last !== undefined);
  Object.assign(last, { state: "writing", text: "Ye" });
  await session.open("");
  assertEquals(session.chat.turns, []);
  await session.open(id);
  const { state, text, note } = session.chat.turns[1] ?? {};
  assertEquals({ state, text }, { state: "stopped", text: "Ye" });
  assertEquals(note, "Stopped: the page was left. What had come is kept.");
});

Deno.test("ChatSession goes on without a message that is too large", async () => {
  for (
    const refused of [
      () => refuse(413, "request_too_large"),
      () => refuse(400, "context_length_exceeded"),
    ]
  ) {
    using opened = openSession([refused]);
    const { session, bodies } = opened;
    await session.send(say("a".repeat(1_000)), MODEL);
    assertEquals(session.chat.turns[0]?.state, "refused");
    await session.send(say("Short"), MODEL);
    assertEquals(bodies[1]?.messages, [{ role: "user", content: "Short" }]);
    assertEquals(session.chat.turns.at(-1)?.text, "Yes");
  }
});

Deno.test("ChatSession tries a message again that was refused", async () => {
  using opened = openSession([() => refuse(413, "request_too_large")]);
  const { session, bodies } = opened;
  await session.send(say("Long"), MODEL);
  await session.regenerate(MODEL);
  assertEquals(bodies[1]?.messages, [{ role: "user", content: "Long" }]);
  assertEquals(session.chat.turns.map(({ state }) => state), [
    "whole",
    "whole",
  ]);
});

Deno.test("ChatSession regenerates, edits and deletes", async () => {
  using opened = openSession([]);
  const { session, bodies } = opened;
  const texts = () => session.chat.turns.map(({ text }) => text);
  await session.send(say("One"), MODEL);
  await session.send(say("Two"), MODEL);
  await session.regenerate(MODEL);
  assertEquals(texts(), ["One", "Yes", "Two", "Yes"]);
  // The thread of a server still has the answer that was given up.
  assertEquals(bodies[2]?.conversation, undefined);
  const [first] = session.chat.turns;
  assert(first !== undefined);
  await session.edit(first, "Three", MODEL);
  assertEquals(texts(), ["Three", "Yes"]);
  assertEquals(session.chat.title, "Three");
  const [question] = session.chat.turns;
  assert(question !== undefined);
  await session.removeTurn(question);
  assertEquals(texts(), ["Yes"]);
  await session.restoreTurn(question);
  assertEquals(texts(), ["Three", "Yes"]);
});

Deno.test("ChatSession writes an answer on while another chat is shown", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  using opened = openSession([() =>
    new Response(
      new ReadableStream({
        async start(controller) {
          await promise;
          controller.enqueue(await write("Late").bytes());
          controller.close();
        },
      }),
    )]);
  const { session, chats } = opened;
  const first = session.chat;
  const asked = session.send(say("Hello"), MODEL);
  await session.open("");
  assertEquals(session.isRunning, false);
  await session.send(say("Other"), MODEL);
  await session.open(first.id);
  assertEquals(session.chat, first);
  assertEquals(session.isRunning, true);
  await session.open("");
  resolve();
  await asked;
  assertEquals(chats.get(first.id)?.turns[1]?.text, "Late");
});

Deno.test("ChatSession does not bring a deleted chat back", async () => {
  using opened = openSession([(signal) =>
    new Response(
      new ReadableStream({
        start(controller) {
          const fail = () => controller.error(signal?.reason);
          signal?.addEventListener("abort", fail);
        },
      }),
    )]);
  const { session, chats } = opened;
  const { id } = session.chat;
  const asked = session.send(say("Hello"), MODEL);
  session.discard(id);
  chats.delete(id);
  await asked;
  assertEquals(chats.size, 0);
});

Deno.test("ChatSession tells the model its instructions first", async () => {
  using opened = openSession([]);
  const { session, bodies } = opened;
  await session.instruct("Be brief.");
  await session.send(say("Hello"), MODEL);
  assertEquals(bodies[0]?.messages[0], {
    role: "system",
    content: "Be brief.",
  });
});
