import {
  createAiChatsUpstream,
  createAmigoChatUpstream,
  createChatUiUpstream,
  createUpstream,
} from "@parley/testing";
import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { runAgainst, runParley } from "./_run_parley.ts";

const COHERE = ["-m", "CohereForAI_C4AI_Command"];

Deno.test("ask() writes nothing but the answer, and a line feed at its end", async () => {
  const upstream = createChatUiUpstream({ answer: () => "Good day" });
  assertEquals(await runAgainst(upstream, [...COHERE, "Hello"]), {
    code: 0,
    output: "Good day\n",
    errors: "",
  });
});

Deno.test("ask() adds no line feed to an answer that ends with one", async () => {
  const upstream = createAmigoChatUpstream({ answer: () => "Good day\n" });
  const { output } = await runAgainst(upstream, [
    "--model=amigochat",
    "Hello",
  ]);
  assertEquals(output, "Good day\n");
});

Deno.test("ask() reads the prompt from standard input", async () => {
  const upstream = createAmigoChatUpstream({ answer: (prompt) => prompt });
  const { code, output } = await runAgainst(
    upstream,
    ["-m", "AmigoChat", "-"],
    { input: "Name\n  three rivers\n" },
  );
  assertEquals({ code, output }, { code: 0, output: "Name\n  three rivers\n" });
});

Deno.test("ask() keeps a prompt of digits as it is", async () => {
  const upstream = createAmigoChatUpstream({ answer: (prompt) => prompt });
  const { output } = await runAgainst(upstream, [
    "-m",
    "AmigoChat",
    "007",
  ]);
  assertEquals(output, "007\n");
});

Deno.test("ask() writes one line of JSON for each event", async () => {
  const upstream = createChatUiUpstream({ answer: () => "Good day" });
  const { code, output, errors } = await runAgainst(upstream, [
    ...COHERE,
    "--json",
    "Hello",
  ]);
  const events = output.trimEnd().split("\n").map((line) => JSON.parse(line));
  assertEquals({ code, errors }, { code: 0, errors: "" });
  assertEquals(events.at(-1), { type: "finish", reason: "stop" });
  assert(events.some(({ type }) => type === "title"));
  assert(events.some(({ type }) => type === "conversation"));
  assertEquals(
    events.filter(({ type }) => type === "text").map(({ text }) => text).join(
      "",
    ),
    "Good day",
  );
});

Deno.test("ask() writes a picture as its URL, or as a data URL", async () => {
  const args = ["-m", "AmigoChat/dall-e-3", "A boat"];
  const url = await runAgainst(createAmigoChatUpstream(), args);
  assertMatch(url.output, /^http:\/\/127\.0\.0\.1:\d+\/img\/1\.png\n$/);
  const data = await runAgainst(
    createAmigoChatUpstream({ imageFormat: "b64_json", imageCount: 2 }),
    args,
  );
  assertMatch(data.output, /^(data:image\/png;base64,\S+\n){2}$/);
});

Deno.test("ask() names any model to another server", async () => {
  const upstream = createChatUiUpstream({
    models: ["llama-4"],
    answer: (_prompt, { model }) => model,
  });
  const { output } = await runAgainst(upstream, [
    "-m",
    "chat-ui/llama-4",
    "Hello",
  ]);
  assertEquals(output, "llama-4\n");
});

Deno.test("ask() sends the key", async () => {
  const upstream = createAmigoChatUpstream();
  const args = ["-m", "AmigoChat", "Hello"];
  await runAgainst(upstream, args, {
    environment: { PARLEY_API_KEY: "secret" },
  });
  const [request] = upstream.requests;
  assertEquals(request?.headers.get("authorization"), "Bearer secret");
});

Deno.test("ask() tells a refusal on standard error only", async () => {
  const upstream = createUpstream(() => new Response("no", { status: 401 }));
  const { code, output, errors } = await runAgainst(upstream, [
    ...COHERE,
    "Hello",
  ]);
  assertEquals({ code, output }, { code: 3, output: "" });
  assertMatch(errors, /^error: .*status is 401.*\(authentication\): its key /);
});

