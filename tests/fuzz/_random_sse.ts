import { pickRandom, randomInt } from "../_random.ts";
import { NASTY_TEXT, randomList, toDamagedBytes } from "./_random_bytes.ts";

/** The names of the rules, and names that are nearly one of them. */
const NAMES = [
  ...["data", "data", "data", "event", "id", "retry"],
  ...["d", "da", "dat", "datum", "data2", "Data", "DATA", " data", "data "],
  ...["e", "even", "events", "i", "ids", "Id", "r", "retr", "retry-after"],
  ...["\ufeffdata", "data\0", "dåta", "__proto__", "unknown-and-long"],
];

const SEPARATORS = ["", ":", ":", ": ", ": ", ":  ", " :", "::", ":\t"];

const RETRIES = ["0", "007", "1500", "-1", "+1", "1e3", "1.5", "٣", "９", "5 "];

const ENDS = ["\n", "\r", "\r\n"];

/** Most are short, some are longer than what a reader may hold back. */
function randomLength(random: () => number): number {
  return randomInt(random, pickRandom(random, [4, 4, 12, 100, 2_000]));
}

function randomValue(random: () => number): string {
  const text = pickRandom(random, NASTY_TEXT);
  return pickRandom(random, [
    () => text,
    () => `x${text}`,
    () => `${text}${pickRandom(random, NASTY_TEXT)}y`,
    () => "x".repeat(randomLength(random)),
    () => String(randomInt(random, 1e9)),
    () => pickRandom(random, RETRIES),
    () => "9".repeat(randomLength(random)),
  ])();
}

function randomLine(random: () => number): string {
  const field = () =>
    pickRandom(random, NAMES) + pickRandom(random, SEPARATORS) +
    randomValue(random);
  return pickRandom(random, [
    field,
    field,
    field,
    () => `data: ${randomValue(random)}`,
    () => `data:${randomValue(random)}`,
    () => `:${randomValue(random)}`,
    () => "",
    () => "",
    () => pickRandom(random, NASTY_TEXT),
  ])();
}

/** Makes the bytes of an event stream, mostly by its grammar. */
export function randomSse(random: () => number): Uint8Array {
  const common = pickRandom(random, ENDS);
  const isMixed = randomInt(random, 2) === 0;
  const toEnd = () => isMixed ? pickRandom(random, ENDS) : common;
  const lines = randomList(random, 30, () => randomLine(random) + toEnd());
  const bom = pickRandom(random, ["", "", "\ufeff", "\ufeff\ufeff"]);
  const rest = pickRandom(random, ["", "", "data", "data: cut", "i", "\r"]);
  return toDamagedBytes([bom, ...lines, rest], random);
}
