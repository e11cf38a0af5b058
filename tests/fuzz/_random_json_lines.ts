import { pickRandom, randomInt } from "../_random.ts";
import { NASTY_TEXT, randomList, toDamagedBytes } from "./_random_bytes.ts";
import { randomJson } from "./_random_json.ts";

/** What is white space to JSON, to JavaScript only, or to nobody. */
const BLANKS = ["", " ", "\t", "\r", " \r\t ", "\xa0", "\ufeff", "\0", "\v"];

/** What looks like JSON. */
const BAD = [
  ...["{", "[", '"', "{]", '{"a":1', '["a\\"', '{"a":"}', "[1,2]]", "[1]["],
  ...['{"a":"\\"}', '{"a":"\\\\"', '["\\"]', '[{"]":1}', "[}"],
  ...["{'a':1}", "NaN", "undefined", "01", "1.", "+1", "tru", "[1,]", '"\t"'],
  ...["<html>", "data: {}", "{}{}", '"\\u12"', '"\\x"', "[1e999]", "\u2028"],
];

function randomLine(random: () => number): string {
  const blank = () => pickRandom(random, BLANKS);
  const value = () => JSON.stringify(randomJson(random, 2));
  return pickRandom(random, [
    value,
    value,
    value,
    () => blank() + value() + blank(),
    () => value().replace(/[,:]/g, (mark) => `${mark}\r`),
    () => JSON.stringify(randomJson(random, 2), undefined, "\t\r "),
    blank,
    blank,
  ])();
}

function randomBadLine(random: () => number): string {
  return pickRandom(random, [
    () => pickRandom(random, BAD),
    () => pickRandom(random, NASTY_TEXT) + randomLine(random),
    () => {
      const line = randomLine(random);
      return line.slice(0, randomInt(random, line.length));
    },
  ])();
}

/** Makes the bytes of JSON lines, of which every second body has a bad one. */
export function randomJsonLines(random: () => number): Uint8Array {
  const lines = randomList(random, 12, () => randomLine(random));
  if (randomInt(random, 2) === 0) {
    const at = randomInt(random, lines.length + 1);
    lines.splice(at, 0, randomBadLine(random));
  }
  const end = pickRandom(random, ["\n", "\r\n"]);
  const bom = pickRandom(random, ["", "", "\ufeff", "\ufeff\ufeff"]);
  const last = pickRandom(random, ["", end]);
  return toDamagedBytes([bom, lines.join(end), last], random);
}
