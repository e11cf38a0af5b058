/**
 * Shows that the built package keeps its promises elsewhere: in Node.js, and in
 * Chromium where that is installed. Its place can be given as an argument.
 */

import { ElsewhereServer } from "../tests/elsewhere/server.ts";
import type { Report } from "../tests/elsewhere/run_cases.ts";
import { runInBrowser } from "./_elsewhere_browser.ts";
import { buildSuite } from "./_elsewhere_build.ts";
import { runInNode } from "./_elsewhere_node.ts";

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

const path = await Deno.makeTempDir({ prefix: "parley_elsewhere_" });
const folder = new URL(`file://${path}/`);
try {
  await buildSuite(folder);
  await using own = new ElsewhereServer({ folder });
  await using open = new ElsewhereServer({ isOpen: true });
  await using closed = new ElsewhereServer();
  const origins = {
    own: own.origin,
    open: open.origin,
    closed: closed.origin,
    silence: own.silence,
  };
  show(await runInNode(folder, origins));
  if (await isFile(chromium)) show(await runInBrowser(chromium, origins));
  else console.log(`Chromium: skipped, for there is no file "${chromium}"`);
} finally {
  await Deno.remove(path, { recursive: true });
}
