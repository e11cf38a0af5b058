import { assert, assertEquals, assertMatch } from "@std/assert";
import {
  expectState,
  LAST,
  overflows,
  type PageCase,
  pick,
  sendMessage,
  textOf,
} from "./_page_case.ts";
import { HOSTILE, MARKUP } from "./_page_answers.ts";
import { MODELS } from "./_page_gateway.ts";

/**
 * Counts the elements that are taken away from an answer while it comes, and
 * looks for its table before it is whole.
 */
const WATCH_CHANGES = `
  window.removed = [];
  window.isEarly = false;
  new MutationObserver((changes) => {
    isEarly ||= document.querySelector(
      '${LAST}[data-state="writing"] table tbody td',
    ) !== null;
    for (const { removedNodes } of changes) {
      for (const node of removedNodes) {
        if (node.nodeType === 1) removed.push(node.outerHTML.slice(0, 80));
      }
    }
  }).observe(document.getElementById("chat"), { childList: true, subtree: true });
`;

/** Scrolls from end to end, and tells the longest time between two pictures. */
const MEASURE_SCROLL = `
  new Promise((resolve) => {
    const place = document.getElementById("scroller");
    const step = place.scrollHeight / 100;
    const times = [];
    let last = performance.now();
    place.scrollTop = 0;
    requestAnimationFrame(function next(now) {
      times.push(now - last);
      last = now;
      place.scrollTop += step;
      if (times.length < 100) requestAnimationFrame(next);
      else resolve(times.sort((one, other) => one - other)[90]);
    });
  })
`;

/** How texts are shown. */
export const MARKDOWN_CASES: readonly PageCase[] = [
  {
    name: "Markdown is shown in full while it comes, and what stands stands",
    async run(page) {
      await pick(page, MODELS.formats);
      await page.evaluate(WATCH_CHANGES);
      await sendMessage(page, "Show me");
      await expectState(page, "whole");
      assert(await page.evaluate("isEarly"), "The table comes with the end");
      const names = [
        "h3",
        "ol > li",
        "ul ul li",
        "blockquote p",
        ".task input",
      ];
      for (const name of [...names, "table td", "em", "del", "hr", "a[href]"]) {
        assert(await page.locator(`${LAST} ${name}`).count() > 0, name);
      }
      const link = page.locator(`${LAST} a[href]`).first();
      assertEquals(await link.getAttribute("target"), "_blank");
      assertEquals(await link.getAttribute("rel"), "noopener noreferrer");
      await page.waitForSelector(`${LAST} pre .c-keyword`);
      const removed: string[] = await page.evaluate("removed");
      // Code gets its colours, which is no other text.
      const others = removed.filter((html) =>
        !html.startsWith('<span class="c-')
      );
      assertEquals(others, []);
    },
  },
  {
    name: "code is copied",
    async run(page) {
      await page.context().grantPermissions(["clipboard-read"]);
      await pick(page, MODELS.writes);
      await sendMessage(page, "Hello");
      await expectState(page, "whole");
      await page.getByLabel("Copy code").click();
      await page.getByText("Copied").waitFor();
      const copied = await page.evaluate("navigator.clipboard.readText()");
      assertMatch(String(copied), /^const add = .*;$/);
    },
  },
  {
    name: "what a model writes is text, never HTML",
    async run(page) {
      await pick(page, MODELS.writes);
      await sendMessage(page, MARKUP);
      await expectState(page, "whole");
      assertEquals(await page.locator("article img").count(), 0);
      assertEquals(await textOf(page, "article.user .said"), MARKUP);
      assert((await textOf(page, LAST)).includes(MARKUP));
    },
  },
  {
    name: "a hostile answer does nothing",
    async run(page) {
      await pick(page, MODELS.attacks);
      await sendMessage(page, "Hello");
      await expectState(page, "whole");
      assertEquals(await page.evaluate("window.attacked"), undefined);
      const elements = `${LAST} :is(script, iframe, img, style, form, object)`;
      assertEquals(await page.locator(elements).count(), 0);
      assertEquals(await page.locator(`${LAST} [style], [onerror]`).count(), 0);
      const links = await page.locator(`${LAST} a`).evaluateAll((links) =>
        links.map((link) => link.getAttribute("href"))
      );
      assert(links.every((href) => href?.startsWith("https://")), `${links}`);
      assert((await textOf(page, LAST)).includes(HOSTILE.split("\n")[0] ?? ""));
    },
  },
  {
    name: "an answer of 200,000 characters comes and scrolls fluently",
    async run(page) {
      await pick(page, MODELS.floods);
      await sendMessage(page, "Hello");
      await expectState(page, "whole");
      const text = await page.locator(`${LAST} > .prose`).textContent();
      assert((text?.length ?? 0) > 180_000, `${text?.length}`);
      const slow = Number(await page.evaluate(MEASURE_SCROLL));
      // A busy machine has no 16 ms; what is laid out whole takes a second.
      assert(slow < 150, `A tenth of the pictures takes over ${slow} ms`);
      assertEquals(await overflows(page), false);
    },
  },
];
