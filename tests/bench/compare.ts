// Measures two commits side by side: `deno task bench:compare main HEAD`.
import { median } from "./_measure.ts";

const ROUNDS = 5;
const ROOT = new URL("../../", import.meta.url);

async function run(
  command: string,
  args: readonly string[],
  cwd: string | URL = ROOT,
): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(command, {
    args: [...args],
    cwd,
  }).output();
  const decoder = new TextDecoder();
  if (success) return decoder.decode(stdout);
  throw new Error(`${command} ${args.join(" ")}: ${decoder.decode(stderr)}`);
}

const [before = "HEAD~1", after = "HEAD"] = Deno.args;
const folder = await Deno.makeTempDir({ prefix: "parley_compare_" });
const trees = [before, after].map((commit, index) => ({
  commit,
  path: `${folder}/${index}`,
  ratios: new Map<string, number[]>(),
}));
try {
  for (const { commit, path } of trees) {
    await run("git", ["worktree", "add", "--detach", path, commit]);
    // Both are measured by the same loops.
    await run("cp", ["-r", "tests/bench", `${path}/tests`]);
  }
  for (let round = 0; round < ROUNDS; round++) {
    for (const { path, ratios } of trees) {
      const output = await run(Deno.execPath(), [
        ...["run", "--quiet", "--no-check", "--allow-all"],
        `${path}/tests/bench/_sample.ts`,
      ], path);
      for (const [title, ratio] of Object.entries(JSON.parse(output))) {
        ratios.set(title, [...ratios.get(title) ?? [], Number(ratio)]);
      }
    }
  }
} finally {
  for (const { path } of trees) {
    await run("git", ["worktree", "remove", "--force", path]);
  }
  await Deno.remove(folder, { recursive: true });
}
const [old, own] = trees;
for (const [title, ratios] of old?.ratios ?? []) {
  const [was, is] = [median(ratios), median(own?.ratios.get(title) ?? [])];
  const change = ((is / was - 1) * 100).toFixed(1);
  console.log(
    `${title}: ${was.toFixed(2)} x -> ${is.toFixed(2)} x (${change} %)`,
  );
}
