/**
 * The content of an answer: of a chunk of it, or of the whole.
 *
 * @module
 */

import type { ChatEvent } from "../chat/events.ts";
import { toLastText } from "../chat/prompt.ts";
import { addSources, type AnswerState } from "./answer_state.ts";
import {
  isTextual,
  type Json,
  toContent,
  toImageSource,
  toReasoning,
  toText,
} from "./part_forms.ts";
import {
  createRetoldText,
  isUsual,
  readRetold,
  settleRetold,
} from "./retold_text.ts";
import { toImage } from "../run/images.ts";
import type { OnlyText } from "../streams/similar_lines.ts";
import type { OnPiece } from "../streams/tag_splitter.ts";
import {
  isFilled,
  isList,
  isNullish,
  isObject,
  isString,
} from "../streams/values.ts";

/** Says that there was content which nobody knows how to read. */
const IGNORED_PART: ChatEvent = {
  type: "warning",
  code: "ignored-part",
  message: "A part of the answer was ignored: its type is unknown",
};

/** Finds the calls of tools; `function_call` is what they were first. */
function toCalls(
  { tool_calls: calls, function_call }: Json,
): readonly unknown[] {
  if (isList(calls) && calls.length > 0) return calls;
  // One call may stand alone, and PHP writes a list with gaps as an object.
  if (isObject(calls)) return calls.function ? [calls] : Object.values(calls);
  return isObject(function_call) ? [function_call] : [];
}

/**
 * Hands on what stands inside of the tags, and what does not.
 *
 * @param answer Gets it.
 */
export function toPieces(answer: ChatEvent[]): OnPiece {
  return (text, isInside) =>
    void answer.push({ type: isInside ? "reasoning" : "text", text });
}

/** Hands on text that is new. */
function push(
  { tags, isRefused }: AnswerState,
  piece: OnlyText<"text" | "reasoning">,
  answer: ChatEvent[],
): void {
  if (piece.text === "") return;
  // A refusal is nothing that a model thinks.
  if (tags && piece.type === "text" && !isRefused) {
    tags.push(piece.text, toPieces(answer));
  } else answer.push(piece);
}

/** Hands on what is held, before something else comes. */
function settle(
  state: AnswerState,
  type: "text" | "reasoning",
  answer: ChatEvent[],
): void {
  const retold = state.retold[type];
  if (retold && !retold.isPlain) {
    push(state, { type, text: settleRetold(retold) }, answer);
  }
}

/**
 * Adds text or reasoning.
 *
 * @param state What is known of the answer.
 * @param piece What a chunk tells.
 * @param answer Gets what is new in it.
 */
export function addPiece(
  state: AnswerState,
  piece: OnlyText<"text" | "reasoning">,
  answer: ChatEvent[],
): void {
  const { type, text } = piece;
  if (text === "") return;
  state.hasContent = true;
  const retold = state.retold[type] ??= createRetoldText();
  if (isUsual(retold, text)) return push(state, piece, answer);
  settle(state, type === "text" ? "reasoning" : "text", answer);
  push(state, { type, text: readRetold(retold, text) }, answer);
}

function addText(
  state: AnswerState,
  text: string,
  answer: ChatEvent[],
): void {
  addPiece(state, { type: "text", text }, answer);
}

function addReasoning(
  state: AnswerState,
  text: string,
  answer: ChatEvent[],
): void {
  addPiece(state, { type: "reasoning", text }, answer);
}

/**
 * Hands on all that is held.
 *
 * @param state What is known of the answer.
 * @param answer Gets it.
 */
export function settleText(state: AnswerState, answer: ChatEvent[]): void {
  settle(state, "reasoning", answer);
  settle(state, "text", answer);
}

function addRefusal(
  state: AnswerState,
  value: unknown,
  answer: ChatEvent[],
): void {
  if (!isFilled(value)) return;
  state.isRefused = true;
  addText(state, value, answer);
}

function addImage(
  state: AnswerState,
  entry: unknown,
  answer: ChatEvent[],
): void {
  const source = toImageSource(entry);
  if (source === undefined) return ignore(state, answer);
  state.hasContent = true;
  settleText(state, answer);
  const prompt = toLastText(state.run.messages);
  const image = toImage(state.run, { ...source, prompt });
  answer.push({ type: "image", image });
}

function ignore(state: AnswerState, answer: ChatEvent[]): void {
  state.hasUnread = true;
  answer.push(IGNORED_PART);
}

function readPart(
  state: AnswerState,
  part: unknown,
  answer: ChatEvent[],
): void {
  if (isString(part)) return addText(state, part, answer);
  if (isNullish(part)) return;
  const { type, text, refusal } = isObject(part) ? part : {};
  switch (type) {
    case "text":
    case "output_text":
      return addText(state, toText(text), answer);
    case "thinking":
    case "reasoning":
      return addReasoning(state, toText(part), answer);
    case "refusal":
      return addRefusal(state, refusal, answer);
    case "image_url":
      return addImage(state, part, answer);
  }
  // Gemini's parts have no type.
  const untyped = isFilled(type) ? "" : toText(part);
  if (untyped === "") ignore(state, answer);
  else addText(state, untyped, answer);
}

/**
 * Reads content, or the text of a legacy completion.
 *
 * @param state What is known of the answer.
 * @param content What stands where the content does.
 * @param answer Gets what is in it.
 * @throws {ProviderError} If it has no known form at all, with code
 * `bad-response`.
 */
export function readContent(
  state: AnswerState,
  content: unknown,
  answer: ChatEvent[],
): void {
  if (isTextual(content)) {
    addText(state, `${content}`, answer);
  } else if (isList(content)) {
    for (const part of content) readPart(state, part, answer);
  } else if (!isNullish(content)) {
    throw state.run.fail("Answer has content of an unknown form", {
      code: "bad-response",
    });
  }
}

/**
 * Reads a delta, or a message.
 *
 * @param state What is known of the answer.
 * @param part Where the content stands.
 * @param answer Gets what is in it.
 * @throws {ProviderError} As {@linkcode readContent} does.
 */
export function readDelta(
  state: AnswerState,
  part: Json,
  answer: ChatEvent[],
): void {
  const { refusal, images, image, audio, annotations } = part;
  const { reasoning_details: details } = part;
  addReasoning(state, toReasoning(part), answer);
  readContent(state, toContent(part), answer);
  if (refusal) addRefusal(state, refusal, answer);
  // LiteLLM wrote one alone.
  const pictures = isList(images) ? images : image ? [image] : [];
  for (const picture of pictures) addImage(state, picture, answer);
  if (isObject(audio)) ignore(state, answer);
  if (annotations) addSources(state, annotations, answer);
  // Some servers write an empty list with each chunk.
  const pieces = toCalls(part);
  if (pieces.length === 0 && !details) return;
  const calls = state.calls ??= state.createCalls?.(state.run);
  if (details) calls?.keep(details);
  if (pieces.length === 0) return;
  if (calls === undefined) return ignore(state, answer);
  state.hasContent = true;
  settleText(state, answer);
  calls.read(pieces, answer);
}
