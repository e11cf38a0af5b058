import { assert, assertEquals, assertMatch } from "@std/assert";
import {
  expectState,
  hasFocus,
  LAST,
  type PageCase,
  pick,
  promptOf,
  sendMessage,
  textOf,
} from "./_page_case.ts";
import { API_KEY, MODELS } from "./_page_gateway.ts";

/** How answers come, and how they end. */
export const ANSWER_CASES: readonly PageCase[] = [
  {
    name: "a whole conversation",
    async run(page) {
      await pick(page, MODELS.writes);
      await sendMessage(page, "Hello");
      await page.waitForSelector(`${LAST}[data-state="writing"] > .prose p`);
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
    name: "an answer that is stopped",
    async run(page) {
      await pick(page, MODELS.stalls);
      await sendMessage(page, "Count");
      await page.getByText("One two three").waitFor();
      await page.keyboard.press("Escape");
      await expectState(page, "stopped");
      assertEquals(await textOf(page, `${LAST} > .prose`), "One two three");
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
      const prose = await textOf(page, `${LAST} > .prose`);
      assertMatch(prose, /^You said: Hello[^]*this is the end\.$/);
    },
  },
  {
    name: "what a model thinks is folded",
    async run(page) {
      await pick(page, MODELS.thinks);
      await sendMessage(page, "Hello");
      await expectState(page, "whole");
      const thoughts = page.locator(`${LAST} .reasoning .prose`);
      assertEquals(await thoughts.isVisible(), false);
      await page.locator(`${LAST} .reasoning summary`).press("Enter");
      await page.getByText("They greet me").waitFor();
      assertMatch(await textOf(page, `${LAST} > .prose`), /^Good day/);
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
    name: "a message that is too large is edited, and the chat goes on",
    async run(page) {
      await pick(page, MODELS.writes);
      await promptOf(page).fill("word ".repeat(250_000));
      await page.keyboard.press("Enter");
      await expectState(page, "failed");
      const [question, answer] = await page.locator(".note").allInnerTexts();
      assertMatch(question ?? "", /^Too large, and not sent again/);
      assertMatch(answer ?? "", /larger than \d+ bytes/);
      await sendMessage(page, "Hello");
      await page.waitForSelector("article:nth-child(4)");
      await expectState(page, "whole");
      await page.getByLabel("Edit message").first().click();
      await page.locator(".edit textarea").fill("Short");
      await page.getByRole("button", { name: "Send again" }).click();
      await expectState(page, "whole");
      assertEquals(await page.locator("article").count(), 2);
      assertEquals(await textOf(page, `${LAST} strong`), "Short");
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
];
