/** Writes `packages/gateway/page/_page_files.ts`: the files of the page as a module. */

import { embedPage } from "./_embed_page.ts";

const target = new URL(
  "../packages/gateway/page/_page_files.ts",
  import.meta.url,
);
await Deno.writeTextFile(target, await embedPage());
