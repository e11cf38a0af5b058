/**
 * Writes the library as a package for npm into the folder `npm/`: one module for
 * each entry point, what they share in others, types beside them, and nothing to
 * install with it. `npm install ./npm` or `npm pack ./npm` takes it from there.
 */

const ROOT = new URL("../", import.meta.url);
const OUTPUT = new URL("npm/", ROOT);

/** Of a packed module only its types are taken: its code is bundled. */
const CODE = /\.js(?:\.map)?$/;

async function run(command: string, args: readonly string[]): Promise<void> {
  const { success } = await new Deno.Command(command, {
    args: [...args],
    cwd: ROOT,
    stdin: "null",
    stdout: "null",
    // It names every module without types of its own; none of them is public.
    stderr: command === "tar" ? "inherit" : "null",
  }).output();
  if (!success) throw new Error(`Cannot run ${command} ${args.join(" ")}`);
}

async function removeCode(folder: URL): Promise<void> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const url = new URL(isDirectory ? `${name}/` : name, folder);
    if (isDirectory) await removeCode(url);
    else if (CODE.test(name)) await Deno.remove(url);
  }
}

const config = JSON.parse(
  await Deno.readTextFile(new URL("deno.json", ROOT)),
);
const entries: readonly string[] = Object.values(config.exports);

await Deno.remove(OUTPUT, { recursive: true }).catch(() => {});
await Deno.mkdir(OUTPUT);
const tarball = new URL("chat.tgz", OUTPUT);
const deno = Deno.execPath();
await run(deno, ["pack", "--allow-dirty", "--output", tarball.pathname]);
await run("tar", [
  ...["--extract", "--gzip", "--file", tarball.pathname],
  ...["--directory", OUTPUT.pathname, "--strip-components", "1"],
]);
await Deno.remove(tarball);
await removeCode(OUTPUT);
// What stands for packages of JSR is bundled, too.
await Deno.remove(new URL("tests/", OUTPUT), { recursive: true })
  .catch(() => {});
await run(deno, [
  ...["bundle", "--platform", "browser", "--code-splitting"],
  ...["--outdir", OUTPUT.pathname, ...entries],
]);

const file = new URL("package.json", OUTPUT);
const { dependencies: _, ...manifest } = JSON.parse(
  await Deno.readTextFile(file),
);
await Deno.writeTextFile(
  file,
  JSON.stringify({ ...manifest, engines: { node: ">=20" } }, null, 2) + "\n",
);
console.log(`${manifest.name} ${manifest.version} is in ${OUTPUT.pathname}`);
