import { createOpenAiUpstream } from "@parley/testing";
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { runParley } from "./_run_parley.ts";

Deno.test("models() lists what servers have, as text and as JSON", async () => {
  const upstream = createOpenAiUpstream({ models: ["llama\x1b[2J3.2"] });
  await using server = upstream.serve();
  const situation = { environment: { OLLAMA_HOST: server.url } };
  const text = await runParley(["models"], situation);
  assertEquals(text.code, 0);
  assertStringIncludes(text.output, "  ollama/llama[2J3.2\n");
  assertMatch(
    text.output,
    /^ {2}CohereForAI_C4AI_Command\/command-a-03-2025 \(default, also /m,
  );
  const json = await runParley(["models", "--json", "aichats"], situation);
  const { server: name, imageModels } = JSON.parse(json.output);
  assertEquals([name, imageModels], ["AiChats", ["dalle"]]);
});

Deno.test("models() tells why a server lists nothing, and refuses unknown ones", async () => {
  const environment = { OLLAMA_HOST: "127.0.0.1:1" };
  const gone = await runParley(["models", "ollama"], { environment });
  assertEquals(gone.code, 0);
  assertMatch(gone.output, /^ollama .*\n {2}Cannot list .*\n\n$/);
  const unknown = await runParley(["models", "olama"], { environment });
  assertEquals(unknown.code, 2);
  assertStringIncludes(unknown.errors, 'did you mean "ollama"?');
});

Deno.test("models() probes", async () => {
  const upstream = createOpenAiUpstream({
    models: ["llama3.2"],
    apiKey: "sk-1",
  });
  await using server = upstream.serve();
  const probe = async (environment: Record<string, string>) => {
    const args = ["models", "--probe", "--json", "ollama"];
    const { code, output } = await runParley(args, { environment });
    const { verdict, model } = JSON.parse(output);
    return { code, verdict, model };
  };
  assertEquals(
    await probe({ OLLAMA_HOST: server.url, PARLEY_API_KEY: "sk-1" }),
    { code: 0, verdict: "ok", model: "llama3.2" },
  );
  assertEquals(
    await probe({ OLLAMA_HOST: server.url }),
    { code: 1, verdict: "key-refused", model: "unknown" },
  );
  assertEquals(
    await probe({ OLLAMA_HOST: "127.0.0.1:1" }),
    { code: 1, verdict: "gone", model: "unknown" },
  );
});
