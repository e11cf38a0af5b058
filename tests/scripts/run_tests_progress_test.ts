import { assertEquals } from "@std/assert";
import { TestProgress } from "../../scripts/_run_tests_progress.ts";

const OUTPUT = `./tests/a_test.ts => nought ... ok (1ms)
./tests/a_test.ts => one ... ok (2ms)
./tests/a_test.ts => two ... FAILED (3ms)
../tmp/tests_b.ts => three ... ok (1ms)

 ERRORS 

two => ./tests/a_test.ts:3:6
error: Error: no

FAILED | 3 passed | 1 failed (3s)
`;

function run(text: string, isTerminal: boolean): string {
  let written = "";
  let time = 0;
  const progress = new TestProgress({
    parts: 3,
    isTerminal,
    write: (text) => written += text,
    now: () => time += 4_000,
  });
  for (const piece of text.match(/[^]{1,8}/g) ?? []) progress.read(piece);
  progress.end();
  return written;
}

Deno.test("the progress of tests is one line, and failures are told in full", () => {
  const terminal = run(OUTPUT, true);
  assertEquals(terminal.includes("two ... FAILED"), false);
  assertEquals(terminal.includes("2/3 parts, 3 passed, 1 failed, "), true);
  assertEquals(terminal.includes("error: Error: no\n"), true);
  assertEquals(terminal.endsWith("FAILED | 3 passed | 1 failed (3s)\n"), true);
});

Deno.test("the progress of tests has a line now and then where it is kept", () => {
  const lines = run(OUTPUT, false).split("\n");
  assertEquals(lines[0], "0/3 parts, 0 passed, 0 failed, 12 s");
  assertEquals(lines.at(-2), "FAILED | 3 passed | 1 failed (3s)");
});
