import { assert, assertEquals } from "@std/assert";
import type { Page } from "playwright-core";
import {
  expectState,
  hasFocus,
  LAST,
  overflows,
  type PageCase,
  pick,
  promptOf,
  sendMessage,
} from "./_page_case.ts";
import { MODELS } from "./_page_gateway.ts";

/** Tells which texts have less contrast than WCAG AA wants. */
const FAINT = `
  (() => {
    const canvas = document.createElement("canvas").getContext("2d", {
      willReadFrequently: true,
    });
    const read = (color, behind) => {
      canvas.fillStyle = behind;
      canvas.fillRect(0, 0, 1, 1);
      canvas.fillStyle = color;
      canvas.fillRect(0, 0, 1, 1);
      return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
    };
    const luminance = (rgb) => rgb
      .map((value) => value / 255)
      .map((value) => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)
      .reduce((sum, value, index) => sum + value * [0.2126, 0.7152, 0.0722][index], 0);
    const behind = (element) => {
      const color = getComputedStyle(element).backgroundColor;
      const isClear = color === "rgba(0, 0, 0, 0)" || color === "transparent";
      return isClear && element.parentElement ? behind(element.parentElement) : color;
    };
    return [...document.querySelectorAll("body *")].flatMap((element) => {
      const hasText = [...element.childNodes].some((node) =>
        node.nodeType === 3 && node.data.trim() !== "");
      if (!hasText || !element.checkVisibility() || element.disabled) return [];
      const back = behind(element);
      const rgb = [getComputedStyle(element).color, back].map((color) =>
        luminance(read(color, back)) + 0.05);
      const contrast = Math.max(...rgb) / Math.min(...rgb);
      return contrast < 4.5
        ? [element.tagName + "." + element.className + " " + contrast.toFixed(2)]
        : [];
    });
  })()
`;

async function tabTo(page: Page, selector: string): Promise<void> {
  for (let count = 0; count < 20; count++) {
    if (await hasFocus(page, selector)) return;
    await page.keyboard.press("Shift+Tab");
  }
  throw new Error(`No way to ${selector}`);
}

/** How the page is used: by keyboard, on a phone, by those who see little. */
export const USE_CASES: readonly PageCase[] = [
  {
    name: "everything is reached with the keyboard",
    async run(page) {
      // The page gives it when all that it asks for has come.
      await page.locator("#prompt:focus").waitFor();
      await page.keyboard.type("Hello");
      await page.keyboard.press("Shift+Enter");
      await page.keyboard.type("there");
      assertEquals(await promptOf(page).inputValue(), "Hello\nthere");
      for (const selector of ["#system", "#model", "#new", ".skip"]) {
        await tabTo(page, selector);
      }
      await page.keyboard.press("Enter");
      assert(await hasFocus(page, "#prompt"), "The link skips nothing");
      await page.keyboard.press("Tab");
      assert(await hasFocus(page, "#attach"));
      await page.keyboard.press("Tab");
      assert(await hasFocus(page, "#send"));
      await page.keyboard.press("Enter");
      await page.waitForSelector(LAST);
      await page.keyboard.press("Escape");
      assert(await hasFocus(page, "#prompt"), "The focus is lost");
      await tabTo(page, "article:last-child .actions button");
    },
  },
  {
    name: "models are searched, and the last one is remembered",
    async run(page, { url }) {
      await page.locator("#model:enabled").click();
      await page.getByLabel("Search models").fill("zzz");
      await page.getByText("No such model").waitFor();
      await page.getByLabel("Search models").fill("dalle");
      await page.getByRole("option", { name: MODELS.draws }).click();
      const other = await page.context().newPage();
      await other.goto(url);
      await other.getByRole("button", { name: MODELS.draws }).waitFor();
      await other.close();
    },
  },
  {
    name: "who is quicker than the page keeps the focus",
    async run(page) {
      const { promise, resolve } = Promise.withResolvers<void>();
      await page.route("**/limits.json", async (route) => {
        await promise;
        await route.continue();
      });
      await page.reload();
      await page.locator("#model:enabled").focus();
      const answered = page.waitForResponse("**/limits.json");
      resolve();
      await answered;
      await page.waitForTimeout(100);
      assert(await hasFocus(page, "#model"));
    },
  },
  {
    name: "on a phone Enter makes a line, and no keyboard jumps up",
    width: 360,
    hasTouch: true,
    async run(page) {
      await pick(page, MODELS.writes);
      assert(!(await hasFocus(page, "#prompt")), "The keyboard jumps up");
      await promptOf(page).tap();
      await page.keyboard.type("Hello");
      await page.keyboard.press("Enter");
      await page.keyboard.type("there");
      assertEquals(await promptOf(page).inputValue(), "Hello\nthere");
      await page.getByRole("button", { name: "Send" }).tap();
      await expectState(page, "whole");
      await page.getByRole("button", { name: "Chats" }).tap();
      await page.getByRole("button", { name: "New chat" }).tap();
      assert(!(await hasFocus(page, "#prompt")), "The keyboard jumps up");
      await page.getByRole("button", { name: "Chats" }).tap();
      await page.getByRole("link", { name: "Hello there" }).tap();
      await page.locator(LAST).waitFor();
      assertEquals(await page.locator("#drawer").isVisible(), false);
    },
  },
  {
    name: "a narrow window needs no scrolling sideways",
    width: 320,
    async run(page) {
      assertEquals(await overflows(page), false);
      await pick(page, MODELS.formats);
      await sendMessage(page, "Donaudampfschifffahrtsgesellschaft".repeat(4));
      await expectState(page, "whole");
      await pick(page, MODELS.restarts);
      await sendMessage(page, "Hello");
      await page.waitForSelector("article:nth-child(4)");
      await expectState(page, "whole");
      assertEquals(await overflows(page), false);
      for (const id of ["#open-drawer", "#send", "#model", "#system"]) {
        const box = await page.locator(id).boundingBox();
        assert(box !== null && box.x >= 0 && box.x + box.width <= 320, id);
      }
    },
  },
  {
    name: "every text has a contrast of 4.5, by day and by night",
    async run(page) {
      await pick(page, MODELS.formats);
      await sendMessage(page, "Show me");
      await expectState(page, "whole");
      await page.waitForSelector(`${LAST} pre .c-keyword`);
      await pick(page, MODELS.refuses);
      await sendMessage(page, "Hello");
      await expectState(page, "failed");
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme });
        assertEquals(await page.evaluate(FAINT), [], colorScheme);
      }
    },
  },
];
