// Prints what the library takes in times of the bare loop, once.
import { measure } from "./_measure.ts";
import { toStreamWorks } from "./_stream_works.ts";

const ratios: Record<string, number> = {};
for (const work of toStreamWorks()) {
  const [bare, own] = await measure(work, 3);
  ratios[work.title] = (own?.ms ?? NaN) / (bare?.ms ?? NaN);
}
console.log(JSON.stringify(ratios));
