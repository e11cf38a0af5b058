import { Violation } from "./_history.ts";
import { runWorld } from "./_run_world.ts";
import type { World } from "./_world.ts";

/** Runs a world, and gives the law that it breaks. */
export async function findViolation(
  world: World,
): Promise<Violation | undefined> {
  try {
    await runWorld(world);
  } catch (error) {
    if (error instanceof Violation) return error;
    throw error;
  }
}

/** What a world does without. */
const OPTIONAL =
  /^(chat|chunking|draws|final|is|key|leave|lines|max|most|moved|pause|piece|pre|restarts|sets|skew|splits|stop|system|thinks|total|upload|usage|weight|wrong)/;

/** What is simplest where it is 0. */
const FIRST = /^(at|instance|delay|pace)$/;

/** Gives simpler forms of a value: of a list or an object, with less in it. */
function* simplify(value: unknown): Iterable<unknown> {
  if (typeof value === "number") {
    // What comes more often takes for ever.
    const rounded = Math.round(value / 1_000) * 1_000;
    for (const simpler of value < 100 ? [1, 2] : [rounded]) {
      if (simpler > 0 && simpler < value) yield simpler;
    }
  } else if (value === true) yield false;
  else if (Array.isArray(value)) {
    for (let size = Math.ceil(value.length / 2); size >= 1; size >>= 1) {
      for (let start = 0; start < value.length; start += size) {
        yield value.toSpliced(start, size);
      }
    }
    for (const [index, item] of value.entries()) {
      for (const simpler of simplify(item)) yield value.with(index, simpler);
    }
  } else if (typeof value === "object" && value !== null) {
    // The steps of a world come last, and are most of it.
    for (const [name, field] of Object.entries(value).reverse()) {
      if (FIRST.test(name) && field !== 0) yield { ...value, [name]: 0 };
      if (OPTIONAL.test(name)) yield { ...value, [name]: undefined };
      for (const simpler of simplify(field)) {
        yield { ...value, [name]: simpler };
      }
    }
  }
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
  let all = [...simplify(world)];
  // After each success it goes on where it was, until nothing succeeds.
  for (let next = 0, failures = 0; failures < all.length; next++) {
    // Written and read, what is undefined is left out.
    const smaller: World = JSON.parse(JSON.stringify(all[next % all.length]));
    // What is no world any more does not fail in the same way.
    if (await Promise.try(fails, smaller).catch(() => false)) {
      smallest = smaller;
      all = [...simplify(smaller)];
      failures = 0;
      next--;
    } else failures++;
  }
  return smallest;
}
