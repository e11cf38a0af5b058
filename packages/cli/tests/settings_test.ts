import { createOpenAiUpstream, type Upstream } from "@parley/testing";
import { assertEquals, assertStringIncludes } from "@std/assert";
import { toOllamaUrl } from "../models/ollama_url.ts";
import { createHome, runParley } from "./_run_parley.ts";

/** Tells which model was asked, with what. */
function createEcho(apiKey: string): Upstream {
  return createOpenAiUpstream({
    models: ["first", "second", "org/third"],
    apiKey,
    answer: (_prompt, { model, messages }) =>
      `${model}: ${messages.map(({ content }) => content).join(", ")}`,
  });
}

Deno.test("settings name the model, its server, and what it is told", async () => {
  const upstream = createEcho("sk-secret");
  await using server = upstream.serve();
  await using home = await createHome();
  await home.writeSettings("settings.json", {
    model: "fast",
    system: "Be brief",
    aliases: { fast: "home/second" },
    options: { temperature: 0.5 },
    servers: { home: { baseUrl: `${server.url}/v1`, model: "org/third" } },
  });
  await home.writeSettings("keys.json", { home: "sk-secret" });
  const ask = async (...args: string[]) =>
    (await runParley([...args, "-n", "Hi"], home)).output;
  assertEquals(await ask(), "second: Be brief, Hi\n");
  assertEquals(await ask("-m", "HOME"), "org/third: Be brief, Hi\n");
  assertEquals(await ask("-m", "home/org/third"), "org/third: Be brief, Hi\n");
  assertEquals(
    await ask("-m", "first", "-s", "Go"),
    "first: Be brief, Hi\n"
      .replace("Be brief", "Go"),
  );
  const body = upstream.requests.at(-1)?.body;
  assertStringIncludes(String(body), '"temperature":0.5');
});

for (
  const [file, content, message] of [
    [
      "settings",
      { modle: "x" },
      'Option "modle" is unknown: did you mean "model"?',
    ],
    ["settings", { servers: { a: { baseUrl: "x" } } }, "an http(s) URL"],
    ["settings", { options: { temprature: 1 } }, 'did you mean "temperature"?'],
    ["settings", [], "settings.json"],
    ["keys", { ollama: 1 }, 'must be like {"openai": "sk-…"}'],
  ] as const
) {
  Deno.test(`${file} are refused as ${JSON.stringify(content)}`, async () => {
    await using home = await createHome({ OLLAMA_HOST: "127.0.0.1:1" });
    await home.writeSettings(`${file}.json`, content);
    const { code, errors } = await runParley(["Hi"], home);
    assertEquals(code, 2);
    assertStringIncludes(errors, message);
  });
}

Deno.test("keys that others may read are not used", async () => {
  await using home = await createHome();
  await home.writeSettings("keys.json", { ollama: "sk-secret" }, 0o644);
  const { code, errors } = await runParley(["Hi"], home);
  assertEquals(code, 2);
  assertStringIncludes(errors, "may be read by others");
  assertEquals(errors.includes("sk-secret"), false);
});

Deno.test("the key of a server goes before the one for any", async () => {
  await using server = createEcho("sk-own").serve();
  await using home = await createHome({
    OPENAI_BASE_URL: `${server.url}/v1`,
    OPENAI_API_KEY: "sk-own",
    OLLAMA_HOST: server.url,
    PARLEY_API_KEY: "sk-any",
  });
  const ask = async (model: string) =>
    (await runParley(["-m", model, "-n", "Hi"], home)).code;
  assertEquals([await ask("openai/first"), await ask("ollama/first")], [0, 3]);
});

Deno.test("toOllamaUrl() reads what Ollama reads", () => {
  for (
    const [host, url] of [
      ["", "http://127.0.0.1:11434/v1"],
      ["box", "http://box:11434/v1"],
      [":8080", "http://127.0.0.1:8080/v1"],
      ["0.0.0.0", "http://127.0.0.1:11434/v1"],
      ["http://box:8080/", "http://box:8080/v1"],
      ["https://box.example/ollama", "https://box.example/ollama/v1"],
    ] as const
  ) {
    assertEquals(toOllamaUrl(host), url);
  }
});
