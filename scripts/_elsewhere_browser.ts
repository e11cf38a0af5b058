import { chromium } from "playwright-core";
import type { Origins } from "../tests/elsewhere/server.ts";
import type { Report } from "../tests/elsewhere/run_cases.ts";
import { CHROMIUM_OPTIONS } from "./_chromium_options.ts";

/** Milliseconds for the whole suite. */
const DEADLINE = 600_000;

/**
 * Runs the suite in a page of Chromium.
 *
 * @param executablePath Where Chromium is.
 * @param origins The servers; the page is one of the first.
 * @returns How it went.
 */
export async function runInBrowser(
  executablePath: string,
  origins: Origins,
): Promise<Report> {
  const browser = await chromium.launch({
    executablePath,
    args: CHROMIUM_OPTIONS,
  });
  try {
    const page = await browser.newPage();
    const broken = Promise.withResolvers<never>();
    page.on("pageerror", broken.reject);
    page.on("crash", () => broken.reject(new Error("The page has crashed")));
    const query = new URLSearchParams({ origins: JSON.stringify(origins) });
    await page.goto(`${origins.own}/files/page.html?${query}`);
    const report = page.waitForFunction<Report, undefined>(
      "globalThis.report",
      undefined,
      { timeout: DEADLINE },
    );
    return await (await Promise.race([report, broken.promise])).jsonValue();
  } finally {
    await browser.close();
  }
}
