import type { Locator, Page } from "playwright-core";
import type { PageGateway } from "./_page_gateway.ts";

/** What a case is tried with. */
export interface PageCase {
  /** What is shown. */
  readonly name: string;
  /** The API key of the gateway, where it wants one. */
  readonly apiKey?: string;
  /** The width of the window. */
  readonly width?: number;
  /** Whether it is used with a finger. */
  readonly hasTouch?: boolean;
  /** Uses the page, and fails where it does not do what it should. */
  run(page: Page, gateway: PageGateway): Promise<void>;
}

/** The last answer. */
export const LAST = "article.assistant:last-child";

/** Picks a model, without the mouse. */
export async function pick(page: Page, model: string): Promise<void> {
  await page.locator("#model:enabled").press("Enter");
  await page.locator("#models[open]").waitFor();
  await page.getByLabel("Search models").pressSequentially(model);
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: `Model: ${model}` }).waitFor();
}

/** The box for messages. */
export function promptOf(page: Page): Locator {
  return page.getByLabel("Message", { exact: true });
}

/** Sends a message, without the mouse. */
export async function sendMessage(page: Page, text: string): Promise<void> {
  await promptOf(page).pressSequentially(text);
  await page.keyboard.press("Enter");
}

/** Waits for the last answer to be in a state. */
export async function expectState(page: Page, state: string): Promise<void> {
  await page.waitForSelector(`${LAST}[data-state="${state}"]`);
}

/** Gives what an element says. */
export async function textOf(page: Page, selector: string): Promise<string> {
  return await page.locator(selector).innerText();
}

/** Tells whether the page is wider than its window. */
export async function overflows(page: Page): Promise<boolean> {
  return await page.evaluate(
    "document.documentElement.scrollWidth > document.documentElement.clientWidth",
  );
}

/** Tells whether an element has the focus. */
export async function hasFocus(page: Page, selector: string): Promise<boolean> {
  return await page.evaluate(
    `document.activeElement.matches(${JSON.stringify(selector)})`,
  );
}