Deno.test("ask() fails after the text of an answer that breaks off", async () => {
  const upstream = createAmigoChatUpstream({
    *answer() {
      yield "Good";
      throw new Error("Out of memory");
    },
  });
  const args = ["-m", "AmigoChat", "Hello"];
  const { code, output, errors } = await runAgainst(upstream, args, {
    isTerminal: true,
  });
  assertEquals({ code, output }, { code: 1, output: "Good\n" });
  assertStringIncludes(errors, "Out of memory");
});

Deno.test("ask() warns of an answer that is cut short", async () => {
  const choice = { message: { content: "Good" }, finish_reason: "length" };
  const upstream = createUpstream(() => Response.json({ choices: [choice] }));
  const args = ["-m", "AmigoChat", "Hello"];
  assertEquals(await runAgainst(upstream, args), {
    code: 0,
    output: "Good\n",
    errors: "warning: The answer ended by: length\n",
  });
});

Deno.test("ask() lets no answer steer a terminal", async () => {
  const upstream = createAiChatsUpstream({ answer: () => "\x1b[2JGood\x07" });
  const args = ["-m", "AiChats", "Hello"];
  const shown = await runAgainst(upstream, args, { isTerminal: true });
  assertEquals(shown.output, "[2JGood\n");
  const piped = await runAgainst(upstream, args);
  assertEquals(piped.output, "\x1b[2JGood\x07\n");
});

Deno.test("ask() ends quietly where nobody reads on", async () => {
  const upstream = createAmigoChatUpstream();
  const { code, errors } = await runAgainst(
    upstream,
    ["-m", "AmigoChat", "Hello"],
    { write: () => Promise.reject(new Deno.errors.BrokenPipe()) },
  );
  assertEquals({ code, errors }, { code: 0, errors: "" });
});

Deno.test("ask() ends with 130 where it is interrupted", async () => {
  const interruption = new AbortController();
  const upstream = createAmigoChatUpstream({
    async *answer() {
      yield "Good";
      await new Promise(() => {});
    },
  });
  const { code, errors } = await runAgainst(
    upstream,
    ["-m", "AmigoChat", "Hello"],
    {
      signal: interruption.signal,
      write: () => Promise.resolve(interruption.abort()),
    },
  );
  assertEquals({ code, errors }, { code: 130, errors: "" });
});

Deno.test("ask() ends with 130 where it is interrupted before the prompt", async () => {
  const { code, errors } = await runParley(["-"], {
    signal: AbortSignal.abort(),
  });
  assertEquals({ code, errors }, { code: 130, errors: "" });
});

Deno.test("ask() explains itself", async () => {
  const { code, output } = await runParley(["ask", "-h"]);
  assertEquals(code, 0);
  assertStringIncludes(output, "--model");
});

for (
  const [args, message] of [
    [["-m", "olama/llama3.2", "Hello"], 'did you mean "ollama"?'],
    [["-m", "AiChats/nothing", "Hello"], "unknown-model"],
    [["-m", "chat-ui/x", "Hello"], "--base-url"],
    [["--base-url", "ftp://localhost", "-m", "x", "Hello"], "invalid-request"],
    [["-o", "temperature", "Hello"], "name=value"],
    [["-m", "AiChats", "-o", "temperature=9", "Hello"], "invalid-request"],
    [
      ["-m", "AiChats", "-o", "timeouts.headers=-1", "Hello"],
      "invalid-request",
    ],
    [["-c", "Hello"], "Chats are not kept"],
    [["Hello"], "There is nobody to ask"],
  ] as const
) {
  Deno.test(`ask() refuses ${JSON.stringify(args)}`, async () => {
    const { code, output, errors } = await runParley(args, {
      environment: { OLLAMA_HOST: "127.0.0.1:1" },
    });
    assertEquals({ code, output }, { code: 2, output: "" });
    assertMatch(errors, /^error: .*\n$/);
    assertStringIncludes(errors, message);
  });
}
