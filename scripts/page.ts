/**
 * Uses the page of the gateway in Chromium, where that is installed, and keeps
 * pictures of it. Its place can be given as an argument,
 * and behind it a word that the cases to try have in their names.
 */

import { usePage } from "./_page_browser.ts";

const [chromium = "/usr/bin/chromium", word = ""] = Deno.args;

async function isFile(path: string): Promise<boolean> {
  return await Deno.stat(path).then(({ isFile }) => isFile, () => false);
}

if (await isFile(chromium)) {
  const folder = await Deno.makeTempDir({ prefix: "parley_page_" });
  let [passed, failed] = [0, 0];
  for await (const { name, why } of usePage(chromium, folder, word)) {
    console.log(`${why === undefined ? "ok" : "FAILED"}: ${name}`);
    if (why === undefined) passed++;
    else {
      failed++;
      // Assertions are coloured where nobody says that they must not be.
      console.error(`  ${why.replaceAll(/\p{Cc}\[\d+m/gu, "")}`);
    }
  }
  console.log(`Chromium: ${passed} passed, ${failed} failed`);
  if (failed > 0) Deno.exitCode = 1;
} else {
  console.log(`Page: skipped, for there is no file "${chromium}"`);
}
