/**
 * Calls of tools, and objects that are asked for, in OpenAI's words.
 *
 * @module
 */

import {
  type ChatResult,
  type FinishEvent,
  isProviderError,
} from "@parley/chat";
import { tryParseJson } from "@parley/chat/provider";
import type { ChunkWriter } from "./chunk_writer.ts";

/** A call as the model wrote it. */
export type RawToolCall = Pick<
  ChatResult["toolCalls"][number],
  "id" | "name" | "rawInput" | "opaque"
>;

/** A call as OpenAI writes it, with what its maker wants back. */
export interface CompletionToolCall {
  /** Its id. */
  readonly id: string;
  /** The kind of call. */
  readonly type: "function";
  /** What is called. */
  readonly function: {
    /** The name of the tool. */
    readonly name: string;
    /** The input as the model wrote it, which may be no JSON. */
    readonly arguments: string;
  };
}

/** A model that leaves the input out means one without fields. */
function toArguments(rawInput: string): string {
  return rawInput.trim() === "" ? "{}" : rawInput;
}

/**
 * Writes a call as OpenAI does.
 *
 * @param call The call.
 */
export function toToolCall(
  { id, name, rawInput, opaque }: RawToolCall,
): CompletionToolCall {
  const called = { name, arguments: toArguments(rawInput) };
  return { ...opaque, id, type: "function", function: called };
}

/**
 * Writes the object that was asked for: as the model did, unless it said more.
 *
 * @param text The answer.
 * @param object The object.
 */
export function toObjectText(text: string, object: unknown): string {
  const json = JSON.stringify(object);
  return JSON.stringify(tryParseJson(text)) === json ? text : json;
}

/** What an upstream's own word is where the model itself refuses. */
const REFUSAL = "refusal";

/**
 * Finds the end of an answer that was to be an object and is none: it was cut, or
 * refuses. OpenAI answers with what there is and says why it ends; its clients
 * know that.
 *
 * @param error What a run threw.
 * @returns The end, unless it is a failure.
 */
export function findObjectEnd(error: unknown): FinishEvent | undefined {
  if (!isProviderError(error)) return undefined;
  const { code, reason, partial } = error;
  if (code === "invalid-output" && reason === "length") {
    return { type: "finish", reason };
  }
  // What was refused before the model said anything is no answer.
  return code === "content-filter" && partial && partial.text !== ""
    ? { type: "finish", reason: code, rawReason: reason }
    : undefined;
}

/**
 * Whether a model says why it gives no object.
 *
 * @param finish The end of its answer.
 */
export function isRefusal({ rawReason }: FinishEvent): boolean {
  return rawReason === REFUSAL;
}

/** A piece of a call, the first of which may have what its maker wants back. */
export type CallPiece = Omit<RawToolCall, "rawInput"> & {
  /** The next piece of its input. */
  readonly text: string;
};

/** Writes the calls of one answer as chunks. */
export interface CallChunks {
  /** How many characters they have. */
  readonly length: number;
  /** How many were shown. */
  readonly count: number;
  /**
   * Writes a piece of a call.
   *
   * @param call The call, and the next piece of its input.
   */
  add(call: CallPiece): string;
  /**
   * Writes what is not shown yet of a call that is whole.
   *
   * @param call The call.
   */
  complete(call: RawToolCall): string;
}

/**
 * Makes the writer of the calls of one answer.
 *
 * @param writer Frames the answer.
 * @param toId Writes the id of a call for the client.
 */
export function createCallChunks(
  writer: ChunkWriter,
  toId: (call: CallPiece) => string,
): CallChunks {
  const shown = new Map<string, { index: number; hasOpaque: boolean }>();

  function writeDelta(index: number, fields: object): string {
    const delta = { tool_calls: [{ index, ...fields }] };
    return writer.write(JSON.stringify(delta), null);
  }

  const chunks: CallChunks & { length: number; count: number } = {
    length: 0,
    count: 0,
    add,
    complete(call) {
      const { id, rawInput, opaque } = call;
      const before = shown.get(id);
      const input = toArguments(rawInput);
      if (before === undefined) return add({ ...call, text: input });
      const isLate = opaque !== undefined && !before.hasOpaque;
      return (input === rawInput ? "" : add({ ...call, text: input })) +
        (isLate ? writeDelta(before.index, opaque) : "");
    },
  };

  function add(piece: CallPiece): string {
    const { id, name, text, opaque } = piece;
    let call = shown.get(id);
    let begun = "";
    if (call === undefined) {
      call = { index: shown.size, hasOpaque: opaque !== undefined };
      shown.set(id, call);
      chunks.count++;
      chunks.length += name.length;
      begun = writeDelta(call.index, {
        id: toId(piece),
        type: "function",
        function: { name, arguments: "" },
        ...opaque,
      });
    }
    chunks.length += text.length;
    return begun + writer.append(call.index, text);
  }

  return chunks;
}
