import { pickRandom, randomInt } from "../_random.ts";
import { NASTY_TEXT, randomList } from "./_random_bytes.ts";

/** Names that mean something to a prototype, or to one of the protocols. */
const KEYS = [
  ...["__proto__", "constructor", "prototype", "toString", "valueOf", "then"],
  ...["toJSON", "length", "hasOwnProperty", "", "0", "polluted"],
  ...["type", "message", "error", "code", "status", "detail", "msg"],
  ...["choices", "delta", "content", "index", "finish_reason", "usage"],
  ...["nodes", "data", "id", "messages", "json", "rootMessageId"],
  ...["text", "token", "title", "url", "b64_json", "conversationId"],
  ...["role", "image", "mediaType", "version", "cookies", "origin"],
];

const TEXTS = [
  ...NASTY_TEXT,
  ...["\ud83d", "\ude00", "a\ude00\ud83d", "x".repeat(300)],
  ...["__proto__", "constructor", "stop", "error", "finalAnswer", "data"],
  ...["https://pictures.example/1.gif", "http://127.0.0.1/", "//x", "/x"],
  ...["https://u:p@x.example/?a#b", "javascript:1", "data:,x", "http://["],
  ...["R0lGODlhAQABAAAA", "====", "text/html", "image/png", "gpt-4o"],
  ...["user", "system", "%", "%E0%A4%A", "a=b; c", "7", "-1", "NaN", "{}"],
];

const NUMBERS = [
  ...[0, -0, 1, 2, 3, -1, 0.5, -1.5, 7, 401, 403, 404, 500],
  ...[2 ** 31, 2 ** 53, -(2 ** 53) - 2, 1e21, 1e308, -1e308, 5e-324],
];

/** Gives text that a protocol may not expect. */
export function randomText(random: () => number): string {
  return pickRandom(random, TEXTS);
}

function nest(random: () => number, value: unknown): unknown {
  let nested = value;
  for (let depth = randomInt(random, 300); depth > 0; depth--) {
    nested = randomInt(random, 2) === 0 ? [nested] : { data: nested };
  }
  return nested;
}

/** Makes any JSON; as here, `"__proto__"` may be a property like others. */
export function randomJson(random: () => number, depth = 4): unknown {
  const inner = () => randomJson(random, depth - 1);
  const flat: readonly (() => unknown)[] = [
    () => null,
    () => randomInt(random, 2) === 0,
    () => pickRandom(random, NUMBERS),
    () => randomText(random),
    () => randomText(random) + randomText(random),
  ];
  const deep: readonly (() => unknown)[] = [
    () => randomList(random, 6, inner),
    () => randomObject(random, inner),
    () => randomObject(random, inner),
  ];
  if (randomInt(random, 200) === 0) return nest(random, inner());
  return pickRandom(random, depth > 0 ? [...flat, ...deep] : flat)();
}

function randomObject(random: () => number, toValue: () => unknown): unknown {
  return Object.fromEntries(
    randomList(random, 6, () => [pickRandom(random, KEYS), toValue()]),
  );
}

/** Gives a name that an object may have a property of. */
export function randomKey(random: () => number): string {
  return pickRandom(random, KEYS);
}
