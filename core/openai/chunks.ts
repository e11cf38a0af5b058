/**
 * The chunks of an answer; a whole answer is one of them.
 *
 * @module
 */

import type { ChatEvent, ResponseFacts } from "../chat/events.ts";
import { isFilled, isList, isNullish, isObject } from "../streams/values.ts";
import { findError } from "../http/find_error.ts";
import { MAX_PARTS } from "../streams/json.ts";
import { tooLong } from "../streams/stream_error.ts";
import { addSources, type AnswerState } from "./answer_state.ts";
import { readNativeReason, readReason } from "./finish.ts";
import { isSaid, type Json } from "./part_forms.ts";
import { readContent, readDelta, settleText, toPieces } from "./parts.ts";
import { isUsage } from "./usage.ts";

const MALFORMED: ChatEvent = {
  type: "warning",
  code: "malformed-chunk",
  message: "A chunk of the answer was skipped: it is malformed",
};

const NOTHING: Json = {};

/** What some servers call events that only keep the connection alive. */
export const KEEP_ALIVES = ["ping", "heartbeat", "keepalive", "keep-alive"];

/** Fields of which a chunk without choices has at least one. */
const CHUNK_FIELDS = ["choices", "usage", "x_groq", "finish_reason", "object"];

/** The most characters of a name that an upstream gives. */
const MAX_NAME = 200;

function isFirst(choice: unknown): choice is Json {
  // Servers without types write a string.
  return isObject(choice) && (choice.index === 0 || choice.index === "0");
}

function isUnnumbered(choice: unknown): boolean {
  return isObject(choice) && isNullish(choice.index);
}

/** Finds the answer among the choices: that with index 0, or without one. */
function findChoice(choices: readonly unknown[]): Json {
  const [only] = choices;
  if (isFirst(only)) return only;
  const choice = choices.find(isFirst) ?? choices.find(isUnnumbered);
  return isObject(choice) ? choice : NOTHING;
}

/**
 * Finds the answer in a chunk. Foundry Local numbers its chunks where choices have
 * their number: the second is held until the third tells that it is no other choice.
 */
function takeChoices(
  state: AnswerState,
  choices: readonly unknown[],
): readonly Json[] {
  if (choices.length === 0) return [];
  const [only] = choices;
  const { held } = state;
  state.held = undefined;
  if (choices.length > 1 || !isObject(only) || only.index !== state.counted) {
    state.counted = NaN;
    return [findChoice(choices)];
  }
  if (state.counted++ !== 1) return held === undefined ? [only] : [held, only];
  state.held = only;
  return [];
}

/** Whether a delta or message says any text. */
function saysText(part: unknown): boolean {
  return isSaid(isObject(part) ? part.content : part);
}

/** Finds the answer in what Cloudflare and others wrap around it. */
function findWrapped(
  { result, data, output, response }: Json,
): Json | undefined {
  return [result, data, output, response].filter(isObject)
    .find(({ choices }) => isList(choices));
}

/** Whether an object without choices says nothing, as `{"type":"ping"}`. */
function isKeepAlive(value: Json): boolean {
  return KEEP_ALIVES.some((word) => word === value.type) ||
    Object.keys(value).length === 0;
}

function toName(value: unknown): string | undefined {
  return isFilled(value) ? value.slice(0, MAX_NAME) : undefined;
}

/**
 * Skips what is no chunk.
 *
 * @param state What is known of the answer.
 * @param answer Gets a warning.
 */
export function skipChunk(state: AnswerState, answer: ChatEvent[]): void {
  state.hasUnread = true;
  answer.push(MALFORMED);
}

/** Says how the upstream names the answer. */
export function toFacts({ model, id }: AnswerState): ResponseFacts {
  return { responseModel: toName(model), responseId: id };
}

function keepFacts(state: AnswerState, value: Json, choice: Json): void {
  state.id ??= toName(value.id);
  // A router names the model that answers once it knows which one does.
  if (isFilled(value.model)) state.model = value.model;
  // Moonshot tells usage in the choice, Groq in a field of its own.
  const tokens = value.usage ?? choice.usage ??
    (isObject(value.x_groq) ? value.x_groq.usage : undefined);
  if (tokens && isUsage(tokens, state.usage)) state.usage = tokens;
}

