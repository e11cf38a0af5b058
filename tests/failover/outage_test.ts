// What an outage of every route costs its servers.
import { assert, assertLess } from "@std/assert";
import { createOpenAiCompatible } from "../../mod.ts";
import { createFailover } from "../../failover/mod.ts";
import { FakeClock, flush } from "../../packages/testing/fake_clock.ts";
import { createRandom } from "../../packages/testing/random.ts";

/** How many ask at once. */
const ASKS_AT_ONCE = 200;

/** How many ask one after the other. */
const ASKS = 500;

/** A failover over three servers that answer 500, with what they were asked. */
function createOutage() {
  const clock = new FakeClock();
  const random = createRandom(12);
  let requests = 0;
  const fetch = () => {
    requests++;
    return Promise.resolve(new Response("down", { status: 500 }));
  };
  const routes = ["a", "b", "c"].map((id) =>
    createOpenAiCompatible({
      id,
      baseUrl: `https://${id}.example/v1`,
      defaultModel: "small",
      fetch,
      clock,
      random,
    })
  );
  const failover = createFailover(routes, { clock, random });
  return {
    clock,
    ask: () =>
      failover.generate("Hello").then(
        () => assert(false, "It answers"),
        () => {},
      ),
    countRequests: () => requests,
  };
}

Deno.test("createFailover() multiplies no outage where all ask at once", async () => {
  const { clock, ask, countRequests } = createOutage();
  await clock.skipWaits(Promise.all(Array.from({ length: ASKS_AT_ONCE }, ask)));
  assertLess(countRequests() / ASKS_AT_ONCE, 3.1);
});

Deno.test("createFailover() leaves an outage alone while many go on to ask", async () => {
  const { clock, ask, countRequests } = createOutage();
  const asks: Promise<void>[] = [];
  while (asks.length < ASKS) {
    asks.push(ask());
    await clock.advance(40);
  }
  await flush();
  await clock.skipWaits(Promise.all(asks));
  assertLess(countRequests() / ASKS, 1.5);
});
