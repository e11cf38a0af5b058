import { assertEquals, assertMatch } from "@std/assert";
import { createChatUiUpstream } from "../mod.ts";
import { readEvents, type SeenMessage, Visitor } from "./_chat_ui_visitor.ts";

const BASE = "https://chat.example";
const UUID = "0bbba655-258b-4be1-af87-c899218f242d";

function toContents(messages: readonly SeenMessage[]): readonly string[] {
  return messages.map(({ from, content }) => `${from}: ${content}`);
}

Deno.test("createChatUiUpstream() holds a conversation, in process and on a socket", async () => {
  const upstream = createChatUiUpstream({
    prefix: "/hub",
    insecureCookies: true,
    answer: (prompt, { messages }) => `${prompt} ${messages.length}`,
  });
  await using server = upstream.serve();
  for (
    const visitor of [
      new Visitor(upstream.fetch, `${BASE}/hub`),
      new Visitor(fetch, `${server.url}/hub`),
    ]
  ) {
    await visitor.create("command-r", "Be brief");
    const events = await readEvents(
      await visitor.send({ inputs: "How are you?" }),
    );
    assertEquals(events, [
      { type: "status", status: "started" },
      { type: "status", status: "keepAlive" },
      { type: "title", title: "💬 How are you?" },
      { type: "stream", token: "How".padEnd(16, "\0") },
      { type: "stream", token: " are".padEnd(16, "\0") },
      { type: "stream", token: " you?".padEnd(16, "\0") },
      { type: "stream", token: " 2".padEnd(16, "\0") },
      { type: "finalAnswer", text: "How are you? 2", interrupted: false },
    ]);
    const again = await readEvents(await visitor.send({ inputs: "And now?" }));
    assertEquals(again.filter(({ type }) => type === "title"), []);
    assertEquals(toContents(await visitor.readMessages()), [
      "system: Be brief",
      "user: How are you?",
      "assistant: How are you? 2",
      "user: And now?",
      "assistant: And now? 4",
    ]);
  }
});

Deno.test("createChatUiUpstream() keeps conversations of its own", async () => {
  const visitor = new Visitor(createChatUiUpstream().fetch, BASE);
  await visitor.create();
  const other = createChatUiUpstream();
  const response = await other.fetch(BASE + visitor.path, {
    method: "POST",
    body: new FormData(),
    headers: { origin: BASE },
  });

  assertEquals(response.status, 404);
  assertEquals(await response.json(), { message: "Conversation not found" });
});

Deno.test("createChatUiUpstream() edits a message that is sent again", async () => {
  const visitor = new Visitor(
    createChatUiUpstream({ answer: () => "Yes" }).fetch,
    BASE,
  );
  await visitor.create();
  await readEvents(await visitor.send({ inputs: "First" }));
  const [system, user] = await visitor.readMessages();
  const retry = { is_retry: true, id: user?.id, inputs: "Second" };
  await readEvents(await visitor.send(retry));
  const messages = await visitor.readMessages();

  assertEquals(toContents(messages).slice(1), [
    "user: First",
    "assistant: Yes",
    "user: Second",
    "assistant: Yes",
  ]);
  assertEquals(messages[0]?.children.length, 2);
  assertEquals(messages[3]?.ancestors, system && [system.id]);
});

Deno.test("createChatUiUpstream() stores nothing of a turn that it refuses", async () => {
  const visitor = new Visitor(createChatUiUpstream().fetch, BASE);
  await visitor.create();
  const refusals: readonly [number, Parameters<Visitor["send"]>[0]][] = [
    [500, { inputs: "a", id: UUID }],
    [500, { inputs: "a", id: "not an id" }],
    [500, { inputs: "a", is_continue: true }],
    [500, { is_retry: true }],
    [404, { is_retry: true, id: UUID }],
  ];
  for (const [status, turn] of refusals) {
    const response = await visitor.send(turn);
    assertEquals(response.status, status);
    assertEquals(typeof (await response.json()).message, "string");
  }
  assertEquals((await visitor.readMessages()).length, 1);
});

Deno.test("createChatUiUpstream() refuses unknown paths and ids", async () => {
  const visitor = new Visitor(createChatUiUpstream().fetch, BASE);
  await visitor.create();
  const stop = "/stop-generating";
  const refusals: readonly [number, string, string][] = [
    [404, "POST", "/"],
    [404, "GET", `/api/conversation/${"0".repeat(24)}`],
    [404, "DELETE", `/conversation/${"0".repeat(24)}`],
    [404, "POST", `/conversation/${"0".repeat(24)}${stop}`],
    [500, "POST", `/conversation/42${stop}`],
    [500, "POST", "/conversation/42"],
  ];
  for (const [status, method, path] of refusals) {
    const response = await visitor.request(path, { method });
    assertEquals(response.status, status, path);
    assertEquals(typeof (await response.json()).message, "string");
  }
});

Deno.test("createChatUiUpstream() refuses with JSON a visitor who accepts it", async () => {
  const response = await createChatUiUpstream().fetch(`${BASE}/conversation`, {
    method: "POST",
    headers: { accept: "application/json" },
    body: new FormData(),
  });

  assertEquals(response.status, 403);
  assertMatch((await response.json()).error, /need to have an origin/);
});

Deno.test("createChatUiUpstream() renders a page for who prefers one", async () => {
  const visitor = new Visitor(createChatUiUpstream().fetch, BASE);
  await visitor.create();
  const types: Readonly<Record<string, string>> = {
    "text/html,*/*;q=0.8": "text/html",
    "*/*,text/html": "text/html",
    "text/html;q=0.5,*/*": "application/jsonl",
    "application/json": "application/jsonl",
  };
  for (const [accept, type] of Object.entries(types)) {
    const response = await visitor.send({ inputs: "a" }, {
      headers: { accept },
    });
    assertEquals(response.headers.get("content-type"), type, accept);
    await response.text();
  }
});
