import { assert } from "@std/assert";
import { embedPage } from "../../../../scripts/_embed_page.ts";

Deno.test("page/_page_files.ts is what its sources are bundled to", async () => {
  const module = new URL("../../page/_page_files.ts", import.meta.url);
  const isSame = await Deno.readTextFile(module) === await embedPage();
  assert(isSame, 'Run "deno task page:embed"');
});
