import { Violation } from "./_history.ts";
import { runWorld } from "./_run_world.ts";
import {
  type CallerPlan,
  PLAIN_GATEWAY,
  type ServerPlan,
  type Step,
  type World,
} from "./_world.ts";

/** Runs a world, and gives the name of the invariant that it breaks. */
export async function findViolation(
  world: World,
): Promise<string | undefined> {
  try {
    await runWorld(world);
  } catch (error) {
    if (error instanceof Violation) return error.invariant;
    throw error;
  }
}

/** Leaves out some of a list: halves first, then ever fewer. */
function* leaveOut<T>(list: readonly T[]): Iterable<readonly T[]> {
  for (let size = Math.ceil(list.length / 2); size >= 1; size >>= 1) {
    for (let start = 0; start < list.length; start += size) {
      yield [...list.slice(0, start), ...list.slice(start + size)];
    }
  }
}

/** Replaces one item of a list by each of its simpler forms. */
function* replaceEach<T>(
  list: readonly T[],
  simplify: (item: T) => Iterable<T>,
): Iterable<readonly T[]> {
  for (const [index, item] of list.entries()) {
    for (const simpler of simplify(item)) yield list.with(index, simpler);
  }
}

/** Sets fields to what is simplest, one after the other, unless they are. */
function* setEach<T extends object>(value: T, simple: Partial<T>): Iterable<T> {
  for (const name of Object.keys(simple) as (keyof T)[]) {
    if (JSON.stringify(value[name]) === JSON.stringify(simple[name])) continue;
    yield { ...value, [name]: simple[name] };
  }
}

const SIMPLE_CALLER: Partial<CallerPlan> = {
  pace: undefined,
  pause: undefined,
  leave: undefined,
  stop: undefined,
  total: undefined,
  restarts: undefined,
  upload: undefined,
  system: undefined,
  wrong: undefined,
  chat: undefined,
  key: undefined,
  instance: 0,
  stream: true,
  words: 2,
};

const SIMPLE_SERVER: Partial<ServerPlan> = {
  kind: "openai",
  delay: 0,
  pace: 0,
  piece: undefined,
  chunking: undefined,
  prefill: undefined,
  splits: undefined,
  usage: undefined,
  moved: undefined,
  draws: undefined,
  weight: undefined,
  isNewest: undefined,
  maxRetries: 0,
};

function* simplifyStep(step: Step): Iterable<Step> {
  if (step.at !== 0) yield { ...step, at: 0 };
  if (step.at % 1_000 !== 0) {
    yield { ...step, at: Math.round(step.at / 1_000) * 1_000 };
  }
  if (step.do === "befall" && step.times !== 1) yield { ...step, times: 1 };
  if (step.do !== "ask") return;
  for (const caller of setEach(step.caller, SIMPLE_CALLER)) {
    yield { ...step, caller };
  }
  const { form } = step.caller;
  if (form === "pictures") return;
  const simple = form === "response" ? "chunks" : "events";
  if (form === simple || form === "chunks") return;
  yield { ...step, caller: { ...step.caller, form: simple } };
}

/** Gives worlds that are a little simpler. */
function* simplify(world: World): Iterable<World> {
  const { steps, servers } = world;
  for (const fewer of leaveOut(steps)) yield { ...world, steps: fewer };
  if (servers.length > 1) yield { ...world, servers: servers.slice(0, -1) };
  if (world.instances > 1) yield { ...world, instances: 1 };
  for (const simpler of replaceEach(steps, simplifyStep)) {
    yield { ...world, steps: simpler.toSorted((a, b) => a.at - b.at) };
  }
  const toSimplerServers = (server: ServerPlan) =>
    setEach(server, SIMPLE_SERVER);
  for (const simpler of replaceEach(servers, toSimplerServers)) {
    yield { ...world, servers: simpler };
  }
  for (
    const failover of setEach(world.failover, {
      onPartial: "restart",
      strategy: "ordered",
      hedgeAfter: null,
      breaker: undefined,
    })
  ) yield { ...world, failover };
  for (
    const gateway of setEach(world.gateway, PLAIN_GATEWAY)
  ) yield { ...world, gateway };
  yield* setEach(world, {
    isOneVoice: false,
    seed: 1,
    skew: undefined,
    isKv: undefined,
  });
}

/**
 * Makes a failing world as small as it fails in the same way.
 *
 * @param world The world.
 * @param fails Whether a world fails in the same way.
 */
export async function shrink(
  world: World,
  fails: (world: World) => Promise<boolean>,
): Promise<World> {
  let smallest = world;
  for (let isSmaller = true; isSmaller;) {
    isSmaller = false;
    for (const simpler of simplify(smallest)) {
      if (!(await fails(simpler))) continue;
      smallest = simpler;
      isSmaller = true;
      break;
    }
  }
  return smallest;
}
