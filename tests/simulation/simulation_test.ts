import { assertEquals } from "@std/assert";
import { randomWorld } from "./_random_world.ts";
import { runWorld } from "./_run_world.ts";
import { shrink } from "./_shrink.ts";
import { range, simulate } from "./_simulate.ts";
import type { World } from "./_world.ts";

const WORLDS = 40;

Deno.test("worlds keep every law", async () => {
  await simulate(range(1, WORLDS));
});

Deno.test("a world is the same each time", async () => {
  for (const seed of range(1, 5)) {
    const { trace } = await runWorld(randomWorld(seed));
    assertEquals((await runWorld(randomWorld(seed))).trace, trace);
  }
});

Deno.test("a world is plain data", () => {
  const world = randomWorld(3);
  assertEquals(JSON.parse(JSON.stringify(world)), world);
});

Deno.test("shrink() leaves nothing but what makes a world fail", async () => {
  const isCause = ({ steps }: World) =>
    Promise.resolve(
      steps.some((step) => step.do === "ask" && step.caller.words > 2) &&
        steps.some((step) => step.do === "befall"),
    );
  const seed = Array.from(range(1, 100)).find((seed) =>
    randomWorld(seed).steps.some((step) => step.do === "befall")
  );
  const { steps, servers } = await shrink(randomWorld(seed ?? 0), isCause);
  assertEquals(steps.map((step) => step.do).toSorted(), ["ask", "befall"]);
  assertEquals(servers.length, 0);
});

const CASES = new URL("cases/", import.meta.url);

for (const { name } of Deno.readDirSync(CASES)) {
  Deno.test(`a world that failed does so no more [${name}]`, async () => {
    const text = await Deno.readTextFile(new URL(name, CASES));
    await runWorld(JSON.parse(text));
  });
}
