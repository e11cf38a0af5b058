/**
 * Bundles each provider alone, and the whole library, for a browser: tells how
 * large they are, and fails where one is too large or would not run there.
 */

/** The most bytes of each bundle, minified: a little more than it has. */
const MAX_BYTES: Readonly<Record<string, number>> = {
  "mod.ts": 57_500,
  "providers/ai_chats.ts": 39_000,
  "providers/amigo_chat.ts": 43_200,
  "providers/autonomous_ai.ts": 36_000,
  "providers/cohere_c4ai_command.ts": 38_500,
  "providers/openai_compatible.ts": 42_100,
};

/** What only some runtimes have. */
const FOREIGN = /\bnode:|\brequire\(|\bprocess\.|\bBuffer\b/;

const ROOT = new URL("../", import.meta.url);

async function bundle(path: string): Promise<Uint8Array> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["bundle", "--quiet", "--minify", "--platform", "browser", path],
    cwd: ROOT,
  }).output();
  if (success) return stdout;
  throw new Error(
    `Cannot bundle "${path}": ${new TextDecoder().decode(stderr)}`,
  );
}

const paths = ["mod.ts"];
for await (const { name } of Deno.readDir(new URL("providers/", ROOT))) {
  // Others are parts of a provider, or all of them together.
  if (/^[a-z]\w*\.ts$/.test(name) && name !== "registry.ts") {
    paths.push(`providers/${name}`);
  }
}

for (const path of paths.sort()) {
  const bytes = await bundle(path);
  const limit = MAX_BYTES[path] ?? 0;
  const [foreign] = FOREIGN.exec(new TextDecoder().decode(bytes)) ?? [];
  const faults = [
    ...(bytes.length > limit ? [`is larger than ${limit} bytes`] : []),
    ...(foreign === undefined ? [] : [`uses "${foreign}"`]),
  ];
  console.log(
    [path.padEnd(36), `${bytes.length}`.padStart(6), ...faults].join(" "),
  );
  if (faults.length > 0) Deno.exitCode = 1;
}
