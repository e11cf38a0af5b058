/**
 * Shows every provider at work against servers on this machine.
 *
 * The task gives a temporary folder, the only one that this may write to; the
 * pictures stay there.
 */

import { demo } from "./_demo.ts";

/** Milliseconds before each word: about as fast as one reads. */
const DELAY = 70;

const [folder = await Deno.makeTempDir({ prefix: "parley_" })] = Deno.args;
const conversations: string[] = [];
const encoder = new TextEncoder();
const output = Deno.stdout.writable.getWriter();
const write = (text: string) => output.write(encoder.encode(text));

async function save(
  name: string,
  content: Uint8Array<ArrayBuffer>,
): Promise<string> {
  const path = `${folder}/${name}`;
  // A conversation carries session cookies: only its owner may read it.
  await Deno.writeFile(path, content, { mode: 0o600 });
  if (name.endsWith(".json")) conversations.push(path);
  return path;
}

async function* resume(path: string, prompt: string): AsyncGenerator<string> {
  const script = new URL("./_demo_resume.ts", import.meta.url);
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--no-prompt",
      `--allow-read=${path}`,
      "--allow-net=127.0.0.1",
      script.href,
      path,
      prompt,
    ],
    // Deno lets no scoped permission pass these on.
    env: { LD_LIBRARY_PATH: "", LD_PRELOAD: "" },
    stdin: "null",
    stdout: "piped",
  }).spawn();
  yield* child.stdout.pipeThrough(new TextDecoderStream());
  const { success, code } = await child.status;
  if (!success) throw new Error(`The second process ended with code ${code}`);
}

try {
  await write(
    `Files go to ${folder}:\nthe pictures stay there, the conversation does not.\n\n`,
  );
  Deno.exitCode = await demo({
    write,
    isColored: Deno.stdout.isTerminal() && !Deno.noColor,
    delay: DELAY,
    save,
    resume,
  });
} finally {
  for (const path of conversations) await Deno.remove(path);
  // Goes only where the folder is empty: pictures stay.
  await Deno.remove(folder).catch(() => {});
}
