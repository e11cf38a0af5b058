import { assert, assertEquals, assertMatch } from "@std/assert";
import {
  expectState,
  LAST,
  type PageCase,
  pick,
  promptOf,
  sendMessage,
  textOf,
} from "./_page_case.ts";
import { MODELS } from "./_page_gateway.ts";

/** How chats are kept. */
export const CHAT_CASES: readonly PageCase[] = [
  {
    name: "a reload keeps the conversation, and the thread of its server",
    async run(page, { remembered }) {
      await pick(page, MODELS.remembers);
      await sendMessage(page, "I am Ada");
      await expectState(page, "whole");
      await promptOf(page).pressSequentially("Who");
      await page.reload();
      await page.getByRole("button", { name: MODELS.remembers }).waitFor();
      assertEquals(await textOf(page, `${LAST} > .prose`), "Yes, I am Ada");
      await promptOf(page).press("End");
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
    name: "a list of chats, over tabs",
    async run(page, { url }) {
      await pick(page, MODELS.writes);
      await sendMessage(page, "First");
      await expectState(page, "whole");
      await page.getByRole("button", { name: "New chat" }).click();
      await sendMessage(page, "Second");
      await expectState(page, "whole");
      const other = await page.context().newPage();
      await other.goto(url);
      await other.getByRole("link", { name: "First" }).click();
      await other.locator(LAST).waitFor();
      assertEquals(await textOf(other, "article.user .said"), "First");
      await other.getByRole("link", { name: "Second" }).press("Enter");
      await other.getByText("You said: Second").waitFor();
      await other.goBack();
      await other.getByText("You said: First").waitFor();
      // The first tab is told.
      await other.getByLabel("Delete chat: Second").click();
      await page.getByRole("link", { name: "Second" }).waitFor({
        state: "detached",
      });
      await other.getByRole("button", { name: "Undo" }).click();
      await page.getByRole("link", { name: "Second" }).waitFor();
      await other.close();
    },
  },
  {
    name: "a reload in the middle of an answer keeps what had come",
    async run(page, { requests }) {
      await pick(page, MODELS.stalls);
      await sendMessage(page, "Count");
      await page.getByText("One two three").waitFor();
      await page.waitForTimeout(700);
      await page.reload();
      await expectState(page, "stopped");
      assertEquals(await textOf(page, `${LAST} > .prose`), "One two three");
      assertMatch(await textOf(page, `${LAST} .note`), /the page was left/);
      await sendMessage(page, "Go on");
      await page.getByText("One two three").nth(1).waitFor();
      assert(requests.at(-1)?.includes("One two three"));
    },
  },
  {
    name: "copy, regenerate, edit and delete a message",
    async run(page) {
      await page.context().grantPermissions(["clipboard-read"]);
      await pick(page, MODELS.writes);
      await sendMessage(page, "First");
      await expectState(page, "whole");
      await sendMessage(page, "Second");
      await page.waitForSelector("article:nth-child(4)");
      await expectState(page, "whole");
      await page.getByLabel("Copy answer").last().click();
      const copied = await page.evaluate("navigator.clipboard.readText()");
      assertMatch(String(copied), /^You said: \*\*Second\*\*/);
      await page.getByRole("button", { name: "Regenerate" }).click();
      await expectState(page, "writing");
      await expectState(page, "whole");
      assertEquals(await page.locator("article").count(), 4);
      await page.locator("article").nth(1).hover();
      await page.getByLabel("Delete answer").first().click();
      assertEquals(await page.locator("article").count(), 3);
      await page.getByRole("button", { name: "Undo" }).click();
      await page.waitForSelector("article:nth-child(4)");
      await page.locator("article").first().hover();
      await page.getByLabel("Edit message").first().click();
      await page.keyboard.press("ControlOrMeta+A");
      await page.keyboard.type("Third");
      await page.getByRole("button", { name: "Send again" }).press("Enter");
      await page.getByText("You said: Third").waitFor();
      await expectState(page, "whole");
      assertEquals(await page.locator("article").count(), 2);
      await page.reload();
      await page.getByText("You said: Third").waitFor();
      assertEquals(await page.locator("article").count(), 2);
    },
  },
  {
    name: "instructions are sent before all else",
    async run(page, { requests }) {
      await pick(page, MODELS.stalls);
      await page.getByRole("button", { name: "Instructions" }).press("Enter");
      await page.keyboard.type("Be brief.");
      await page.getByRole("button", { name: "Save" }).press("Enter");
      await sendMessage(page, "Hello");
      await page.getByText("One two three").waitFor();
      assertMatch(requests.at(-1) ?? "", /Be brief\.[^]*Hello/);
      await page.keyboard.press("Escape");
    },
  },
];
