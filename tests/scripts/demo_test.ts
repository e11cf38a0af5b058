import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { demo, type DemoOptions } from "../../scripts/_demo.ts";
import { resumeConversation } from "../../scripts/_demo_resume.ts";
import { Screen } from "../../scripts/_demo_screen.ts";

interface Outcome {
  readonly code: number;
  readonly output: string;
  readonly files: ReadonlyMap<string, Uint8Array>;
}

async function run(options: Partial<DemoOptions> = {}): Promise<Outcome> {
  const files = new Map<string, Uint8Array>();
  let output = "";
  const code = await demo({
    write: (text) => Promise.resolve(void (output += text)),
    isColored: false,
    delay: 0,
    save(name, content) {
      files.set(name, content);
      return Promise.resolve(name);
    },
    resume: (path, prompt) =>
      resumeConversation(new TextDecoder().decode(files.get(path)), prompt),
    ...options,
  });
  return { code, output, files };
}

Deno.test("demo() shows every provider at work", async () => {
  const { code, output, files } = await run();
  assertMatch(output, /\n5 providers, \d+ checks, all passed\n$/);
  assertEquals(code, 0);
  for (
    const shown of [
      "AI-Chats.org",
      "AmigoChat",
      "Autonomous AI",
      "CohereForAI C4AI Command",
      "title:        💬",
      "usage:        10 tokens in",
      "Any server",
      "models:       llama3.2, qwen3:8b",
      "code:         unknown-model",
      'partial text: "Uns ist in alten',
      "You told me about the Lorelei",
    ]
  ) assertStringIncludes(output, shown);
  assertEquals([...files.keys()], [
    "AiChats-1.png",
    "AmigoChat-1.png",
    "AmigoChat-2.png",
    "conversation.json",
  ]);
});

Deno.test("demo() is plain where there are no colours", async () => {
  assertEquals((await run()).output.includes("\x1b"), false);
  assertStringIncludes((await run({ isColored: true })).output, "\x1b[1m");
});

Deno.test("demo() fails where the second process knows nothing", async () => {
  const { code, output } = await run({
    resume: () => ReadableStream.from(["You told me nothing"]),
  });
  assertEquals(code, 1);
  assertMatch(output, /missing: {6}\S+: the server remembers\n/);
  assertMatch(output, /\n2 of \d+ checks failed\n$/);
});

Deno.test("demo() fails where a file cannot be kept", async () => {
  const { code, output } = await run({
    save: () => Promise.reject(new Error("The disk is full")),
  });
  assertEquals(code, 1);
  assertStringIncludes(output, "missing:      The disk is full\n");
});

Deno.test("Screen wraps words, and keeps the indent of code", async () => {
  let output = "";
  const screen = new Screen({
    write: (text) => Promise.resolve(void (output += text)),
    isColored: false,
  });
  const long = "x".repeat(40);
  for (const piece of ["if:\n", "  go", ` ${long}`, ` ${long}`, " end\n"]) {
    await screen.text(piece);
  }
  assertEquals(output, `  if:\n    go ${long}\n  ${long} end\n`);
});
