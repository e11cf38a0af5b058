import { Buffer } from "node:buffer";
import { assert, assertEquals, assertMatch } from "@std/assert";
import {
  expectState,
  LAST,
  type PageCase,
  pick,
  sendMessage,
} from "./_page_case.ts";
import { MODELS } from "./_page_gateway.ts";

/** Makes a picture in the page, and hands it over as a person would. */
function toHandOver(event: "paste" | "drop"): string {
  const data = event === "paste" ? "clipboardData" : "dataTransfer";
  const type = event === "paste" ? "ClipboardEvent" : "DragEvent";
  return `
    new Promise((resolve) => {
      const canvas = Object.assign(document.createElement("canvas"), {
        width: 3000, height: 1500,
      });
      const context = canvas.getContext("2d");
      for (let x = 0; x < 3000; x += 10) {
        context.fillStyle = "hsl(" + x + " 80% 50%)";
        context.fillRect(x, 0, 10, 1500);
      }
      canvas.toBlob((blob) => {
        const ${data} = new DataTransfer();
        ${data}.items.add(new File([blob], "a.png", { type: "image/png" }));
        dispatchEvent(new ${type}("${event}", { ${data}, cancelable: true }));
        resolve();
      });
    })
  `;
}

/** Pictures both ways. */
export const PICTURE_CASES: readonly PageCase[] = [
  {
    name: "a picture that a model draws",
    async run(page) {
      await pick(page, MODELS.draws);
      await sendMessage(page, "A small boat");
      await expectState(page, "whole");
      const size = await page.evaluate(
        'document.querySelector("article img").decode()' +
          '.then(() => document.querySelector("article img").naturalWidth)',
      );
      assertEquals(size, 64);
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("link", { name: "Download" }).click(),
      ]);
      assertMatch(download.suggestedFilename(), /^picture-1\.\w+$/);
      await page.getByRole("button", { name: "Show picture 1" }).press("Enter");
      assert(await page.locator("#picture img").isVisible());
      await page.keyboard.press("Escape");
      await page.reload();
      await page.locator(`${LAST} img`).waitFor();
    },
  },
  {
    name: "pictures are attached, made small and kept",
    async run(page, { requests }) {
      await pick(page, MODELS.sees);
      await page.evaluate(toHandOver("paste"));
      await page.getByAltText("Attachment 1").waitFor();
      await page.evaluate(toHandOver("drop"));
      await page.getByAltText("Attachment 2").waitFor();
      await page.getByLabel("Remove attachment 2").press("Enter");
      assertEquals(await page.locator("#attachments img").count(), 1);
      await page.locator("#files").setInputFiles({
        name: "note.txt",
        mimeType: "text/plain",
        buffer: Buffer.from("none"),
      });
      await page.getByText('"note.txt" is no picture').waitFor();
      await sendMessage(page, "What is this?");
      await expectState(page, "whole");
      const sent = requests.at(-1) ?? "";
      assertMatch(sent, /data:image\/jpeg;base64,/);
      assert(sent.length < 300_000, `${sent.length}`);
      await page.reload();
      const width = await page.locator("article.user img").evaluate((image) =>
        "naturalWidth" in image && image.naturalWidth
      );
      assertEquals(width, 1_536);
    },
  },
];
