/** Writes `gateway/_page_files.ts`: the files of `page/` as a module. */

import { embedPage } from "./_embed_page.ts";

const target = new URL("../gateway/_page_files.ts", import.meta.url);
await Deno.writeTextFile(target, await embedPage());
