/**
 * Bundles each provider alone, and the whole library, for a browser: prints how
 * large they are, and fails where one is too large or would not run there.
 */

/** The most bytes of one provider, minified. */
const MAX_BYTES = 86_300;

/** What is larger, and the most bytes of it. */
const LARGER: Readonly<Record<string, number>> = {
  // All providers at once.
  "mod.ts": 151_100,
  // They read whatever a server writes that speaks like OpenAI's.
  "providers/amigo_chat.ts": 103_750,
  "providers/autonomous_ai.ts": 100_900,
  // Besides, it takes tools and objects.
  "providers/openai_compatible.ts": 122_150,
  // They keep conversations and recover answers, of servers old and new.
  "providers/chat_ui.ts": 108_500,
  "providers/cohere_c4ai_command.ts": 108_500,
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
  const limit = LARGER[path] ?? MAX_BYTES;
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
