// Which route is asked first, run after run.
import { assert, assertEquals } from "@std/assert";
import type { FailoverOptions, Route } from "../../failover/mod.ts";
import { createRandom } from "@parley/testing";
import { createFailover } from "../../failover/mod.ts";
import { FakeClock } from "@parley/testing";
import { settle } from "../fuzz/_settle.ts";
import { createActor, createStage, type Step } from "./_actors.ts";

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

Deno.test("strategy fastest tries a slow route again now and then, and believes what it finds", async () => {
  const clock = new FakeClock();
  // It is slow for the first three times.
  const slow: readonly Step[] = [800, "A"];
  const a = createActor("A", [slow, slow, slow, [10, "A"]], { clock });
  const b = createActor("B", [[100, "B"]], { clock });
  const failover = createFailover([a.provider, b.provider], {
    clock,
    strategy: "fastest",
  });
  let answerers = "";
  for (let run = 0; run < 100; run++) {
    answerers += (await settle(clock, failover.generate("Hi"))).provider;
    await clock.advance(10_000);
  }
  // Eight times slower: it is tried after three minutes.
  assert(/^(?:AB{15,25}){3}A{15,}BA{15,}BA*$/.test(answerers), answerers);

  // Of runs at once only one tries it.
  await clock.advance(600_000);
  const both = [failover.generate("Hi"), failover.generate("Hi")];
  const names = (await settle(clock, Promise.all(both))).map((result) =>
    result.provider
  );
  assertEquals(names.toSorted(), ["A", "B"]);
});
