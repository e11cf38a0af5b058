/**
 * The chunks of an answer; a whole answer is one of them.
 *
 * @module
 */

import type { RunContext } from "../chat/definition.ts";
import type { ChatEvent, ResponseFacts, UsageEvent } from "../chat/events.ts";
import {
  isFilled,
  isNullish,
  isObject,
  withoutUndefined,
} from "../streams/values.ts";
import { findError } from "../http/find_error.ts";
import { MAX_PARTS } from "../streams/json.ts";
import { tooLong } from "../streams/stream_error.ts";
import { createFinishState, type FinishState } from "./finish.ts";
import type { Json } from "./part_forms.ts";
import {
  createPartReader,
  type PartOptions,
  type PartReader,
} from "./parts.ts";
import { isUsage, toUsage } from "./usage.ts";

const MALFORMED: ChatEvent = {
  type: "warning",
  code: "malformed-chunk",
  message: "A chunk of the answer was skipped: it is malformed",
};

const NOTHING: Json = {};

/** Fields of which a chunk without choices has at least one. */
const CHUNK_FIELDS = ["choices", "usage", "x_groq", "finish_reason", "object"];

/** The most characters of a name that an upstream gives. */
const MAX_NAME = 200;

/** Reads the chunks of one answer. */
export interface ChunkReader {
  /** The content. */
  readonly parts: PartReader;
  /** Why the answer ended. */
  readonly finish: FinishState;
  /** Whether the upstream has told the tokens. */
  readonly hasUsage: boolean;
  /** The tokens, where the upstream has told them. */
  readonly usage: UsageEvent | undefined;
  /** How the upstream names the answer. */
  readonly facts: ResponseFacts;
  /** Whether content has come as deltas, and not as a whole message. */
  readonly hasDelta: boolean;
  /** Whether anything was skipped that may have been content. */
  readonly hasSkipped: boolean;
  /**
   * Reads a chunk, or a list of them.
   *
   * @param value The parsed JSON.
   * @param answer Gets what is in it.
   * @throws {ProviderError} If it tells an error, or cannot be read.
   */
  read(value: unknown, answer: ChatEvent[]): void;
  /**
   * Reads what a chunk tells beside its content: of all chunks the last counts.
   *
   * @param value The parsed JSON.
   */
  readFacts(value: unknown): void;
  /**
   * Skips what is no chunk.
   *
   * @param answer Gets a warning.
   */
  skip(answer: ChatEvent[]): void;
}

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

/** Whether a delta or message says any text. */
function saysText(part: unknown): boolean {
  return isObject(part) ? !!part.content : isFilled(part);
}

/** Whether an object without choices says nothing, as `{"type":"ping"}`. */
function isKeepAlive(value: Json): boolean {
  return value.type === "ping" || Object.keys(value).length === 0;
}

/**
 * Makes a reader of the chunks of one answer.
 *
 * @param run The run.
 * @param options How their content is read.
 */
export function createChunkReader(
  run: RunContext,
  options: PartOptions,
): ChunkReader {
  const parts = createPartReader(run, options);
  const finish = createFinishState();
  let usage: Json | undefined;
  let id: string | undefined;
  let model: string | undefined;
  let hasDelta = false;
  let hasSkipped = false;

  function skip(answer: ChatEvent[]): void {
    if (!hasSkipped) answer.push(MALFORMED);
    hasSkipped = true;
  }

  function toName(value: unknown): string | undefined {
    return isFilled(value) ? value.slice(0, MAX_NAME) : undefined;
  }

  function readFacts(value: Json, choice: Json): void {
    id ??= toName(value.id);
    // A router names the model that answers once it knows which one does.
    if (isFilled(value.model)) model = value.model;
    // Moonshot tells usage in the choice, Groq in a field of its own.
    const tokens = value.usage ?? choice.usage ??
      (isObject(value.x_groq) ? value.x_groq.usage : undefined);
    if (tokens && isUsage(tokens)) usage = tokens;
  }

  /** Reads a delta or a message; PHP writes an empty one as a list. */
  function readPart(part: unknown, answer: ChatEvent[]): void {
    if (isObject(part)) parts.read(part, answer);
    else parts.readText(part, answer);
  }

  function readChoice(choice: Json, answer: ChatEvent[]): void {
    const { delta, message, text } = choice;
    if (!isNullish(delta)) {
      hasDelta = true;
      readPart(delta, answer);
    } else if (!(hasDelta && parts.hasContent)) {
      // After deltas a message would say once more what they have said.
      readPart(message, answer);
    }
    // Together writes each text in the older form, too.
    if (text && !saysText(delta) && !saysText(message)) {
      parts.readText(text, answer);
    }
    finish.read(choice.finish_reason || choice.finishReason);
    finish.readNative(choice.native_finish_reason);
  }

  /** The gateway of this library tells what it had to leave out. */
  function readWarnings(warnings: unknown, answer: ChatEvent[]): void {
    if (!Array.isArray(warnings)) return;
    for (const { code, message } of warnings.filter(isObject)) {
      if (!isFilled(code) || !isFilled(message)) continue;
      answer.push({ type: "warning", code, message });
    }
  }

  function readObject(value: Json, answer: ChatEvent[]): void {
    const { choices } = value;
    const isChunk = Array.isArray(choices);
    const choice = isChunk ? findChoice(choices) : NOTHING;
    // What stands beside an error came before it.
    readChoice(choice, answer);
    const mayFail = !isChunk || value.error || choice.error;
    if (mayFail && findError(value)) throw run.toUpstreamError(value);
    if (!isChunk && !CHUNK_FIELDS.some((name) => name in value)) {
      if (!isKeepAlive(value)) skip(answer);
      return;
    }
    if (!isChunk && !isNullish(choices)) skip(answer);
    // AutonomousAI tells the reason beside the choices.
    finish.read(value.finish_reason);
    readFacts(value, choice);
    if (value.warnings) readWarnings(value.warnings, answer);
  }

  function read(value: unknown, answer: ChatEvent[]): void {
    if (isObject(value)) return readObject(value, answer);
    if (!Array.isArray(value)) return skip(answer);
    if (value.length > MAX_PARTS) throw tooLong("List", MAX_PARTS, "values");
    for (const item of value) {
      // A list in a list is none of chunks.
      if (Array.isArray(item)) skip(answer);
      else read(item, answer);
    }
  }

  return {
    parts,
    finish,
    get hasUsage() {
      return usage !== undefined;
    },
    get usage(): UsageEvent | undefined {
      return usage && { type: "usage", usage: toUsage(usage) };
    },
    get facts() {
      return withoutUndefined({ responseModel: toName(model), responseId: id });
    },
    get hasDelta() {
      return hasDelta;
    },
    get hasSkipped() {
      return hasSkipped;
    },
    read,
    readFacts(value) {
      if (!isObject(value) || !Array.isArray(value.choices)) return;
      readFacts(value, findChoice(value.choices));
    },
    skip,
  };
}
