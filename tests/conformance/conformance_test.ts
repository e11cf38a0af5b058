import { testProvider } from "@parley/testing";
import { COLLECTED_TARGETS, TARGETS } from "../_providers.ts";

for (const target of [...TARGETS, ...COLLECTED_TARGETS]) testProvider(target);
