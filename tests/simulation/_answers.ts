import { createRandom } from "@parley/testing";
import { decodeBase64, encodeBase64 } from "../../mod.ts";
import { pickRandom, randomInt } from "../_random.ts";
import type { Outcome } from "./_outcome.ts";
import type { CallerPlan, ServerPlan } from "./_world.ts";

const WORDS = ["lion", "Grüße", "👋🏽 wave", "two\nlines", "東京", "end."];

/** What a tool gives. */
export const FOUND = "It was found";

/** What is asked: it says itself how it is to be answered. */
export function toQuestion(
  { question, words, form }: Pick<CallerPlan, "question" | "words" | "form">,
): string {
  const calls = form === "tools" ? "look it up, and " : "";
  return `Question ${question}: ${calls}answer in ${words} words`;
}

/** The messages of a chat, right or wrong; what is kept is not said again. */
export function toMessages(
  { caller, chat }: Pick<Outcome, "caller" | "chat">,
): readonly { readonly role: string; readonly content: string }[] {
  const { wrong, system } = caller;
  if (wrong === "empty") return [];
  const isKept = chat.conversation !== undefined || chat.token !== undefined;
  const question = toQuestion(caller);
  return [
    ...system === undefined ? [] : [{ role: "system", content: system }],
    ...(isKept ? [] : chat.turns).flatMap((turn) => [
      { role: "user", content: turn.question },
      { role: "assistant", content: turn.answer ?? "" },
    ]),
    { role: wrong === "role" ? "narrator" : "user", content: question },
  ];
}

const QUESTION = /Question (\d+): (look it up, and )?answer in (\d+) words/g;

/** A question, as a server reads it. */
export interface ReadQuestion {
  readonly text: string;
  readonly question: number;
  readonly words: number;
  readonly wantsCalls: boolean;
  /** Where it ends. */
  readonly end: number;
}

/** Reads the last question of a text. */
export function readQuestion(prompt: string): ReadQuestion | undefined {
  const last = [...prompt.matchAll(QUESTION)].at(-1);
  if (last === undefined) return undefined;
  const [text, question, calls, words] = last;
  return {
    text,
    question: Number(question),
    words: Number(words),
    wantsCalls: calls !== undefined,
    end: last.index + text.length,
  };
}

/** How the answers of a server begin: each has its own, or all have one. */
export function toVoice(server: number, isOneVoice: boolean): string {
  return isOneVoice ? "🦁 All" : `🦁 ${String.fromCharCode(65 + server)}`;
}

/**
 * What a voice answers: no two questions have the same answer, and no two words
 * of an answer are the same.
 */
export function toAnswer(
  voice: string,
  question: number,
  words: number,
): readonly string[] {
  const random = createRandom(question);
  return Array.from(
    { length: words },
    (_, index) =>
      index === 0
        ? `${voice} to question no. ${question}:`
        : ` ${pickRandom(random, WORDS)}` +
          // The last one could be the beginning of another.
          (index === words - 1 ? "" : ` (${toLetters(index)})`),
  );
}

/** How what a server thinks begins. */
export const THOUGHT = "💭";

/** What was thought, without that. */
export function toMind(thoughts: string): string {
  return thoughts.replaceAll(THOUGHT, "");
}

/** What it thinks of a question, before it speaks. */
export function toThoughts(question: number): readonly string[] {
  return ["This", " is no. ", ` ${question}: 東京?`].map((text) =>
    THOUGHT + text
  );
}

/** What a voice says or draws for a caller, as a text. */
export function toMeant(
  voice: string,
  { question, words, form, stop }: CallerPlan,
  { draws, most, isGateway = false }:
    & Partial<ServerPlan>
    & { readonly isGateway?: boolean } = {},
): string {
  if (form === "pictures") {
    const isOne = draws === "one";
    // A gateway asks again for what is missing.
    return Array.from(
      { length: isOne && !isGateway ? 1 : words },
      (_, index) => `${toTitle(voice, question)} [${isOne ? 0 : index}]`,
    ).join();
  }
  const text = toAnswer(voice, question, words).slice(0, most).join("");
  return stop === undefined ? text : text.split(stop)[0] ?? "";
}

/** What stands below a picture. */
export function toTitle(voice: string, question: number): string {
  return `${voice} to question no. ${question}`;
}

/** How every PNG begins. */
const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** More than comes in one piece. */
const PICTURE_SIZE = 20_000;

/** Writes a title as a picture. */
export function toPicture(title: string, index: number): string {
  const bytes = new Uint8Array(PICTURE_SIZE);
  bytes.set(PNG);
  bytes.set(new TextEncoder().encode(`${title} [${index}]`), PNG.length);
  return encodeBase64(bytes);
}

/** Reads what {@linkcode toPicture} wrote. */
export function readPicture(base64: string): string {
  const text = new TextDecoder().decode(
    decodeBase64(base64).subarray(PNG.length),
  );
  return text.replace(/\0+$/, "");
}

/** Splits a token anywhere, and the first of an answer in its first character. */
export function* splitOddly(token: string, index: number): Iterable<string> {
  const random = createRandom(index);
  // Of less than some words nobody knows that they are repeated.
  const ends = index === 0 ? [1, 14] : [];
  for (let start = 0; start < token.length;) {
    const end = ends.shift() ?? start + 1 + randomInt(random, 9);
    yield token.slice(start, end);
    start = end;
  }
}

/** What is asked, also where it is in a form. */
export function toFullPrompt(body: string): string {
  const form = /^\{"inputs":.*\}/m.exec(body)?.[0];
  return form === undefined ? body : JSON.parse(form).inputs;
}

/** Writes a number in letters, for continuing an answer is a matter of words. */
function toLetters(index: number): string {
  return String(index).replace(
    /\d/g,
    (digit) => "abcdefghij".charAt(Number(digit)),
  ) + "th";
}

/** How much of an answer a text has, which asks to go on with it. */
export function findShown(answer: string, text: string): number {
  let longest = 0;
  for (let start = text.indexOf(answer[0] ?? ""); start !== -1;) {
    let length = 0;
    while (
      length < answer.length && answer[length] === text[start + length]
    ) length++;
    longest = Math.max(longest, length);
    start = text.indexOf(answer[0] ?? "", start + 1);
  }
  return longest;
}
