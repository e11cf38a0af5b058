/**
 * Runs the tests and shows how far they are: those that a newcomer runs, or with
 * `--deep` those that take minutes. Other arguments are those of `deno test`.
 */

import { parseArgs } from "@std/cli/parse-args";
import { groupTests } from "./_run_tests_groups.ts";
import { TestProgress } from "./_run_tests_progress.ts";

const ROOT = new URL("../", import.meta.url);

/** Files that take minutes: matrices, mutants, load, real clients. */
const DEEP = /_deep_test\.ts$/;

/** Random cases of each test where they are tried at length. */
const DEEP_FUZZ = ["--", "--count", "10000"];

const SKIPPED = ["node_modules", "coverage", "fixtures", "links"];

async function* listTests(folder: URL): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (SKIPPED.includes(name) || name.startsWith(".")) continue;
    if (isDirectory) yield* listTests(new URL(`${name}/`, folder));
    else if (name.endsWith("_test.ts")) {
      yield new URL(name, folder).href.slice(ROOT.href.length);
    }
  }
}

// What follows "--" is the tests' own.
const end = Deno.args.indexOf("--");
const { deep, _: paths } = parseArgs(
  end < 0 ? Deno.args : Deno.args.slice(0, end),
  { boolean: ["deep"] },
);
const chosen = Deno.args.filter((argument) => argument !== "--deep");
const files = (await Array.fromAsync(listTests(ROOT))).sort();
const isWhole = !deep && paths.length === 0;
const deepFiles = files.filter((file) => DEEP.test(file));
const quickFiles = files.filter((file) => !DEEP.test(file));
await using groups = await groupTests(isWhole ? quickFiles : [], ROOT);
const others = [...groups.files, ...deepFiles];
const selection = deep
  ? [...chosen, ...deepFiles, "tests/fuzz/", ...DEEP_FUZZ]
  : isWhole
  ? ["--doc", `--ignore=${others.join(",")}`, ".", ...groups.modules, ...chosen]
  : chosen;

const temporary = Deno.env.get("TMPDIR") ?? "/tmp";
const process = new Deno.Command(Deno.execPath(), {
  args: [
    "test",
    "--parallel",
    "--allow-read",
    "--allow-net=127.0.0.1,localhost,[::1],*.test",
    `--allow-write=${temporary}`,
    `--allow-run=${Deno.execPath()}${deep ? ",npm" : ""}`,
    // Clients that are tried at length come from npm, and look where they are.
    ...(deep ? ["--allow-env", "--allow-sys"] : ["--allow-sys=hostname"]),
    ...selection,
  ],
  cwd: ROOT,
  env: { NO_COLOR: "1" },
  stdin: "null",
  stdout: "piped",
  stderr: "inherit",
}).spawn();

const progress = new TestProgress({
  parts: isWhole
    ? groups.modules.length + quickFiles.length - groups.files.length
    : deep
    ? deepFiles.length
    : paths.length,
  isTerminal: Deno.stdout.isTerminal(),
  write: (text) => Deno.stdout.writeSync(new TextEncoder().encode(text)),
});
const lines = process.stdout.pipeThrough(new TextDecoderStream());
for await (const text of lines) progress.read(text);
progress.end();
Deno.exitCode = (await process.status).code;
