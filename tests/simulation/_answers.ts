import { createRandom } from "@parley/testing";
import { pickRandom } from "../_random.ts";
import type { CallerPlan } from "./_world.ts";

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

const QUESTION = /Question (\d+): (look it up, and )?answer in (\d+) words/g;

/** A question, as a server reads it. */
export interface ReadQuestion {
  readonly question: number;
  readonly words: number;
  readonly wantsCalls: boolean;
  /** Where it ends. */
  readonly end: number;
}

/** Reads the last question of a text. */
export function readQuestion(text: string): ReadQuestion | undefined {
  const last = [...text.matchAll(QUESTION)].at(-1);
  if (last === undefined) return undefined;
  const [found, question, calls, words] = last;
  return {
    question: Number(question),
    words: Number(words),
    wantsCalls: calls !== undefined,
    end: last.index + found.length,
  };
}

/** How the answers of a server begin: each has its own, or all have one. */
export function toVoice(server: number, isOneVoice: boolean): string {
  return isOneVoice ? "All" : `Server ${String.fromCharCode(65 + server)}`;
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
        : ` ${pickRandom(random, WORDS)} (${toLetters(index)})`,
  );
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
