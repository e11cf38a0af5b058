import { readPicture } from "./_answers.ts";
import type { Outcome } from "./_outcome.ts";

interface Message {
  readonly role?: string;
  readonly content?: string;
  readonly reasoning_content?: string;
}

/** The parts of a chunk that are looked at. */
interface Chunk {
  readonly model?: string;
  readonly choices?: readonly {
    readonly delta?: Message;
    readonly message?: Message;
    readonly finish_reason?: string | null;
  }[];
  /** That what came is void, how much of it, and why. */
  readonly restart?: {
    readonly discard: number;
    readonly reason: string;
    readonly provider: string;
  };
  /** Pictures. */
  readonly data?: readonly { readonly b64_json: string }[];
  readonly conversation?: string;
  readonly usage?: {
    readonly prompt_tokens?: number;
    readonly input_tokens?: number;
    readonly completion_tokens?: number;
    readonly output_tokens?: number;
    readonly total_tokens: number;
  } | null;
  readonly warnings?: readonly { readonly code: string }[];
  /** What kind of event it is, where an answer is a response. */
  readonly type?: string;
  readonly delta?: string;
  readonly response?: Chunk;
  readonly status?: string;
  readonly output?: readonly {
    readonly content?: readonly { readonly text?: string }[];
  }[];
  readonly error?: {
    readonly code?: string | null;
    readonly type?: string;
    readonly message: string;
  } | null;
}

/** Takes the pieces of a body, and notes what they say. */
export class ChunkReader {
  readonly #outcome: Outcome;
  readonly #decoder = new TextDecoder();
  #text = "";
  #hasRole = false;
  #hasUsage = false;
  isDone = false;

  constructor(outcome: Outcome) {
    this.#outcome = outcome;
  }

  add(piece: Uint8Array): void {
    this.#text += this.#decoder.decode(piece, { stream: true });
    if (!this.#outcome.headers?.get("content-type")?.includes("event-stream")) {
      return;
    }
    const blocks = this.#text.split("\n\n");
    this.#text = blocks.pop() ?? "";
    for (const block of blocks) this.#addBlock(block);
  }

  /** Reads a body that is one object. */
  end(): void {
    if (this.#text !== "") this.#add(JSON.parse(this.#text));
  }

  #addBlock(block: string): void {
    const { problems } = this.#outcome;
    if (this.isDone) problems.push("a chunk after the end");
    const data = /^data: (.*)$/m.exec(block)?.[1];
    if (data === "[DONE]") this.isDone = true;
    else if (data !== undefined) this.#add(JSON.parse(data));
    else if (!block.startsWith(":")) problems.push("a chunk without data");
  }

  #add(chunk: Chunk): void {
    if (this.#outcome.caller.form !== "response") return this.#addChunk(chunk);
    if (chunk.response === undefined) return this.#addResponse(chunk);
    const { type, response } = chunk;
    this.#addResponse({ ...response, type });
  }

  /** Reads an event of a response, or a whole one. */
  #addResponse({ type, delta, status, output = [], ...rest }: Chunk): void {
    const outcome = this.#outcome;
    if (type === "response.output_text.delta") outcome.text += delta ?? "";
    else if (type?.includes("reasoning")) outcome.thought += delta ?? "";
    const isWhole = status === "completed" || status === "incomplete";
    if (isWhole || status === "failed") this.isDone = true;
    if (isWhole) {
      outcome.finish = status === "completed" ? "stop" : "length";
      const text = output.flatMap(({ content = [] }) => content)
        .map(({ text = "" }) => text).join("");
      if (outcome.caller.stream && text !== outcome.text) {
        outcome.problems.push("a response of another text");
      }
      outcome.text = text;
      outcome.events.push("finish");
    }
    this.#addChunk(rest);
  }

  #addChunk(
    { choices = [], model, usage, error, restart, data, ...chunk }: Chunk,
  ): void {
    const outcome = this.#outcome;
    const { conversation, warnings = [] } = chunk;
    outcome.warnings.push(...warnings.map(({ code }) => code));
    if (restart !== undefined) {
      if (restart.discard !== outcome.text.length) {
        outcome.problems.push("a restart that discards another length");
      }
      outcome.text = outcome.thought = "";
      outcome.reasons.push(restart.reason);
      outcome.restartedBy = restart.provider;
    }
    if (data !== undefined) {
      outcome.text = data.map((drawn) => readPicture(drawn.b64_json)).join();
      outcome.events.push("finish");
    }
    [outcome.provider, outcome.model] = model?.split("/") ??
      [outcome.provider, outcome.model];
    if (usage) {
      outcome.tokens = {
        input: usage.prompt_tokens ?? usage.input_tokens,
        output: usage.completion_tokens ?? usage.output_tokens,
        total: usage.total_tokens,
      };
    }
    outcome.refusal = error?.message;
    if (error) outcome.code = error.code ?? error.type;
    if (conversation !== undefined) outcome.next = { token: conversation };
    if (choices.length > 0 && this.#hasUsage) {
      outcome.problems.push("a choice after its usage");
    }
    this.#hasUsage ||= Boolean(usage) && choices.length === 0;
    for (const { delta, message, finish_reason: reason } of choices) {
      if (delta?.role !== undefined && this.#hasRole) {
        outcome.problems.push("a second role");
      }
      this.#hasRole ||= delta?.role !== undefined;
      const { content, reasoning_content: thought } = delta ?? message ?? {};
      if (delta?.content) outcome.speaker = outcome.provider;
      outcome.text += content ?? "";
      outcome.thought += thought ?? "";
      if (!reason) continue;
      outcome.finish = reason;
      if (outcome.events.includes("finish")) {
        outcome.problems.push("a second finish");
      }
      outcome.events.push("finish");
    }
  }
}
