import { createOpenAiUpstream } from "@parley/testing";
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { Pty } from "./_pty.ts";
import { createHome } from "./_run_parley.ts";

/** Answers, and where it is asked to wait, never ends. */
function createTalker() {
  return createOpenAiUpstream({
    models: ["llama3.2"],
    async *answer(prompt) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      yield `**Good** ${prompt} \x1bc. `;
      if (prompt === "wait") await new Promise(() => {});
    },
  });
}

/** Whether there is no `script` of Linux, which gives a program a terminal. */
const ignore = await Deno.lstat("/usr/bin/script").then(
  () => Deno.build.os !== "linux",
  () => true,
);

/** What stands on the screen where a line is read. */
const PROMPT = /> \S*\[3G/;

const BOLD = "\x1b[1mGood\x1b[22m";

Deno.test(
  "parley chat edits lines, stops an answer and goes on",
  { ignore },
  async () => {
    await using server = createTalker().serve();
    await using home = await createHome({ OLLAMA_HOST: server.url });
    await using pty = new Pty(["chat"], home.environment);
    await pty.readUntil(/> /);
    await pty.press("dai\x7fy\r");
    const answer = await pty.readUntil(PROMPT);
    assertStringIncludes(answer, "⠋");
    assertStringIncludes(answer, `${BOLD} day c. `);
    await pty.press("wait\r");
    await pty.readUntil(/wait c\./);
    await pty.press("\x03");
    await pty.readUntil(PROMPT);
    // The arrow key brings back what was asked.
    await pty.press("\x1b[A\x1b[A\r");
    assertStringIncludes(
      await pty.readUntil(/day c[^]*> \S*\[3G/),
      BOLD,
    );
    await pty.press("\x04");
    assertEquals(await pty.end(), 0);

    await using again = new Pty(["chat", "-c"], home.environment);
    await again.readUntil(/> /);
    await again.press("\x1b[A\r");
    await again.readUntil(/day c\./);
    await again.press("\x04");
    assertEquals(await again.end(), 0);
  },
);

Deno.test(
  "parley takes what is pasted as one message",
  { ignore },
  async () => {
    await using server = createTalker().serve();
    await using home = await createHome({ OLLAMA_HOST: server.url });
    await using pty = new Pty(["chat"], home.environment);
    await pty.readUntil(/> /);
    await pty.press("\x1b[200~one\ntwo\x1b[201~");
    await pty.readUntil(/one␤two/);
    await pty.press("\r");
    await pty.readUntil(/one\r\ntwo c\./);
    await pty.press("\x04");
    assertEquals(await pty.end(), 0);
  },
);

Deno.test(
  "parley ends with 130 at Ctrl-C, and with no colours where none are wanted",
  { ignore },
  async () => {
    await using server = createTalker().serve();
    await using home = await createHome({
      OLLAMA_HOST: server.url,
      NO_COLOR: "1",
    });
    await using pty = new Pty(["wait"], home.environment);
    await pty.readUntil(/\*\*Good\*\* wait/);
    await pty.press("\x03");
    assertEquals(await pty.end(), 130);
    assert(!pty.screen.includes("\x1b[1m"));
  },
);
