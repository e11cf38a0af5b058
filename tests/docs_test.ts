import { assertEquals } from "@std/assert";

const ROOT = new URL("../", import.meta.url);

const PAGES = [
  "README.md",
  "CONTRIBUTING.md",
  "packages/ai-sdk/README.md",
  "packages/gateway/README.md",
  "packages/testing/README.md",
  ...Array.from(Deno.readDirSync(new URL("docs/", ROOT)))
    .filter(({ name }) => name.endsWith(".md"))
    .map(({ name }) => `docs/${name}`),
];

/** Files that are named in full, such as `core/run/run.ts`. */
const FILE =
  /`((?:core|providers|failover|packages|tests|scripts|docs)\/[\w./]+\.\w+)`/g;

/** The target of a link. */
const LINK = /\]\(([^()\s]+)\)/g;

const BLOCK = /^```[\s\S]*?^```$/gm;

async function isThere(url: URL): Promise<boolean> {
  return await Deno.stat(url).then(() => true, () => false);
}

/** The anchor of a heading, as GitHub makes it. */
function toAnchor(heading: string): string {
  return heading.toLowerCase().replaceAll(/[^\p{L}\p{N}\s-]/gu, "")
    .trim().replaceAll(/\s/g, "-");
}

async function hasAnchor(page: URL, anchor: string): Promise<boolean> {
  const text = (await Deno.readTextFile(page)).replaceAll(BLOCK, "");
  return Array.from(text.matchAll(/^#+ (.+)$/gm))
    .some(([, heading = ""]) => toAnchor(heading) === anchor);
}

for (const page of PAGES) {
  const base = new URL(page, ROOT);

  Deno.test(`${page} names files that are there`, async () => {
    const text = await Deno.readTextFile(base);
    const gone: string[] = [];
    for (const [, path = ""] of text.matchAll(FILE)) {
      if (!await isThere(new URL(path, ROOT))) gone.push(path);
    }
    assertEquals(gone, []);
  });

  Deno.test(`${page} links to what is there`, async () => {
    const text = (await Deno.readTextFile(base)).replaceAll(BLOCK, "");
    const gone: string[] = [];
    for (const [, link = ""] of text.matchAll(LINK)) {
      const target = new URL(link, base);
      if (target.protocol !== "file:") continue;
      const anchor = decodeURIComponent(target.hash.slice(1));
      target.hash = "";
      const isRight = await isThere(target) &&
        (anchor === "" || await hasAnchor(target, anchor));
      if (!isRight) gone.push(link);
    }
    assertEquals(gone, []);
  });
}

Deno.test("every page of the documentation is in the README", async () => {
  const text = await Deno.readTextFile(new URL("README.md", ROOT));
  const pages = PAGES.filter((page) => page.startsWith("docs/"));
  assertEquals(pages.filter((page) => !text.includes(`(${page})`)), []);
});
