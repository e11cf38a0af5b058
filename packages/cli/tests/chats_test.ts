import { createChatUiUpstream, createOpenAiUpstream } from "@parley/testing";
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { ChatStore } from "../chats/chat_store.ts";
import { createHome, runParley } from "./_run_parley.ts";

const KEY = "sk-1234567890abcdef";

Deno.test("ask() goes on with the last chat, with all that was said", async () => {
  const upstream = createOpenAiUpstream({
    models: ["llama3.2"],
    answer: (_prompt, { messages }) =>
      messages.map(({ role, content }) => `${role} ${content}`).join(", "),
  });
  await using server = upstream.serve();
  await using home = await createHome({ OLLAMA_HOST: server.url });
  const run = (...args: string[]) => runParley(args, home);

  await run("-s", "Be brief", "I am Ada");
  const { output } = await run("-c", "Who am I?");
  assertEquals(
    output,
    "system Be brief, user I am Ada, " +
      "assistant system Be brief, user I am Ada, user Who am I?\n",
  );

  await run("Another chat");
  await run("Not kept", "-n");
  const listed = (await run("chats", "--json")).output.trimEnd().split("\n")
    .map((line) => JSON.parse(line));
  assertEquals(
    listed.map(({ id, title, messageCount, model }) => [
      id,
      title,
      messageCount,
      model,
    ]),
    [
      [2, "Another chat", 2, "ollama/llama3.2"],
      [1, "I am Ada", 4, "ollama/llama3.2"],
    ],
  );
  assertStringIncludes((await run("chats", "show", "1")).output, "Who am I?");
  assertStringIncludes((await run("--chat", "1", "And?")).output, "Ada");
  assertEquals((await run("chats", "delete", "1")).code, 0);
  assertEquals((await run("chats", "show", "1")).code, 2);
  assertEquals((await run("chats", "delete", "1")).code, 2);
});

Deno.test("ask() goes on with the thread of a server that keeps the chat itself", async () => {
  const upstream = createChatUiUpstream({ models: ["llama-4"] });
  await using server = upstream.serve();
  await using home = await createHome();
  const run = (...args: string[]) => runParley(args, home);
  await run("-m", "chat-ui/llama-4", "--base-url", server.url, "I am Ada");
  await run("-c", "-m", "llama-4", "Who am I?");
  const threads = upstream.requests.map(({ url }) => new URL(url).pathname)
    .filter((path) => /^\/conversation\/./.test(path));
  assert(threads.length >= 2);
  assertEquals(new Set(threads).size, 1);
  const { output } = await run("chats", "show", "1", "--json");
  assert(!output.includes("cookies"));
});

Deno.test("ask() keeps chats for their owner only, and no key with them", async () => {
  const upstream = createOpenAiUpstream({ models: ["gpt-5"], apiKey: KEY });
  await using server = upstream.serve();
  await using home = await createHome({
    OPENAI_BASE_URL: `${server.url}/v1`,
    OPENAI_API_KEY: KEY,
  });
  assertEquals((await runParley(["-m", "gpt-5", "Hi"], home)).code, 0);
  const folder = `${home.environment.HOME}/.local/share/parley`;
  const path = `${folder}/chats.db`;
  assertEquals(((await Deno.stat(path)).mode ?? 0) & 0o777, 0o600);
  assertEquals(((await Deno.stat(folder)).mode ?? 0) & 0o777, 0o700);
  const content = new TextDecoder().decode(await Deno.readFile(path));
  assertStringIncludes(content, "openai/gpt-5");
  assert(!content.includes(KEY));
});

Deno.test("ask() keeps what had come of an answer that broke off", async () => {
  const upstream = createOpenAiUpstream({
    models: ["llama3.2"],
    *answer(prompt) {
      yield "Good";
      if (prompt === "Break") throw new Error("Out of memory");
    },
  });
  await using server = upstream.serve();
  await using home = await createHome({ OLLAMA_HOST: server.url });
  assertEquals((await runParley(["Break"], home)).code, 1);
  const { output } = await runParley(["chats", "show", "1"], home);
  assertEquals(output, "user: Break\n\nassistant: Good\n\n");
});

Deno.test("chats() tells which number is missing or wrong", async () => {
  await using home = await createHome();
  const tell = async (args: string) =>
    (await runParley(["chats", ...args.split(" ")], home)).errors;
  assertEquals([await tell("show"), await tell("delete 1a")], [
    "error: Which chat? Give its number\n",
    "error: The number of a chat must be a whole number\n",
  ]);
  const limit = "error: --limit must be a whole number\n";
  assertEquals(await tell("--limit all"), limit);
});

Deno.test("ChatStore begins a chat anew that has been deleted meanwhile", async () => {
  await using home = await createHome();
  const { environment } = home;
  using store = await ChatStore.open({
    get: (name) => environment[name],
    toObject: () => ({ ...environment }),
  });
  assert(store !== undefined);
  const facts = { title: "Rivers", model: "ollama/llama3.2" };
  const id = store.add(undefined, facts, []);
  assert(store.delete(id));
  const again = store.add(id, facts, [{ role: "user", content: "Hello" }]);
  assertEquals(store.get(again)?.messages.length, 1);
});
