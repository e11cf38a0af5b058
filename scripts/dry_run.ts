/**
 * Shows that the packages can be published, without publishing them.
 *
 * What stands for packages of JSR in development must not be taken for a part of
 * the one that uses it, so this is done in a copy, where it lies outside.
 */

const ROOT = new URL("../", import.meta.url);

/** What is no part of any package. */
const SKIPPED = ["node_modules", "coverage", "fixtures"];

async function copy(from: URL, to: URL): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (SKIPPED.includes(name) || name.startsWith(".")) continue;
    if (isDirectory) {
      await copy(new URL(`${name}/`, from), new URL(`${name}/`, to));
    } else await Deno.copyFile(new URL(name, from), new URL(name, to));
  }
}

const folder = await Deno.makeTempDir({ prefix: "parley_publish_" });
try {
  const copied = new URL(`file://${folder}/package/`);
  await copy(ROOT, copied);
  await Deno.rename(
    new URL("tests/links", copied),
    new URL("../links", copied),
  );
  const config = new URL("deno.json", copied);
  const text = await Deno.readTextFile(config);
  await Deno.writeTextFile(
    config,
    text.replaceAll("./tests/links/", "../links/"),
  );
  const { code } = await new Deno.Command(Deno.execPath(), {
    args: ["publish", "--dry-run", "--allow-dirty", "--quiet"],
    cwd: copied,
    stdin: "null",
    stdout: "inherit",
    stderr: "inherit",
  }).output();
  Deno.exitCode = code;
} finally {
  await Deno.remove(folder, { recursive: true });
}
