import { createRandom, FakeClock } from "@parley/testing";
import { toVoice } from "./_answers.ts";
import { type History, toFacts, Violation } from "./_history.ts";
import { createInstance, toProviderId } from "./_instances.ts";
import { RealWork } from "./_real_work.ts";
import { createServer } from "./_servers.ts";
import { createStores } from "./_stores.ts";
import { WorldRun } from "./_world_run.ts";
import type { World } from "./_world.ts";

/**
 * Runs a world to its end.
 *
 * @param world The world.
 * @returns What happened.
 * @throws {Violation} If an invariant does not hold.
 */
export async function runWorld(world: World): Promise<History> {
  const clock = new FakeClock();
  const start = clock.now();
  const lists: Pick<
    History,
    "outcomes" | "exchanges" | "strays" | "changes" | "trace"
  > = { outcomes: [], exchanges: [], strays: [], changes: [], trace: [] };
  const { outcomes, exchanges, strays, changes, trace } = lists;
  const realWork = new RealWork();
  const stores = createStores({
    isKv: world.isKv === true,
    clock,
    random: createRandom(world.seed),
    onChange(change) {
      changes.push({ ...change, at: clock.now() });
      trace.push(`${clock.now() - start} keeps ${JSON.stringify(change)}`);
    },
  });
  const servers = world.servers.map((plan, index) =>
    createServer(plan, {
      index,
      voice: toVoice(index, world.isOneVoice),
      provider: toProviderId(plan, index),
      clock,
      findOutcome: (question) =>
        outcomes.find(({ caller }) => caller.question === question),
      onStop(path) {
        const last = exchanges.findLast((exchange) => exchange.path === path);
        if (last) last.isStopped = true;
      },
      onStray: (url) => void strays.push(url),
      onExchange(exchange) {
        exchanges.push(exchange);
        const { outcome: { caller }, faults } = exchange;
        trace.push(
          `${clock.now() - start} server ${index} is asked ${caller.question}` +
            (faults.length > 0 ? ` and ${JSON.stringify(faults)}` : ""),
        );
      },
    })
  );
  const instances = await Promise.all(
    Array.from(
      { length: world.instances },
      (_, index) =>
        createInstance(index, { world, servers, stores, clock, realWork }),
    ),
  );
  const history: History = {
    ...toFacts(world),
    ...lists,
    clock,
    start,
    servers,
    instances,
    ended: [],
    moments: 0,
  };
  const run = new WorldRun(history, stores, realWork);
  for (const step of world.steps) {
    clock.setTimeout(() => run.act(step), step.at);
  }
  try {
    await run.settle();
    await run.recover();
  } catch (error) {
    if (error instanceof Violation) throw error;
    throw new Violation("throws", String(error), history);
  }
  return history;
}
