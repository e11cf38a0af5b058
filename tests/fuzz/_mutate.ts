import { pickRandom, randomInt } from "../_random.ts";
import { randomKey } from "./_random_json.ts";

type Container = Record<string, unknown>;

/** A place in a value: what holds it, and under which name. */
type Slot = readonly [container: Container, key: string];

/** Whether a value holds others: an array, or an object without a class. */
function isContainer(value: unknown): value is Container {
  if (typeof value !== "object" || value === null) return false;
  return Array.isArray(value) ||
    Object.getPrototypeOf(value) === Object.prototype;
}

/** Copies arrays and plain objects; everything else is the same. */
function copy(value: unknown): unknown {
  if (!isContainer(value)) return value;
  if (Array.isArray(value)) return value.map(copy);
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, copy(inner)]),
  );
}

function listSlots(container: Container): Slot[] {
  return Object.entries(container).flatMap(([key, value]): Slot[] => [
    [container, key],
    ...(isContainer(value) ? listSlots(value) : []),
  ]);
}

function put([container, key]: Slot, value: unknown): void {
  Object.defineProperty(container, key, {
    value,
    configurable: true,
    enumerable: true,
    writable: true,
  });
}

function drop([container, key]: Slot): void {
  if (Array.isArray(container)) container.splice(Number(key), 1);
  else delete container[key];
}

function duplicate(slot: Slot, random: () => number): void {
  const [container, key] = slot;
  // The same object twice could be made to hold itself.
  const value = copy(container[key]);
  if (Array.isArray(container)) container.splice(Number(key), 0, value);
  else put([container, randomKey(random)], value);
}

function swap(one: Slot, other: Slot): void {
  const value = one[0][one[1]];
  put(one, other[0][other[1]]);
  put(other, value);
}

/**
 * Copies a value and drops, swaps, replaces or duplicates one to three nodes.
 *
 * @param value Arrays and plain objects; what else is in it stays as it is.
 * @param random Where to, and how.
 * @param toValue Makes what takes the place of a node.
 */
export function mutate(
  value: unknown,
  random: () => number,
  toValue: (random: () => number) => unknown,
): unknown {
  const root: Container = { value: copy(value) };
  for (let changes = 1 + randomInt(random, 3); changes > 0; changes--) {
    const slots = listSlots(root);
    const slot = pickRandom(random, slots);
    if (slot === undefined) break;
    pickRandom(random, [
      () => drop(slot),
      () => duplicate(slot, random),
      () => put(slot, toValue(random)),
      () => put(slot, toValue(random)),
      () => swap(slot, pickRandom(random, slots)),
    ])();
  }
  return root.value;
}
