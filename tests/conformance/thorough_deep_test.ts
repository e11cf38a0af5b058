// What the suite tries in some places, tried in every one.
import { conformanceCases } from "@parley/testing";
import { COLLECTED_TARGETS, TARGETS } from "../_providers.ts";

const PLACES =
  /after any byte|before its end|ends too early|is cut$|no more memory|random sizes|whatever fails/;

for (const target of [...TARGETS, ...COLLECTED_TARGETS]) {
  const cases = conformanceCases(target, {
    isThorough: true,
    timeout: 120_000,
  });
  for (const { name, run } of cases) {
    if (PLACES.test(name)) Deno.test(`${name}, in every place`, run);
  }
}
