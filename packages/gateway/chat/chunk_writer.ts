/**
 * Chunks of a chat completion, as Server-Sent Events.
 *
 * @module
 */

import type { Answerer } from "../models/model_catalog.ts";

/** What a piece of text belongs to: the answer, or the call with an index. */
export type ChunkField =
  | "content"
  | "reasoning_content"
  | "refusal"
  | number;

/** Frames one answer. Text that comes together is one chunk. */
export interface ChunkWriter {
  /**
   * Says who answers from here on.
   *
   * @param answerer Who.
   */
  answerBy(answerer: Answerer): void;
  /**
   * Adds text.
   *
   * @param field What it belongs to.
   * @param text The text.
   * @returns The chunk before it, where that belongs to something else.
   */
  append(field: ChunkField, text: string): string;
  /** Writes what has been added. */
  flush(): string;
  /**
   * Writes a delta, after what has been added, and after the first chunk of the
   * answer.
   *
   * @param delta The delta, as JSON.
   * @param content What the answer begins with.
   */
  write(delta: string, content?: "" | null): string;
  /**
   * Writes the last delta.
   *
   * @param fields The fields of the choice.
   * @param more The fields of the chunk.
   */
  finish(fields: object, more: object): string;
  /**
   * Writes a chunk without a choice.
   *
   * @param fields Its fields.
   */
  writeFields(fields: object): string;
}

/** Writes fields as they stand inside of an object, after others. */
function toFields(fields: object): string {
  const json = JSON.stringify(fields).slice(1, -1);
  return json === "" ? "" : `,${json}`;
}

/**
 * Makes the writer of one answer.
 *
 * @param facts What is the same in every chunk.
 */
export function createChunkWriter(
  { id, created, includeUsage }: {
    readonly id: string;
    readonly created: number;
    readonly includeUsage: boolean;
  },
): ChunkWriter {
  const tail = includeUsage ? ',"usage":null}\n\n' : "}\n\n";
  let head = "";
  let isBegun = false;
  let field: ChunkField = "content";
  let pending = "";

  function toChunk(
    delta: string,
    reason = ',"finish_reason":null',
    more = "",
  ): string {
    const choice = `{"index":0,"delta":${delta}${reason}}`;
    return `${head},"choices":[${choice}]${more}${tail}`;
  }

  function begin(content: "" | null = ""): string {
    if (isBegun) return "";
    isBegun = true;
    return toChunk(JSON.stringify({ role: "assistant", content }));
  }

  function flush(): string {
    if (pending === "") return "";
    const text = JSON.stringify(pending);
    pending = "";
    return begin() + toChunk(
      typeof field === "string"
        ? `{"${field}":${text}}`
        : `{"tool_calls":[{"index":${field},"function":{"arguments":${text}}}]}`,
    );
  }

  return {
    answerBy({ provider, model }) {
      const object = "chat.completion.chunk";
      const shared = { id, object, created, model: `${provider}/${model}` };
      // What is the same in every chunk is written once.
      head = `data: ${JSON.stringify(shared).slice(0, -1)}`;
    },
    append(to, text) {
      const chunk = to === field ? "" : flush();
      field = to;
      pending += text;
      return chunk;
    },
    flush,
    write: (delta, content) => flush() + begin(content) + toChunk(delta),
    finish: (fields, more) =>
      flush() + begin() + toChunk("{}", toFields(fields), toFields(more)),
    writeFields: (fields) =>
      `${head},"choices":[]${toFields(fields)}${
        "usage" in fields ? "}\n\n" : tail
      }`,
  };
}
