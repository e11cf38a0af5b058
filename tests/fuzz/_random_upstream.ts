import { pickRandom, randomInt } from "../_random.ts";
import { randomList } from "./_random_bytes.ts";
import { randomJson } from "./_random_json.ts";
import { mutate } from "./_mutate.ts";

/** Lines of a chat-ui answer, in an order that is valid. */
const CHAT_UI_LINES: readonly unknown[] = [
  { type: "status", status: "started" },
  { type: "stream", token: "Hel\0\0" },
  { type: "stream", token: "lo\ud83d" },
  { type: "stream", token: "\ude00" },
  { type: "reasoning", subtype: "stream", token: "hm" },
  { type: "title", title: "Rivers" },
  { type: "webSearch", messages: [{ type: "update" }] },
  { type: "finalAnswer", text: "Hello😀", interrupted: false },
  { type: "status", status: "finished" },
];

const CHUNKS: readonly unknown[] = [
  { id: "c", choices: [{ index: 0, delta: { role: "assistant" } }] },
  { id: "c", choices: [{ index: 0, delta: { content: "Hel" } }] },
  { id: "c", choices: [{ index: 1, delta: { content: "no" } }] },
  { choices: [{ index: 0, delta: { content: "lo", reasoning: "hm" } }] },
  { choices: [{ text: "!", finish_reason: null }], usage: null },
  { choices: [{ index: 0, delta: {}, finish_reason: "stop" }] },
  { choices: [], usage: { prompt_tokens: 1, total_tokens: 3 } },
];

const COMPLETION: unknown = {
  id: "c",
  choices: [{ index: 0, message: { role: "assistant", content: "Hello" } }],
  usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 },
};

const PICTURES: unknown = {
  created: 1,
  data: [
    { url: "https://pictures.example/1.gif" },
    { b64_json: "R0lGODlhAQABAAAA" },
  ],
};

const ERRORS: readonly unknown[] = [
  { error: { message: "overload", code: "busy", type: "server" } },
  { error: "overload" },
  { detail: [{ msg: "field required", loc: ["body"] }] },
  { message: "overload", status: 500 },
];

/** A body that is deeper than any call stack. */
const DEEP = "[".repeat(50_000) + "]".repeat(50_000);

function toJsonText(value: unknown): string {
  return JSON.stringify(value) ?? "";
}

/** Gives something valid, something nearly valid, or any JSON. */
function vary(value: unknown, random: () => number): unknown {
  switch (randomInt(random, 5)) {
    case 0:
      return value;
    case 1:
      return randomJson(random);
    default:
      return mutate(value, random, randomJson);
  }
}

/** Makes the text of one JSON answer that should look like another. */
export function randomJsonBody(
  valid: unknown,
  random: () => number,
): string {
  const odds = randomInt(random, 60);
  if (odds === 0) return DEEP;
  const body = toJsonText(vary(valid, random));
  return odds === 1 ? body.slice(0, randomInt(random, body.length)) : body;
}

/** Makes values of which some are those of a list. */
function varyList(
  valid: readonly unknown[],
  random: () => number,
): unknown[] {
  const values = randomInt(random, 3) === 0
    ? randomList(random, 6, () => vary(pickRandom(random, valid), random))
    : mutate(valid, random, randomJson);
  return Array.isArray(values) ? values : [values];
}

/** Makes the lines of a chat-ui answer. */
export function randomChatUiAnswer(random: () => number): string {
  if (randomInt(random, 100) === 0) return `${DEEP}\n`;
  return varyList(CHAT_UI_LINES, random)
    .map((value) => `${toJsonText(value)}\n`).join("");
}

/** Makes the events of an answer like OpenAI's. */
export function randomChunks(random: () => number): string {
  const names = ["", "", "", "", "", "event: error\n", "event: __proto__\n"];
  const end = pickRandom(random, ["data: [DONE]\n\n", "", "data: {"]);
  return [...varyList(CHUNKS, random), pickRandom(random, [...ERRORS, {}])]
    .map((value) =>
      `${pickRandom(random, names)}data: ${toJsonText(value)}\n\n`
    )
    .join("") + end;
}

/** Makes a whole answer like OpenAI's. */
export function randomCompletion(random: () => number): string {
  return randomJsonBody(pickRandom(random, [COMPLETION, ...ERRORS]), random);
}

/** Makes an answer with pictures. */
export function randomPictures(random: () => number): string {
  const valid = pickRandom(random, [PICTURES, PICTURES, ...ERRORS]);
  return randomJsonBody(valid, random);
}

/** Makes the body of an error. */
export function randomErrorBody(random: () => number): string {
  return randomJsonBody(pickRandom(random, ERRORS), random);
}
