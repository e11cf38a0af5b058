/**
 * Shows that the built package keeps its promises elsewhere: the conformance
 * suite in Deno, the newest Node.js and Chromium, and a dozen uses in the Node.js
 * of this machine, Bun and workerd. What cannot be had is left out, and said.
 * The place of Chromium can be given as an argument.
 */

import { ElsewhereServer } from "../tests/elsewhere/server.ts";
import type { Report } from "../tests/elsewhere/run_cases.ts";
import { runInBrowser } from "./_elsewhere_browser.ts";
import { buildSuite, USES_MODULES } from "./_elsewhere_build.ts";
import { runProcess } from "./_elsewhere_process.ts";
import { installRuntimes } from "./_elsewhere_runtimes.ts";
import { runInWorkerd } from "./_elsewhere_workerd.ts";

const [chromium = "/usr/bin/chromium"] = Deno.args;

function show({ runtime, passed, failed, different, ms }: Report): void {
  const seconds = (ms / 1_000).toFixed(1);
  console.log(
    `${runtime}: ${passed} passed, ${failed.length} failed (${seconds} s)`,
  );
  for (const [why, count] of Object.entries(different)) {
    console.log(`  ${count} cannot be true here: ${why}`);
  }
  for (const { name, why } of failed) {
    // Assertions are coloured where nobody says that they must not be.
    console.error(`  ${name}: ${why.replaceAll(/\p{Cc}\[\d+m/gu, "")}`);
  }
  if (failed.length > 0) Deno.exitCode = 1;
}

async function isFile(path: string): Promise<boolean> {
  return await Deno.stat(path).then(({ isFile }) => isFile, () => false);
}

/** The oldest Node.js that the library promises to run in, where it is there. */
async function hasNode(): Promise<boolean> {
  try {
    await new Deno.Command("node", { args: ["--version"] }).output();
    return true;
  } catch {
    return false;
  }
}

const path = await Deno.makeTempDir({ prefix: "parley_elsewhere_" });
const folder = new URL(`file://${path}/`);
const uses = new URL("uses_process.mjs", folder);
try {
  await buildSuite(folder);
  const runtimes = await installRuntimes(folder);
  await using own = new ElsewhereServer({ folder });
  await using open = new ElsewhereServer({ isOpen: true });
  await using closed = new ElsewhereServer();
  const origins = {
    own: own.origin,
    open: open.origin,
    closed: closed.origin,
    silence: own.silence,
  };
  if (await isFile(chromium)) show(await runInBrowser(chromium, origins));
  else console.log(`Chromium: skipped, for there is no file "${chromium}"`);
  if (await hasNode()) show(await runProcess("node", uses));
  else console.log("The Node.js of this machine: skipped, for there is none");
  if (runtimes === undefined) {
    console.log("The newest Node.js, Bun, workerd: skipped, for npm has none");
  } else {
    const suite = new URL("node.mjs", folder);
    show(await runProcess(runtimes.node, suite, JSON.stringify(origins)));
    show(await runProcess(runtimes.bun, uses));
    show(await runInWorkerd(runtimes.workerd, folder, USES_MODULES));
  }
} finally {
  await Deno.remove(path, { recursive: true });
}
