import { assertEquals } from "@std/assert";
import type { CircuitBreaker, Look } from "../../failover/circuit_breaker.ts";
import { resolveRoutes } from "../../failover/route.ts";
import { createRouteQueue } from "../../failover/route_queue.ts";
import { FakeClock } from "@parley/testing";
import { createActor } from "./_actors.ts";

const CLOSED = { isOpen: false, isDue: false };
const OPEN = { isOpen: true, isDue: false };
const DUE = { isOpen: true, isDue: true };

type State = Omit<Look, "key">;

/** Makes a queue of the routes A, B and so on. */
function createQueue(
  states: readonly State[],
  claims: readonly number[] = [],
  later: readonly State[] = [],
) {
  const left = [...claims];
  const claimed: string[] = [];
  const breaker: CircuitBreaker = {
    look: () => Promise.resolve(later.map((look) => ({ key: "", ...look }))),
    claimProbe(key) {
      claimed.push(key);
      return Promise.resolve(left.shift());
    },
    succeed: () => Promise.resolve(),
    fail: () => Promise.resolve(),
    release: () => Promise.resolve(),
    during: () => breaker,
  };
  const clock = new FakeClock();
  const routes = resolveRoutes(
    states.map((_, index) => {
      const name = String.fromCharCode(65 + index);
      return { provider: createActor(name, [[]], { clock }).provider, name };
    }),
    "",
  );
  const looks = states.map((state, index) => ({
    key: routes[index]?.key ?? "",
    ...state,
  }));
  const queue = createRouteQueue(routes, looks, breaker);

  /** Takes all routes, each where it would be the only one. */
  async function takeAll(isAlone = true) {
    const taken = [];
    for (;;) {
      const queued = await queue.take(isAlone);
      if (queued === undefined) return taken;
      const { route, probe, isLastResort = false } = queued;
      taken.push([route.key, probe, isLastResort]);
    }
  }
  return { queue, routes, claimed, takeAll };
}

Deno.test("createRouteQueue() gives each route once", async () => {
  const { queue, takeAll, claimed } = createQueue([CLOSED, CLOSED]);
  assertEquals(queue.hasNext(), true);
  assertEquals(await takeAll(), [
    ["A", undefined, false],
    ["B", undefined, false],
  ]);
  assertEquals([queue.hasNext(), claimed], [false, []]);
});

Deno.test("createRouteQueue() claims the probe of a route that is due, when it is its turn", async () => {
  const { queue, takeAll, claimed } = createQueue([CLOSED, DUE], [7]);
  await queue.take(true);
  assertEquals(claimed, []);
  assertEquals(await takeAll(), [["B", 7, false]]);
  assertEquals(claimed, ["B"]);
});

Deno.test("createRouteQueue() passes over what is open, and asks the first of it at last", async () => {
  const { takeAll, claimed } = createQueue([OPEN, OPEN, CLOSED]);
  assertEquals(await takeAll(), [
    ["C", undefined, false],
    ["A", undefined, true],
  ]);
  assertEquals(claimed, []);
});

Deno.test("createRouteQueue() asks a route that has closed since before one that is open", async () => {
  const { takeAll } = createQueue([CLOSED, OPEN, OPEN], [], [OPEN, CLOSED]);
  assertEquals(await takeAll(), [
    ["A", undefined, false],
    ["C", undefined, false],
    ["B", undefined, true],
  ]);
});

Deno.test("createRouteQueue() passes over a route whose probe somebody else has", async () => {
  const { takeAll } = createQueue([DUE, CLOSED], []);
  assertEquals(await takeAll(), [
    ["B", undefined, false],
    ["A", undefined, true],
  ]);
});

Deno.test("createRouteQueue() has no last resort beside a route that is asked", async () => {
  const { queue, takeAll } = createQueue([CLOSED, OPEN]);
  assertEquals(await takeAll(false), [["A", undefined, false]]);
  assertEquals(queue.hasNext(), false);
  // It is left for when that one has failed.
  assertEquals(await takeAll(true), [["B", undefined, true]]);
  assertEquals(await takeAll(true), []);
});

Deno.test("createRouteQueue() gives a route next that is put back", async () => {
  const { queue, routes } = createQueue([DUE, CLOSED], [7]);
  const first = await queue.take(true);
  const [route] = routes;
  if (route === undefined) throw new Error();
  queue.putBack({ route, isAnew: true });
  const second = await queue.take(true);
  assertEquals([first?.probe, second], [7, { route, isAnew: true }]);
  assertEquals((await queue.take(true))?.route.key, "B");
});

Deno.test("createRouteQueue() gives a slower route at last, where its budget has an attempt left", async () => {
  const { queue, routes, takeAll } = createQueue([CLOSED, CLOSED]);
  const { route } = await queue.take(true) ?? {};
  if (route === undefined) throw new Error();
  let left = 1;
  const take = () => left-- > 0;
  const limits = { maxRetries: 1, retryBudget: { take, giveBack() {} } };
  queue.putLast({ route, limits });
  queue.putLast({ route, limits });
  const keys = (await takeAll()).map(([key]) => key);
  assertEquals(keys, routes.map(({ key }) => key).reverse());
});
