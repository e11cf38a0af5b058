/**
 * Chunks of a chat completion, as Server-Sent Events.
 *
 * @module
 */

import type { Answerer } from "../models/model_catalog.ts";
import type { CompletionFacts } from "./completion_facts.ts";

/** What a piece of text belongs to: the answer, or the call with an index. */
export type ChunkField =
  | "content"
  | "reasoning_content"
  | "refusal"
  | number;

/** Writes fields as they stand inside of an object, after others. */
function toFields(fields: object): string {
  const json = JSON.stringify(fields).slice(1, -1);
  return json === "" ? "" : `,${json}`;
}

/** What is the same in every chunk, but for who answers. */
type ChunkFacts = Pick<CompletionFacts, "id" | "created" | "includeUsage">;

/** Frames one answer. Text that comes together is one chunk. */
export class ChunkWriter {
  readonly #facts: ChunkFacts;
  #head = "";
  #isBegun = false;
  #field: ChunkField = "content";
  #pending = "";

  /**
   * Makes the writer of one answer.
   *
   * @param facts What is the same in every chunk.
   */
  constructor(facts: ChunkFacts) {
    this.#facts = facts;
  }

  /**
   * Says who answers from here on.
   *
   * @param answerer Who.
   */
  answerBy({ provider, model }: Answerer): void {
    const { id, created } = this.#facts;
    const object = "chat.completion.chunk";
    const shared = { id, object, created, model: `${provider}/${model}` };
    // What is the same in every chunk is written once.
    this.#head = `data: ${JSON.stringify(shared).slice(0, -1)}`;
  }

  /**
   * Adds text.
   *
   * @param field What it belongs to.
   * @param text The text.
   * @returns The chunk before it, where that belongs to something else.
   */
  append(field: ChunkField, text: string): string {
    const chunk = field === this.#field ? "" : this.flush();
    this.#field = field;
    this.#pending += text;
    return chunk;
  }

  /** Writes what has been added. */
  flush(): string {
    if (this.#pending === "") return "";
    const text = JSON.stringify(this.#pending);
    this.#pending = "";
    const field = this.#field;
    return this.#begin() + this.#toChunk(
      typeof field === "string"
        ? `{"${field}":${text}}`
        : `{"tool_calls":[{"index":${field},"function":{"arguments":${text}}}]}`,
    );
  }

  /**
   * Writes a delta, after what has been added, and after the first chunk of the
   * answer.
   *
   * @param delta The delta, as JSON.
   * @param content What the answer begins with.
   */
  write(delta: string, content?: "" | null): string {
    return this.flush() + this.#begin(content) + this.#toChunk(delta);
  }

  /**
   * Writes the last delta.
   *
   * @param fields The fields of the choice.
   * @param more The fields of the chunk.
   */
  finish(fields: object, more: object): string {
    return this.flush() + this.#begin() +
      this.#toChunk("{}", toFields(fields), toFields(more));
  }

  /**
   * Writes a chunk without a choice.
   *
   * @param fields Its fields.
   */
  writeFields(fields: object): string {
    const tail = "usage" in fields ? "}\n\n" : this.#tail;
    return `${this.#head},"choices":[]${toFields(fields)}${tail}`;
  }

  get #tail(): string {
    return this.#facts.includeUsage ? ',"usage":null}\n\n' : "}\n\n";
  }

  #begin(content: "" | null = ""): string {
    if (this.#isBegun) return "";
    this.#isBegun = true;
    return this.#toChunk(JSON.stringify({ role: "assistant", content }));
  }

  #toChunk(
    delta: string,
    reason = ',"finish_reason":null',
    more = "",
  ): string {
    const choice = `{"index":0,"delta":${delta}${reason}}`;
    return `${this.#head},"choices":[${choice}]${more}${this.#tail}`;
  }
}
