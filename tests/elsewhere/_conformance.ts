// The conformance suite over every provider, as cases that run anywhere.
import { conformanceCases } from "@parley/testing";
import { COLLECTED_TARGETS, TARGETS } from "../_providers.ts";
import { PARROT } from "../conformance/_parrot.ts";
import type { Case } from "./run_cases.ts";

/** What every provider has to do; what needs a socket is Deno's. */
export const CONFORMANCE_CASES: readonly Case[] = [
  ...TARGETS,
  ...COLLECTED_TARGETS,
  PARROT,
].flatMap((target) => conformanceCases(target, { timeout: 60_000 }));
