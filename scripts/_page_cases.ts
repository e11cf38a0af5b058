import { assert, assertEquals, assertMatch } from "@std/assert";
import type { Page } from "playwright-core";
import { API_KEY, MARKUP, MODELS, type PageGateway } from "./_page_gateway.ts";

/** What a case is tried with. */
export interface PageCase {
  /** What is shown. */
  readonly name: string;
  /** The API key of the gateway, where it wants one. */
  readonly apiKey?: string;
  /** The width of the window. */
  readonly width?: number;
  /** Uses the page, and fails where it does not do what it should. */
  run(page: Page, gateway: PageGateway): Promise<void>;
}

const LAST = "article.assistant:last-child";

/** Picks a model, without the mouse. */
async function pick(page: Page, model: string): Promise<void> {
  await page.getByLabel("Model").selectOption(model);
}

/** Sends a message, without the mouse. */
async function sendMessage(page: Page, text: string): Promise<void> {
  await page.getByLabel("Message").pressSequentially(text);
  await page.keyboard.press("Enter");
}

/** Waits for the last answer to be in a state. */
async function expectState(page: Page, state: string): Promise<void> {
  await page.waitForSelector(`${LAST}[data-state="${state}"]`);
}

async function textOf(page: Page, selector: string): Promise<string> {
  return await page.locator(selector).innerText();
}

async function overflows(page: Page): Promise<boolean> {
  return await page.evaluate(
    "document.documentElement.scrollWidth > document.documentElement.clientWidth",
  );
}

async function hasFocus(page: Page, selector: string): Promise<boolean> {
  return await page.evaluate(
    `document.activeElement.matches(${JSON.stringify(selector)})`,
  );
}