/**
 * Reads what a chunk tells beside its content: of all chunks the last counts.
 *
 * @param state What is known of the answer.
 * @param value The parsed JSON.
 */
export function readFacts(state: AnswerState, value: unknown): void {
  if (!isObject(value) || !isList(value.choices)) return;
  keepFacts(state, value, findChoice(value.choices));
}

/** Reads a delta or a message; PHP writes an empty one as a list. */
function readPart(
  state: AnswerState,
  part: unknown,
  answer: ChatEvent[],
): void {
  if (isObject(part)) readDelta(state, part, answer);
  else readContent(state, part, answer);
}

function readChoice(
  state: AnswerState,
  choice: Json,
  answer: ChatEvent[],
): void {
  const { delta, message, text } = choice;
  // Some servers write the fields of a message without it.
  const part = delta ?? message ?? choice;
  const isDelta = part === delta;
  state.hasDelta ||= isDelta;
  // After deltas a message would say once more what they have said.
  if (isDelta || !(state.hasDelta && state.hasContent)) {
    readPart(state, part, answer);
  }
  // Together writes each text in the older form, too.
  if (text && part !== choice && !saysText(part)) {
    readContent(state, text, answer);
  }
  readReason(state, choice.finish_reason || choice.finishReason);
  readNativeReason(state, choice.native_finish_reason);
}

/** The gateway of this library tells what it had to leave out. */
function readWarnings(warnings: unknown, answer: ChatEvent[]): void {
  if (!isList(warnings)) return;
  for (const { code, message } of warnings.filter(isObject)) {
    if (!isFilled(code) || !isFilled(message)) continue;
    answer.push({ type: "warning", code, message });
  }
}

function readObject(
  state: AnswerState,
  value: Json,
  answer: ChatEvent[],
): void {
  const { choices } = value;
  const isChunk = isList(choices);
  const inner = isChunk ? undefined : findWrapped(value);
  if (inner !== undefined) return readObject(state, inner, answer);
  const own = isChunk ? takeChoices(state, choices) : [];
  // What stands beside an error came before it.
  for (const choice of own) readChoice(state, choice, answer);
  const choice = own.at(-1) ?? NOTHING;
  const mayFail = !isChunk || value.error || choice.error;
  if (mayFail && findError(value)) throw state.run.toUpstreamError(value);
  if (!isChunk && !CHUNK_FIELDS.some((name) => name in value)) {
    if (!isKeepAlive(value)) skipChunk(state, answer);
    return;
  }
  if (!isChunk && !isNullish(choices)) skipChunk(state, answer);
  // AutonomousAI tells the reason beside the choices.
  readReason(state, value.finish_reason);
  keepFacts(state, value, choice);
  if (value.warnings) readWarnings(value.warnings, answer);
  // Perplexity names all of them with each chunk.
  const { search_results: results, citations } = value;
  if (results) addSources(state, results, answer);
  if (citations) addSources(state, citations, answer);
}

/**
 * Reads the choice that is held, where nothing else has told how the answer ends.
 *
 * @param state What is known of the answer.
 * @param answer Gets what is in it.
 */
export function endChoice(state: AnswerState, answer: ChatEvent[]): void {
  const { held, meaning } = state;
  state.held = undefined;
  if (held && meaning === undefined) readChoice(state, held, answer);
}

/**
 * Hands on all that is held.
 *
 * @param state What is known of the answer.
 * @param answer Gets it.
 */
export function endContent(state: AnswerState, answer: ChatEvent[]): void {
  endChoice(state, answer);
  settleText(state, answer);
  state.tags?.end(toPieces(answer));
  state.calls?.end(answer);
}

/**
 * Reads a chunk, or a list of them.
 *
 * @param state What is known of the answer.
 * @param value The parsed JSON.
 * @param answer Gets what is in it.
 * @throws {ProviderError} If it tells an error, or cannot be read.
 */
export function readChunk(
  state: AnswerState,
  value: unknown,
  answer: ChatEvent[],
): void {
  if (isObject(value)) return readObject(state, value, answer);
  if (!isList(value)) return skipChunk(state, answer);
  if (value.length > MAX_PARTS) throw tooLong("List", MAX_PARTS, "values");
  for (const item of value) {
    // A list in a list is none of chunks.
    if (isList(item)) skipChunk(state, answer);
    else readChunk(state, item, answer);
  }
}
