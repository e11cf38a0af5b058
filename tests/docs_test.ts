import { assertEquals } from "@std/assert";

const ROOT = new URL("../", import.meta.url);

/** Files that are named in full, such as `core/run/run.ts`. */
const FILE =
  /`((?:core|providers|failover|packages|tests|scripts|docs)\/[\w./]+\.\w+)`/g;

Deno.test("the documentation names files that are there", async () => {
  const pages = [
    "CONTRIBUTING.md",
    "docs/how-it-works.md",
    "docs/provider.md",
    "docs/structured-output.md",
    "docs/tools.md",
  ];
  for (const page of pages) {
    const text = await Deno.readTextFile(new URL(page, ROOT));
    const gone: string[] = [];
    for (const [, path = ""] of text.matchAll(FILE)) {
      const isThere = await Deno.stat(new URL(path, ROOT))
        .then(({ isFile }) => isFile, () => false);
      if (!isThere) gone.push(path);
    }
    assertEquals(gone, [], page);
  }
});
