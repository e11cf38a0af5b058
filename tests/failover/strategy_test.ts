import { assertAlmostEquals, assertEquals } from "@std/assert";
import type { Look } from "../../failover/circuit_breaker.ts";
import {
  type OrderOptions,
  orderRoutes,
  type Strategy,
} from "../../failover/strategy.ts";
import { createRandom } from "@parley/testing";

const CLOSED = { isOpen: false, isDue: false };
const DUE = { isOpen: true, isDue: true, openUntil: 1 };
const open = (openUntil: number) => ({ isOpen: true, isDue: false, openUntil });

const STRATEGIES: readonly Strategy[] = [
  "ordered",
  "round-robin",
  "weighted",
  "fastest",
];

/** Orders routes that are named a, b, c … */
function order(
  looks: readonly Omit<Look, "key">[],
  options: Partial<OrderOptions> = {},
  weights: readonly number[] = [],
): string {
  const keys = looks.map((_, index) => String.fromCharCode(97 + index));
  return orderRoutes(
    keys.map((key, index) => ({ key, weight: weights[index] })),
    looks.map((look, index) => ({ key: keys[index] ?? "", ...look })),
    { strategy: "ordered", turn: 0, random: () => 0.5, now: 0, ...options },
  ).map(({ key }) => key).join("");
}

Deno.test("orderRoutes() keeps the order", () => {
  assertEquals(order([CLOSED, CLOSED, CLOSED]), "abc");
  assertEquals(order([]), "");
  assertEquals(
    orderRoutes([{ weight: 1 }, {}], [], {
      strategy: "ordered",
      turn: 0,
      random: () => 0,
      now: 0,
    }),
    [{ weight: 1 }, {}],
  );
});

Deno.test("orderRoutes() puts open routes last, the one due next first", () => {
  for (const strategy of STRATEGIES) {
    assertEquals(
      order([open(30), CLOSED, open(20), open(20), open(10)], { strategy }),
      "becda",
      strategy,
    );
    assertEquals(order([open(2), open(1)], { strategy }), "ba", strategy);
  }
});

Deno.test("orderRoutes() lets a route that may be probed keep its place", () => {
  assertEquals(order([DUE, CLOSED, open(5), CLOSED]), "abdc");
  assertEquals(
    order([DUE, CLOSED], { strategy: "round-robin", turn: 1 }),
    "ba",
  );
  assertEquals(
    order([
      { ...CLOSED, firstTokenMs: 50 },
      { ...DUE, firstTokenMs: 20 },
    ], { strategy: "fastest" }),
    "ba",
  );
});

Deno.test("orderRoutes() lets each route be first in turn", () => {
  const turns = [0, 1, 2, 3, 4].map((turn) =>
    order([CLOSED, CLOSED, CLOSED], { strategy: "round-robin", turn })
  );
  assertEquals(turns, ["abc", "bca", "cab", "abc", "bca"]);
});

Deno.test("orderRoutes() takes turns evenly among the routes that are not open", () => {
  const turns = [0, 1, 2, 3].map((turn) =>
    order([CLOSED, open(5), CLOSED], { strategy: "round-robin", turn })
  );
  assertEquals(turns, ["acb", "cab", "acb", "cab"]);
});

Deno.test("orderRoutes() puts the fastest first, after those never measured", () => {
  const looks = [
    { ...CLOSED, firstTokenMs: 300 },
    CLOSED,
    { ...CLOSED, firstTokenMs: 0 },
    { ...CLOSED, firstTokenMs: 40 },
    CLOSED,
    { ...CLOSED, firstTokenMs: 40 },
  ];
  assertEquals(order(looks, { strategy: "fastest" }), "becdfa");
});

/** How often each order comes, of 20,000 draws. */
function draw(weights: readonly number[]): Map<string, number> {
  const random = createRandom(5);
  const counts = new Map<string, number>();
  for (let turn = 0; turn < 20_000; turn++) {
    const drawn = order(
      weights.map(() => CLOSED),
      { strategy: "weighted", random },
      weights,
    );
    counts.set(drawn, (counts.get(drawn) ?? 0) + 1 / 20_000);
  }
  return counts;
}

Deno.test("orderRoutes() draws by weight, without replacement", () => {
  const weights = [6, 3, 1];
  const counts = draw(weights);
  assertEquals(counts.size, 6);
  for (const [drawn, count] of counts) {
    const [first = 0, second = 0] = Array.from(
      drawn,
      (key) => weights[key.charCodeAt(0) - 97],
    );
    const expected = first / 10 * (second / (10 - first));
    assertAlmostEquals(count, expected, 0.015, drawn);
  }
});

Deno.test("orderRoutes() draws a route without a weight as one of 1", () => {
  const random = createRandom(9);
  const routes = [{ key: "a", weight: 3 }, { key: "b" }];
  let first = 0;
  for (let turn = 0; turn < 20_000; turn++) {
    const options = { strategy: "weighted", turn, random, now: 0 } as const;
    if (orderRoutes(routes, [], options)[0]?.key === "b") first++;
  }
  assertAlmostEquals(first / 20_000, 0.25, 0.015);
});

Deno.test("orderRoutes() tries a route of weight 0 after the others, but before open ones", () => {
  for (const random of [() => 0, () => 0.5, () => 1, createRandom(3)]) {
    assertEquals(
      order(
        [open(5), CLOSED, CLOSED, CLOSED],
        { strategy: "weighted", random },
        [9, 0, 2, 0],
      ),
      "cbda",
    );
  }
});

Deno.test("orderRoutes() changes nothing that it is given", () => {
  const routes = Object.freeze([{ weight: 1 }, { weight: 2 }]);
  for (const strategy of STRATEGIES) {
    const options = { strategy, turn: 1, random: () => 0.9, now: 0 };
    assertEquals(orderRoutes(routes, [], options).length, 2);
  }
});

Deno.test("orderRoutes() lets what was measured long ago count for less and less", () => {
  // Four times slower: its turn comes after two half-lives of a minute.
  const orders = [0, 119_000, 121_000].map((now) =>
    order([
      { ...CLOSED, firstTokenMs: 400, measuredAt: 0 },
      { ...CLOSED, firstTokenMs: 100, measuredAt: now },
    ], { strategy: "fastest", now })
  );
  assertEquals(orders, ["ba", "ba", "ab"]);
});
