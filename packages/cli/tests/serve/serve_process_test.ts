import { assertEquals, assertMatch } from "@std/assert";

/** Starts the script as the task does. */
function spawn(
  environment: Readonly<Record<string, string>>,
  allowEnv = "--allow-env=PARLEY_*",
): Deno.ChildProcess {
  const program = new URL("../../main.ts", import.meta.url).href;
  return new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--no-prompt",
      "--allow-net=127.0.0.1",
      allowEnv,
      program,
      "serve",
    ],
    // Deno lets no scoped permission pass the first two on.
    env: { LD_LIBRARY_PATH: "", LD_PRELOAD: "", ...environment },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/** Reads until a pattern is there. */
async function readUntil(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  pattern: RegExp,
): Promise<string> {
  let text = "";
  for await (const piece of body.pipeThrough(new TextDecoderStream())) {
    text += piece;
    if (pattern.test(text)) break;
  }
  return text;
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.test(`parley serve serves until ${signal}`, async () => {
    const child = spawn({ PARLEY_PORT: "0" });
    const output = await readUntil(child.stdout, /^curl [^]*-d '.*'\n/m);
    const [, url = ""] = /^Chat at (\S+)$/m.exec(output) ?? [];
    assertMatch(url, /^http:\/\/127\.0\.0\.1:\d+\/$/);
    const page = await fetch(url);
    assertMatch(await page.text(), /<title>Parley<\/title>/);
    child.kill(signal);
    await child.stderr.cancel();
    const { code } = await child.status;
    assertEquals(code, 0);
  });
}

Deno.test("parley serve tells a name that it does not know", async () => {
  const child = spawn({ PARLEY_PROT: "80" }, "--allow-env");
  const { code, stderr } = await child.output();
  assertEquals(code, 2);
  assertMatch(
    new TextDecoder().decode(stderr),
    /^error: Variable "PARLEY_PROT" is unknown: did you mean "PARLEY_PORT"/,
  );
});
