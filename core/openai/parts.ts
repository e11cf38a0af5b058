/**
 * The content of an answer: of a chunk of it, or of the whole.
 *
 * @module
 */

import type { RunContext } from "../chat/definition.ts";
import type { ChatEvent } from "../chat/events.ts";
import { toLastText } from "../chat/prompt.ts";
import type { Opaque } from "../chat/tools.ts";
import type { CallReader } from "./tool_calls.ts";
import { type Json, toImageSource, toReasoning, toText } from "./part_forms.ts";
import { toImage } from "../run/images.ts";
import type { TagSplitter } from "../streams/tag_splitter.ts";
import { isFilled, isNullish, isObject, isString } from "../streams/values.ts";

/** How the content of an answer is read. */
export interface PartOptions {
  /** What splits reasoning from text; without it no text is reasoning. */
  readonly tags?: TagSplitter | undefined;
  /** What reads calls of tools; without it they are content of no known type. */
  readonly calls?: CallReader | undefined;
}

/** Says that there was content which nobody knows how to read. */
const IGNORED_PART: ChatEvent = {
  type: "warning",
  code: "ignored-part",
  message: "A part of the answer was ignored: its type is unknown",
};

/** Reads the content of one answer. */
export interface PartReader {
  /** What the upstream wants back with the answer. */
  readonly opaque: Opaque | undefined;
  /** Whether anything has come that is content. */
  readonly hasContent: boolean;
  /** Whether anything has come that cannot be read. */
  readonly hasIgnored: boolean;
  /** Whether the model refused to answer. */
  readonly isRefused: boolean;
  /**
   * Reads a delta, or a message.
   *
   * @param part Where the content stands.
   * @param answer Gets what is in it.
   * @throws {ProviderError} If the content has no known form at all, with code
   * `bad-response`.
   */
  read(part: Json, answer: ChatEvent[]): void;
  /**
   * Reads the text of a legacy completion.
   *
   * @param text What stands where it does.
   * @param answer Gets it.
   */
  readText(text: unknown, answer: ChatEvent[]): void;
  /**
   * Ends the content.
   *
   * @param answer Gets what was held back.
   */
  end(answer: ChatEvent[]): void;
}

/** Finds the calls of tools; `function_call` is what they were first. */
function toCalls({ tool_calls, function_call }: Json): readonly unknown[] {
  if (Array.isArray(tool_calls)) return tool_calls;
  return isObject(function_call) ? [function_call] : [];
}

/**
 * Makes a reader of the content of one answer.
 *
 * @param run The run.
 * @param options How it is read.
 */
export function createPartReader(
  run: RunContext,
  { tags, calls }: PartOptions,
): PartReader {
  let hasContent = false;
  let hasIgnored = false;
  let isRefused = false;

  /** Hands on what stands inside of the tags, and what does not. */
  function toPieces(answer: ChatEvent[]) {
    return (text: string, isInside: boolean) =>
      void answer.push({ type: isInside ? "reasoning" : "text", text });
  }

  function addText(text: string, answer: ChatEvent[]): void {
    if (text === "") return;
    hasContent = true;
    if (tags) tags.push(text, toPieces(answer));
    else answer.push({ type: "text", text });
  }

  function addReasoning(text: string, answer: ChatEvent[]): void {
    if (text === "") return;
    hasContent = true;
    answer.push({ type: "reasoning", text });
  }

  function addRefusal(value: unknown, answer: ChatEvent[]): void {
    if (!isFilled(value)) return;
    isRefused = true;
    addText(value, answer);
  }

  function addImage(entry: unknown, answer: ChatEvent[]): void {
    const source = toImageSource(entry);
    if (source === undefined) return ignore(answer);
    hasContent = true;
    const prompt = toLastText(run.messages);
    answer.push({ type: "image", image: toImage(run, { ...source, prompt }) });
  }

  function ignore(answer: ChatEvent[]): void {
    hasIgnored = true;
    answer.push(IGNORED_PART);
  }

  function readCalls(pieces: readonly unknown[], answer: ChatEvent[]): void {
    if (calls === undefined) return ignore(answer);
    hasContent = true;
    calls.read(pieces, answer);
  }

  /** How each type of part is read. */
  const readers: Readonly<
    Record<string, (part: Json, answer: ChatEvent[]) => void>
  > = {
    text: ({ text }, answer) => addText(toText(text), answer),
    output_text: ({ text }, answer) => addText(toText(text), answer),
    thinking: (part, answer) => addReasoning(toText(part), answer),
    reasoning: (part, answer) => addReasoning(toText(part), answer),
    refusal: ({ refusal }, answer) => addRefusal(refusal, answer),
    image_url: addImage,
  };

  function readPart(part: unknown, answer: ChatEvent[]): void {
    if (isString(part)) return addText(part, answer);
    if (isNullish(part)) return;
    const type = isObject(part) && isString(part.type) ? part.type : "";
    const text = type === "" ? toText(part) : "";
    if (isObject(part) && Object.hasOwn(readers, type)) {
      readers[type]?.(part, answer);
    } else if (text !== "") {
      // Gemini's parts have no type.
      addText(text, answer);
    } else {
      ignore(answer);
    }
  }

  function readContent(content: unknown, answer: ChatEvent[]): void {
    if (Array.isArray(content)) {
      for (const part of content) readPart(part, answer);
    } else if (!isNullish(content)) {
      throw run.fail("Answer has content of an unknown form", {
        code: "bad-response",
      });
    }
  }

  return {
    get opaque() {
      return calls?.opaque;
    },
    get hasContent() {
      return hasContent;
    },
    get hasIgnored() {
      return hasIgnored;
    },
    get isRefused() {
      return isRefused;
    },
    read(part, answer) {
      const { content, refusal, images, audio } = part;
      addReasoning(toReasoning(part), answer);
      if (isString(content)) addText(content, answer);
      else readContent(content, answer);
      if (refusal) addRefusal(refusal, answer);
      if (Array.isArray(images)) {
        for (const image of images) addImage(image, answer);
      }
      if (isObject(audio)) ignore(answer);
      // Some servers write an empty list with each chunk.
      const pieces = toCalls(part);
      if (pieces.length > 0) readCalls(pieces, answer);
      if (part.reasoning_details) calls?.keep(part.reasoning_details);
    },
    readText(text, answer) {
      if (isString(text)) addText(text, answer);
      else readContent(text, answer);
    },
    end(answer) {
      tags?.end(toPieces(answer));
      calls?.end(answer);
    },
  };
}
