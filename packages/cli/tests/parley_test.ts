import "../commands/ask.ts";
import { createOpenAiUpstream } from "@parley/testing";
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { createHome, runParley } from "./_run_parley.ts";

for (
  const [args, pattern] of [
    [[], /^Ask models/],
    [["-h"], /Exit code/],
    [["--version"], /^parley \d+\.\d+\.\d+\n$/],
    [["chat", "--help"], /\/system/],
    [["chats", "--help"], /parley chats delete/],
    [["models", "--help"], /--probe/],
    [["serve", "--help"], /parley serve/],
  ] as const
) {
  Deno.test(`parley(${JSON.stringify(args)}) explains itself`, async () => {
    const { code, output } = await runParley(args);
    assertEquals(code, 0);
    assertMatch(output, pattern);
  });
}

Deno.test("parley() asks what is piped in", async () => {
  await using server = createOpenAiUpstream({
    models: ["llama3.2"],
    answer: (prompt) => prompt,
  }).serve();
  const { output } = await runParley([], {
    environment: { OLLAMA_HOST: server.url },
    input: "Why?\n",
  });
  assertEquals(output, "Why?\n");
});

for (
  const [args, message] of [
    [["chat", "Hello"], "takes no question"],
    [["chats", "show", "one"], "whole number"],
    [["chats", "delete"], "Which chat"],
    [["chats", "rename"], "is unknown"],
    [["-o", "stream=maybe", "Hello"], "true or false"],
    [["--base-url", "http://127.0.0.1:1", "models"], "parley models …"],
    [["-c", "Hello"], "There is no chat"],
    [["--chat", "7", "Hello"], "There is no chat 7"],
  ] as const
) {
  Deno.test(`parley(${JSON.stringify(args)}) is refused`, async () => {
    await using home = await createHome();
    const { code, errors } = await runParley(args, home);
    assertEquals(code, 2);
    assertStringIncludes(errors, message);
  });
}

Deno.test("parley() refuses an address of Ollama that is none, and a server without models", async () => {
  const run = (host: string) =>
    runParley(["Hello"], { environment: { OLLAMA_HOST: host } });
  assertStringIncludes((await run("a b")).errors, "OLLAMA_HOST");
  await using server = createOpenAiUpstream({ models: [], imageModels: [] })
    .serve();
  const { code, errors } = await run(server.url);
  assertEquals(code, 2);
  assertStringIncludes(errors, "lists no models");
});

Deno.test({
  name: "parley() asks without its folders, and says what it goes without",
  permissions: { net: ["127.0.0.1"] },
  async fn() {
    await using server = createOpenAiUpstream({ models: ["llama3.2"] }).serve();
    const situation = {
      environment: { HOME: "/home/ada", OLLAMA_HOST: server.url },
    };
    const { code, errors } = await runParley(["Hello"], situation);
    assertEquals(code, 0);
    assertStringIncludes(errors, "--allow-write=/home/ada/.local/share/parley");
    const quiet = await runParley(["-n", "Hello"], situation);
    assertEquals({ ...quiet, output: "" }, { code: 0, output: "", errors: "" });
  },
});
