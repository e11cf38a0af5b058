// Which route is asked first, run after run.
import { assert, assertEquals } from "@std/assert";
import type { FailoverOptions, Route } from "../../failover/mod.ts";
import { createRandom } from "@parley/testing";
import { createStage, type Step } from "./_actors.ts";

/** Asks one run after another, and tells who answered. */
async function ask(
  count: number,
  scripts: readonly (readonly Step[])[],
  options: FailoverOptions,
  routes: readonly Omit<Route, "provider">[] = [],
): Promise<string> {
  const { failover, settle } = createStage(scripts, options, routes);
  let answerers = "";
  while (answerers.length < count) {
    answerers += (await settle(failover.generate("Hi"))).provider;
  }
  return answerers;
}

const ALL_WELL = [["A"], ["B"], ["C"]];

Deno.test("strategy ordered asks the first route", async () => {
  assertEquals(await ask(4, ALL_WELL, {}), "AAAA");
});

Deno.test("strategy round-robin asks each route in its turn", async () => {
  assertEquals(
    await ask(6, ALL_WELL, { strategy: "round-robin" }),
    "ABCABC",
  );
});

Deno.test("strategy round-robin passes over a route that is left alone", async () => {
  const answerers = await ask(
    9,
    [["A"], [{ code: "upstream" }], ["C"]],
    { strategy: "round-robin", breaker: { failures: 1 } },
  );
  assertEquals(answerers.includes("B"), false);
  const shares = ["A", "C"].map((name) => answerers.split(name).length - 1);
  assert(shares.every((share) => share >= 4), answerers);
});

Deno.test("strategy weighted asks as often as weights say", async () => {
  const answerers = await ask(400, ALL_WELL, {
    strategy: "weighted",
    random: createRandom(1),
  }, [{ weight: 3 }, { weight: 1 }, { weight: 0 }]);
  const share = answerers.split("A").length - 1;
  assert(share > 270 && share < 330, `${share} of 400`);
  assertEquals(answerers.includes("C"), false);
});

Deno.test("strategy weighted asks a route without weight as a last resort", async () => {
  const down: readonly Step[] = [{ code: "upstream" }];
  assertEquals(
    await ask(3, [down, down, ["C"]], { strategy: "weighted" }, [
      {},
      {},
      { weight: 0 },
    ]),
    "CCC",
  );
});

Deno.test("strategy fastest asks each route once, then the fastest", async () => {
  const scripts = [[300, "A"], [100, "B"], [200, "C"]];
  assertEquals(await ask(6, scripts, { strategy: "fastest" }), "ABCBBB");
});
