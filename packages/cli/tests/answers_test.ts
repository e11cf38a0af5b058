import { createAmigoChat, ProviderError } from "@parley/chat";
import {
  createAiChatsUpstream,
  createAmigoChatUpstream,
  createChatUiUpstream,
  createOpenAiUpstream,
  createUpstream,
} from "@parley/testing";
import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { keepPicture } from "../answers/picture_file.ts";
import { toExitCode, UsageError } from "../terminal/exit_code.ts";
import { createHome, runAgainst, runParley } from "./_run_parley.ts";

Deno.test("reasoning is dim on a terminal, and not in a pipe", async () => {
  const deltas = [
    { reasoning_content: "Let me\nsee\x1b[2J" },
    { content: "**Yes**\x1b[2J, of course" },
  ];
  const upstream = createUpstream(() =>
    new Response(
      deltas.map((delta) =>
        `data: ${JSON.stringify({ choices: [{ delta }] })}\n\n`
      ).join("") + "data: [DONE]\n\n",
      { headers: { "content-type": "text/event-stream" } },
    )
  );
  const args = ["-m", "server/x", "Hello"];
  const seen = await runAgainst(upstream, args, { isTerminal: true });
  assertEquals(
    seen.output,
    "\x1b[2mLet me\x1b[22m\n\x1b[2msee[2J\x1b[22m\n\n" +
      "\x1b[1mYes\x1b[22m[2J, of course\n",
  );
  const plain = await runAgainst(upstream, args, {
    isTerminal: true,
    environment: { NO_COLOR: "1" },
  });
  assertEquals(plain.output, "**Yes**[2J, of course\n");
  const piped = await runAgainst(upstream, args);
  assertEquals(piped.output, "**Yes**\x1b[2J, of course\n");
  const forced = await runAgainst(upstream, args, {
    environment: { FORCE_COLOR: "1" },
  });
  assertEquals(forced.output, "\x1b[1mYes\x1b[22m[2J, of course\n");
});

Deno.test("pictures go to files of their own", async () => {
  const upstream = createAmigoChatUpstream({
    imageFormat: "b64_json",
    imageCount: 2,
  });
  await using home = await createHome();
  const path = `${home.environment.HOME}/boat.png`;
  const args = ["-m", "AmigoChat/dall-e-3", "A boat", "--out", path];
  const { output } = await runAgainst(upstream, args);
  const second = path.replace(".png", "-2.png");
  assertEquals(output, `${path}\n${second}\n`);
  const bytes = await Deno.readFile(second);
  assertEquals(bytes.subarray(1, 4), new TextEncoder().encode("PNG"));
  const none = await runAgainst(createChatUiUpstream({ models: ["a"] }), [
    "-m",
    "chat-ui/a",
    "A boat",
    "--out",
    path,
  ]);
  assertStringIncludes(none.errors, "There is no picture");
  await Deno.remove(path);
  await runAgainst(upstream, [...args, "--json"]);
  assertEquals((await Deno.stat(path)).isFile, true);
});

Deno.test("a picture of bytes is kept in a file of a free name for a person", async () => {
  const { images } = await createAmigoChat({
    fetch: createAmigoChatUpstream({ imageFormat: "b64_json" }).fetch,
  }).generate("A boat", { model: "dall-e-3" });
  const [image] = images;
  assert(image !== undefined);
  await using home = await createHome();
  const folder = home.environment.HOME ?? "";
  const { signal } = new AbortController();
  assertEquals(
    [
      await keepPicture(image, folder, signal),
      await keepPicture(image, folder, signal),
    ],
    [`${folder}/picture.png`, `${folder}/picture-2.png`],
  );
});

Deno.test("pictures are shown to a model, beside what is piped in", async () => {
  const upstream = createOpenAiUpstream({ models: ["llava"] });
  await using server = upstream.serve();
  await using home = await createHome({ OLLAMA_HOST: server.url });
  const path = `${home.environment.HOME}/cat.gif`;
  await Deno.writeTextFile(path, "GIF89a");
  const { code } = await runParley(["--image", path, "What is it?"], {
    ...home,
    input: "Some notes\n",
  });
  assertEquals(code, 0);
  const body = JSON.parse(upstream.requests.at(-1)?.body ?? "");
  assertEquals(body.messages, [{
    role: "user",
    content: [
      { type: "text", text: "Some notes\n\nWhat is it?" },
      {
        type: "image_url",
        image_url: { url: "data:image/gif;base64,R0lGODlh" },
      },
    ],
  }]);
});

Deno.test("a chat that its server has forgotten goes on with all that was said", async () => {
  let upstream = createChatUiUpstream({ models: ["llama-4"] });
  await using server = createUpstream((request) => upstream.fetch(request))
    .serve();
  await using home = await createHome();
  await runParley(
    ["-m", "chat-ui/llama-4", "--base-url", server.url, "I am Ada"],
    home,
  );
  upstream = createChatUiUpstream({ models: ["llama-4"] });
  const { code, errors } = await runParley(["-c", "Who am I?"], home);
  assertEquals(code, 0);
  assertStringIncludes(errors, "warning: The server has forgotten the chat");
  assert(upstream.requests.some(({ body }) => body.includes("I am Ada")));
});

Deno.test("a warning does not end the wait for the answer", async () => {
  const { errors } = await runAgainst(
    createAiChatsUpstream(),
    ["-m", "AiChats", "-o", "seed=1", "Hello"],
    { isTerminal: true },
  );
  assertMatch(errors, /^\r⠋\r.\[K.*warning:.*seed[^\n]*\n\r⠙/);
});

Deno.test("the exit code tells apart how an answer failed", () => {
  for (
    const [code, exitCode] of [
      ["unknown-model", 2],
      ["rate-limit", 3],
      ["timeout", 4],
      ["incomplete", 5],
      ["bad-response", 1],
    ] as const
  ) {
    assertEquals(toExitCode(new ProviderError("No", { code })), exitCode);
  }
  assertEquals(toExitCode(new UsageError("No")), 2);
  assertEquals(toExitCode(new Error("No")), 1);
});
