import { createOpenAiUpstream } from "@parley/testing";
import { assertEquals, assertStringIncludes } from "@std/assert";
import { createHome, runParley } from "./_run_parley.ts";

Deno.test("chat() answers each line that is piped in, and obeys its commands", async () => {
  const upstream = createOpenAiUpstream({
    models: ["llama3.2", "gpt-5"],
    answer: (_prompt, { model, messages }) =>
      `${model}: ${messages.map(({ content }) => content).join("+")}`,
  });
  await using server = upstream.serve();
  await using home = await createHome({ OLLAMA_HOST: server.url });
  const { code, output, errors } = await runParley(["chat"], {
    ...home,
    input: [
      "one",
      "",
      "/model ollama/gpt-5",
      "/new",
      "/system Be brief",
      '"""two',
      'three"""',
      "/sistem",
      "/etc/hosts?",
      "/help",
      "/exit",
      "never",
    ].join("\n"),
  });
  assertEquals(code, 0);
  assertEquals(
    output,
    "llama3.2: one\ngpt-5: Be brief+two\nthree\n" +
      "gpt-5: Be brief+two\nthree+gpt-5: Be brief+two\nthree+/etc/hosts?\n",
  );
  assertStringIncludes(errors, "ollama/gpt-5\nA new chat\nBe brief\n");
  assertStringIncludes(errors, 'did you mean "/system"?');
  const { output: listed } = await runParley(["chats"], home);
  assertEquals(listed.trimEnd().split("\n").length, 2);
});

Deno.test("chat() takes another model from the server that is asked", async () => {
  const upstream = createOpenAiUpstream({
    models: ["first", "org/second"],
    answer: (_prompt, { model }) => model,
  });
  await using server = upstream.serve();
  const { output, errors } = await runParley(
    ["chat", "--base-url", `${server.url}/v1`],
    { input: "one\n/model org/second\ntwo\n/model server/first\nthree" },
  );
  assertEquals(output, "first\norg/second\nfirst\n");
  assertStringIncludes(errors, "server/org/second\nserver/first\n");
});

Deno.test("chat() goes on after an answer that fails", async () => {
  const upstream = createOpenAiUpstream({
    models: ["llama3.2"],
    *answer(prompt) {
      yield "Good";
      if (prompt === "Break") throw new Error("Out of memory");
    },
  });
  await using server = upstream.serve();
  const { code, output, errors } = await runParley(["chat"], {
    environment: { OLLAMA_HOST: server.url },
    input: "Break\nGo on",
  });
  assertEquals({ code, output }, { code: 0, output: "GoodGood\n" });
  assertStringIncludes(errors, "Out of memory");
});
