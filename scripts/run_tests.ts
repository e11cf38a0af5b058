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

const SKIPPED = ["node_modules", "coverage", "fixtures", "links", "npm"];

async function* listFiles(folder: URL): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (SKIPPED.includes(name) || name.startsWith(".")) continue;
    if (isDirectory) yield* listFiles(new URL(`${name}/`, folder));
    else yield new URL(name, folder).href.slice(ROOT.href.length);
  }
}

// What follows "--" is the tests' own.
const end = Deno.args.indexOf("--");
const { deep, check, _: paths } = parseArgs(
  end < 0 ? Deno.args : Deno.args.slice(0, end),
  {
    boolean: ["deep", "check"],
    default: { check: true },
    negatable: ["check"],
  },
);
const chosen = Deno.args.filter((argument) => argument !== "--deep");
const isWhole = !deep && paths.length === 0;
const files = (await Array.fromAsync(listFiles(ROOT))).sort();
const deepFiles = files.filter((file) =>
  DEEP.test(file) || /^tests\/fuzz\/.*_test\.ts$/.test(file)
);
await using groups = await groupTests(
  isWhole ? files.filter((file) => !DEEP.test(file)) : [],
  ROOT,
);
const selection = deep
  ? [...chosen, ...deepFiles, ...DEEP_FUZZ]
  : isWhole
  ? [...groups.modules, ...(check ? ["--no-check"] : []), ...chosen]
  : chosen;

const temporary = Deno.env.get("TMPDIR") ?? "/tmp";
const tests = new Deno.Command(Deno.execPath(), {
  args: [
    "test",
    "--parallel",
    "--allow-read",
    "--allow-net=127.0.0.1,localhost,[::1],*.test",
    `--allow-write=${temporary}`,
    `--allow-run=${Deno.execPath()}${deep ? ",npm,script" : ""}`,
    // Clients that are tried at length come from npm, and look where they are;
    // `script` gives a program a terminal.
    ...(deep ? ["--allow-env", "--allow-sys"] : ["--allow-sys=hostname"]),
    ...selection,
  ],
  cwd: ROOT,
  env: { NO_COLOR: "1" },
  stdin: "null",
  stdout: "piped",
  stderr: "inherit",
}).spawn();

// Types are checked meanwhile, of everything once, as its own folder wants them.
const types = isWhole && check
  ? new Deno.Command(Deno.execPath(), {
    args: ["check", "--quiet", ...groups.members],
    cwd: ROOT,
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).output()
  : undefined;
types?.then(({ success }) => success || tests.kill());

const progress = new TestProgress({
  parts: isWhole
    ? groups.modules.length
    : deep
    ? deepFiles.length
    : paths.length,
  isTerminal: Deno.stdout.isTerminal(),
  write: (text) => Deno.stdout.writeSync(new TextEncoder().encode(text)),
});
const lines = tests.stdout.pipeThrough(new TextDecoderStream());
for await (const text of lines) progress.read(text);
progress.end();
const checked = await types;
if (checked !== undefined) await Deno.stderr.write(checked.stderr);
const { code } = await tests.status;
Deno.exitCode = checked?.success === false ? checked.code : code;
