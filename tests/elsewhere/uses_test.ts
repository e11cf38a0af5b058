// What works elsewhere has to work in Deno.
import { USES } from "./uses.ts";

for (const { name, run } of USES) {
  Deno.test(`the library ${name}`, async () => {
    await run();
  });
}