/** Everything that the page does for a person. */
export const CASES: readonly PageCase[] = [
  {
    name: "a whole conversation",
    async run(page) {
      await pick(page, MODELS.writes);
      await sendMessage(page, "Hello");
      await page.waitForSelector(`${LAST}[data-state="writing"] .prose p`);
      await expectState(page, "whole");
      await sendMessage(page, "And now");
      await page.waitForSelector("article:nth-child(4)");
      await expectState(page, "whole");
      assertEquals(await page.locator("article").count(), 4);
      assertEquals(await textOf(page, `${LAST} strong`), "And now");
      assertMatch(await textOf(page, `${LAST} pre`), /^const add = /);
      assertMatch(
        await textOf(page, `${LAST} .origin`),
        /^AutonomousAI\/llama · /,
      );
    },
  },
  {
    name: "what a model writes is text, never HTML",
    async run(page) {
      await pick(page, MODELS.writes);
      await sendMessage(page, MARKUP);
      await expectState(page, "whole");
      assertEquals(await page.locator("article img").count(), 0);
      assertEquals(await textOf(page, "article.user"), MARKUP);
      assert((await textOf(page, LAST)).includes(MARKUP));
    },
  },
  {
    name: "a picture",
    async run(page) {
      await pick(page, MODELS.draws);
      await sendMessage(page, "A small boat");
      await expectState(page, "whole");
      const size = await page.evaluate(
        'document.querySelector("article img").decode()' +
          '.then(() => document.querySelector("article img").naturalWidth)',
      );
      assertEquals(size, 64);
      await page.reload();
      assertEquals(await page.locator(`${LAST} img`).count(), 1);
    },
  },
  {
    name: "an answer that is stopped",
    async run(page) {
      await pick(page, MODELS.stalls);
      await sendMessage(page, "Count");
      await page.getByText("One two three").waitFor();
      await page.keyboard.press("Escape");
      await expectState(page, "stopped");
      assertEquals(await textOf(page, `${LAST} .prose`), "One two three");
      await sendMessage(page, "Count again");
      await page.getByText("One two three").nth(1).waitFor();
      await page.getByRole("button", { name: "Stop" }).click();
      await expectState(page, "stopped");
      assert(await hasFocus(page, "#prompt"));
    },
  },
  {
    name: "a failover in the middle of an answer",
    async run(page) {
      await pick(page, MODELS.restarts);
      await sendMessage(page, "Hello");
      await expectState(page, "whole");
      const summary = await textOf(page, `${LAST} .restart summary`);
      assertMatch(summary, /^Restarted: [a-z-]+, now AutonomousAI\/llama$/);
      await page.locator(`${LAST} .restart summary`).press("Enter");
      assertMatch(await textOf(page, `${LAST} del`), /^The Rhine/);
      const prose = await textOf(page, `${LAST} .prose`);
      assertMatch(prose, /^You said: Hello[^]*this is the end\.$/);
    },
  },
  {
    name: "a reload keeps the conversation, and the thread of its server",
    async run(page, { remembered }) {
      await pick(page, MODELS.remembers);
      await sendMessage(page, "I am Ada");
      await expectState(page, "whole");
      await page.getByLabel("Message").pressSequentially("Who");
      await page.reload();
      await page.locator("#model:enabled").waitFor();
      assertEquals(
        await page.getByLabel("Model").inputValue(),
        MODELS.remembers,
      );
      assertEquals(await textOf(page, LAST + " .prose"), "Yes, I am Ada");
      await page.keyboard.press("End");
      await sendMessage(page, " am I");
      await page.getByText("Yes, Who am I").waitFor();
      const created = remembered.filter(({ path }) => path === "/conversation");
      assertEquals(created.length, 1);
      await page.getByRole("button", { name: "New chat" }).click();
      await page.reload();
      assertEquals(await page.locator("article").count(), 0);
    },
  },
  {
    name: "a refusal, and another try",
    async run(page) {
      await pick(page, MODELS.refuses);
      await sendMessage(page, "Hello");
      await expectState(page, "failed");
      const words = await page.getByRole("alert").last().innerText();
      assertMatch(words, /Try again in 120 s\. \(rate_limit_exceeded\)$/);
      await page.getByRole("button", { name: "Try again" }).press("Enter");
      await expectState(page, "whole");
      assertEquals(await page.locator("article").count(), 2);
    },
  },
  {
    name: "a key is asked for where the gateway wants one",
    apiKey: API_KEY,
    async run(page) {
      const field = page.getByLabel("Key", { exact: true });
      await field.waitFor();
      await page.keyboard.type("wrong");
      await page.keyboard.press("Enter");
      await page.getByText("This key is refused").waitFor();
      await page.keyboard.type(API_KEY);
      await page.keyboard.press("Enter");
      await page.locator("#model:enabled").waitFor();
      await page.reload();
      await pick(page, MODELS.writes);
      await sendMessage(page, "Hello");
      await expectState(page, "whole");
      assert(!(await page.content()).includes(API_KEY));
    },
  },
  {
    name: "everything is reached with the keyboard",
    async run(page) {
      await page.locator("#model:enabled").waitFor();
      assert(await hasFocus(page, "#prompt"), "The message box has no focus");
      await page.keyboard.type("Hello");
      await page.keyboard.press("Shift+Enter");
      await page.keyboard.type("there");
      const prompt = page.getByLabel("Message");
      assertEquals(await prompt.inputValue(), "Hello\nthere");
      for (const selector of ["#new", "#model", ".skip"]) {
        await page.keyboard.press("Shift+Tab");
        assert(await hasFocus(page, selector), `No way to ${selector}`);
      }
      await page.keyboard.press("Enter");
      assert(await hasFocus(page, "#prompt"), "The link skips nothing");
      await page.keyboard.press("Tab");
      assert(await hasFocus(page, "#send"));
      await page.keyboard.press("Enter");
      await page.waitForSelector(LAST);
      await page.keyboard.press("Escape");
      assert(await hasFocus(page, "#prompt"), "The focus is lost");
    },
  },
  {
    name: "a narrow window needs no scrolling sideways",
    width: 320,
    async run(page) {
      assertEquals(await overflows(page), false);
      await pick(page, MODELS.writes);
      await sendMessage(page, "Donaudampfschifffahrtsgesellschaft".repeat(4));
      await expectState(page, "whole");
      await pick(page, MODELS.restarts);
      await sendMessage(page, "Hello");
      await page.waitForSelector("article:nth-child(4)");
      await expectState(page, "whole");
      assertEquals(await overflows(page), false);
      for (const id of ["#new", "#send", "#model"]) {
        const box = await page.locator(id).boundingBox();
        assert(box !== null && box.x >= 0 && box.x + box.width <= 320, id);
      }
    },
  },
];
