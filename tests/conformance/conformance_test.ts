import { testProvider } from "../../testing/mod.ts";
import { COLLECTED_TARGETS, TARGETS } from "./_targets.ts";

for (const target of [...TARGETS, ...COLLECTED_TARGETS]) testProvider(target);
