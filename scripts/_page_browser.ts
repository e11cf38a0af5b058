import { type Browser, chromium, type Page } from "playwright-core";
import { CHROMIUM_OPTIONS } from "./_chromium_options.ts";
import { CASES } from "./_page_cases.ts";
import {
  expectState,
  LAST,
  type PageCase,
  pick,
  promptOf,
} from "./_page_case.ts";
import { MODELS, servePage } from "./_page_gateway.ts";

/** Milliseconds for each step of a case. */
const ACTION_TIMEOUT = 10_000;

/** The windows that are kept as pictures. */
const WINDOWS = [
  { name: "wide", width: 1_280, height: 860, colorScheme: "light" },
  { name: "dark", width: 1_280, height: 860, colorScheme: "dark" },
  { name: "phone", width: 360, height: 720, colorScheme: "light" },
  { name: "phone-dark", width: 360, height: 720, colorScheme: "dark" },
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
 * @param word What the names of the cases to try have in them.
 * @returns How each case went.
 */
export async function* usePage(
  executablePath: string,
  folder: string,
  word = "",
): AsyncGenerator<CaseReport> {
  const browser = await chromium.launch({
    executablePath,
    args: CHROMIUM_OPTIONS,
  });
  try {
    for (const pageCase of CASES.filter(({ name }) => name.includes(word))) {
      yield await reportCase(pageCase.name, () => tryCase(browser, pageCase));
    }
    for (const window of WINDOWS.filter(({ name }) => name.includes(word))) {
      const path = `${folder}/${window.name}`;
      yield await reportCase(
        `${path}-*.png`,
        () => takePictures(browser, { ...window, path }),
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
  { apiKey, width = 1_280, hasTouch = false, run }: PageCase,
): Promise<void> {
  await using gateway = servePage(apiKey === undefined ? [] : [apiKey]);
  const context = await browser.newContext({
    viewport: { width, height: 720 },
    hasTouch,
    isMobile: hasTouch,
  });
  const page = await context.newPage();
  const problems = watch(page, gateway.url);
  try {
    await page.goto(gateway.url);
    await run(page, gateway);
  } finally {
    await context.close();
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

/** Keeps a picture of each thing that the page can look like. */
async function takePictures(
  browser: Browser,
  { width, height, colorScheme, path }: PictureOptions,
): Promise<void> {
  await using gateway = servePage();
  const page = await browser.newPage({
    viewport: { width, height },
    colorScheme,
    hasTouch: width < 600,
  });
  const keep = (name: string) =>
    page.screenshot({ path: `${path}-${name}.png` });
  const ask = async (model: string, text: string, state = "whole") => {
    await pick(page, model);
    await promptOf(page).fill(text);
    await page.getByRole("button", { name: "Send" }).click();
    await expectState(page, state);
  };
  try {
    await page.goto(gateway.url);
    await page.locator("#model:enabled").waitFor();
    await keep("empty");
    await ask(MODELS.formats, "How does a ferry cross without an engine?");
    await page.waitForSelector(`${LAST} .c-keyword`);
    await keep("answer-end");
    await page.locator("#scroller").evaluate((place) => place.scrollTop = 0);
    await page.waitForTimeout(200);
    await keep("answer");
    await ask(MODELS.draws, "A small boat on the Aare");
    await keep("picture");
    await ask(MODELS.restarts, "And now?");
    await ask(MODELS.refuses, "Once more", "failed");
    await keep("error");
    await page.locator("#model").click();
    await keep("models");
    await page.keyboard.press("Escape");
    if (await page.locator("#open-drawer").isVisible()) {
      await page.locator("#open-drawer").click();
      await keep("chats");
    }
  } finally {
    await page.context().close();
  }
}
