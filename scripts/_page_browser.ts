import { type Browser, chromium, type Page } from "playwright-core";
import { CHROMIUM_OPTIONS } from "./_chromium_options.ts";
import { CASES, type PageCase } from "./_page_cases.ts";
import { MODELS, servePage } from "./_page_gateway.ts";

/** Milliseconds for each step of a case. */
const ACTION_TIMEOUT = 10_000;

/** The windows that are kept as pictures. */
const WINDOWS = [
  { name: "wide", width: 1_280, height: 860, colorScheme: "light" },
  { name: "dark", width: 1_280, height: 860, colorScheme: "dark" },
  { name: "narrow", width: 320, height: 640, colorScheme: "light" },
] as const;

/** How a case went. */
export interface CaseReport {
  /** What was shown. */
  readonly name: string;
  /** Why it failed, if it did. */
  readonly why?: string;
}

/**
 * Uses the page in Chromium as a person does.
 *
 * @param executablePath Where Chromium is.
 * @param folder Where pictures of the page go.
 * @returns How each case went.
 */
export async function* usePage(
  executablePath: string,
  folder: string,
): AsyncGenerator<CaseReport> {
  const browser = await chromium.launch({
    executablePath,
    args: CHROMIUM_OPTIONS,
  });
  try {
    for (const pageCase of CASES) {
      yield await reportCase(pageCase.name, () => tryCase(browser, pageCase));
    }
    for (const window of WINDOWS) {
      const path = `${folder}/${window.name}.png`;
      yield await reportCase(
        path,
        () => takePicture(browser, { ...window, path }),
      );
    }
  } finally {
    await browser.close();
  }
}

async function reportCase(
  name: string,
  run: () => Promise<void>,
): Promise<CaseReport> {
  try {
    await run();
    return { name };
  } catch (error) {
    return { name, why: error instanceof Error ? error.message : `${error}` };
  }
}

async function tryCase(
  browser: Browser,
  { apiKey, width = 1_280, run }: PageCase,
): Promise<void> {
  await using gateway = servePage(apiKey === undefined ? [] : [apiKey]);
  const page = await browser.newPage({ viewport: { width, height: 720 } });
  const problems = watch(page, gateway.url);
  try {
    await page.goto(gateway.url);
    await run(page, gateway);
  } finally {
    await page.close();
  }
  if (problems.length > 0) throw new Error(problems.join(", "));
}

/** Lets the page ask nobody but its origin, and records what it did besides. */
function watch(page: Page, url: string): readonly string[] {
  const problems: string[] = [];
  page.setDefaultTimeout(ACTION_TIMEOUT);
  page.on("pageerror", ({ message }) => problems.push(`threw: ${message}`));
  page.on("console", (message) => {
    // What the policy forbids is reported here; refusals of the gateway are, too.
    const text = message.text();
    if (message.type() === "error" && !text.startsWith("Failed to load")) {
      problems.push(`wrote: ${text}`);
    }
  });
  page.on("request", (request) => {
    const address = request.url();
    if (!address.startsWith(url) && !address.startsWith("data:")) {
      problems.push(`asked: ${address}`);
    }
  });
  return problems;
}

interface PictureOptions {
  readonly width: number;
  readonly height: number;
  readonly colorScheme: "light" | "dark";
  readonly path: string;
}

async function takePicture(
  browser: Browser,
  { width, height, colorScheme, path }: PictureOptions,
): Promise<void> {
  await using gateway = servePage();
  const viewport = { width, height };
  const page = await browser.newPage({ viewport, colorScheme });
  try {
    await page.goto(gateway.url);
    for (
      const [model, text] of [
        [MODELS.draws, "A small boat on the Aare"],
        [MODELS.restarts, "How does a ferry cross a river without an engine?"],
      ] as const
    ) {
      await page.getByLabel("Model").selectOption(model);
      await page.getByLabel("Message").fill(text);
      await page.keyboard.press("Enter");
      await page.waitForSelector("article:last-child[data-state=whole]");
    }
    await page.locator(".restart summary").click();
    await page.screenshot({ path });
  } finally {
    await page.close();
  }
}
