// A suite is worth what it catches: each of these is broken on purpose.
import { assertEquals, assertExists, assertRejects } from "@std/assert";
import type { ProviderOptions } from "@parley/chat";
import { conformanceCases, type ConformanceTarget } from "@parley/testing";
import { PARROT } from "../conformance/_parrot.ts";
import { createOpenAi } from "../_openai_compatible.ts";
import { AMIGO_CHAT, OPENAI_COMPATIBLE } from "../_providers.ts";
import { toBrokenFirst } from "../failover/_broken_first.ts";
import { CORE_MUTANTS } from "./_core_mutants.ts";
import { EDGE_MUTANTS } from "./_edge_mutants.ts";
import { loadMutant, loadMutantFailover, loadMutantParrot } from "./_mutate.ts";
import { PARROT_MUTANTS } from "./_parrot_mutants.ts";
import { FAILOVER_MUTANTS, TOOL_MUTANTS } from "./_tool_mutants.ts";

const MUTANTS = [...CORE_MUTANTS, ...EDGE_MUTANTS, ...TOOL_MUTANTS];

/** Checks that a case fails for a target, and for the reason that it names. */
async function checkCaught(
  target: ConformanceTarget,
  caughtBy: string,
): Promise<void> {
  // What waits for ever is caught, too, but sooner than a user would want.
  const cases = conformanceCases(target, { timeout: 3_000 });
  const found = cases.find(({ name }) =>
    name.replace(/(?: \[\w+\])+$/, "") === `${target.name} ${caughtBy}`
  );
  assertExists(found, `There is no case "${caughtBy}"`);
  await assertRejects(found.run);
}

// What is broken may leave anything behind.
const options = { sanitizeOps: false, sanitizeResources: false };

for (const { what, caughtBy, target = AMIGO_CHAT, ...mutation } of MUTANTS) {
  Deno.test(`the suite catches a library that ${what}`, options, async () => {
    const library = await loadMutant(mutation);
    const create = target === OPENAI_COMPATIBLE
      ? (options: ProviderOptions) =>
        createOpenAi(options, library.createOpenAiCompatible)
      : Reflect.get(library, target.create.name);
    assertExists(create);
    await checkCaught({ ...target, create }, caughtBy);
  });
}

for (const { what, caughtBy, ...mutation } of FAILOVER_MUTANTS) {
  Deno.test(`the suite catches a failover that ${what}`, options, async () => {
    const { createFailover } = await loadMutantFailover(mutation);
    await checkCaught(
      toBrokenFirst(OPENAI_COMPATIBLE, createFailover),
      caughtBy,
    );
  });
}

for (const { what, caughtBy, ...mutation } of PARROT_MUTANTS) {
  Deno.test(`the suite catches a provider that ${what}`, options, async () => {
    const { createParrot } = await loadMutantParrot(mutation);
    await checkCaught({ ...PARROT, create: createParrot }, caughtBy);
  });
}

Deno.test("no two mutants are the same", () => {
  const changes = MUTANTS
    .map(({ file, find, replace }) => `${file}: ${find} -> ${replace}`);
  assertEquals(new Set(changes).size, changes.length);
});
