import { testProvider } from "../../testing/mod.ts";
import { TARGETS } from "./_targets.ts";

for (const target of TARGETS) testProvider(target);
