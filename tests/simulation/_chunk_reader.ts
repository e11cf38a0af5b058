import type { ChatEvent } from "../../mod.ts";
import { readPicture } from "./_answers.ts";
import { EventReader } from "./_event_reader.ts";
import type { Outcome } from "./_outcome.ts";

interface Message {
  readonly role?: string;
  readonly content?: string;
  readonly reasoning_content?: string;
}

type EventOf<Type> = Extract<ChatEvent, { readonly type: Type }>;

/** The parts of a chunk that are looked at. */
interface Chunk {
  readonly model?: string;
  readonly choices?: readonly {
    readonly delta?: Message;
    readonly message?: Message;
    readonly finish_reason?: string | null;
  }[];
  /** That what came is void, how much of it, and why. */
  readonly restart?: Omit<EventOf<"restart">, "type">;
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
  readonly warnings?: readonly Omit<EventOf<"warning">, "type">[];
  /** What kind of event it is, where an answer is a response. */
  readonly type?: string;
  readonly sequence_number?: number;
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

/** Takes the pieces of a body, and reads them as events. */
export class ChunkReader {
  readonly #outcome: Outcome;
  readonly #events: EventReader;
  readonly #decoder = new TextDecoder();
  #text = "";
  #hasRole = false;
  #hasUsage = false;
  #count = 0;
  isDone = false;

  constructor(outcome: Outcome) {
    this.#outcome = outcome;
    this.#events = new EventReader(outcome);
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
    const { sequence_number: place = 0 } = chunk;
    if (place !== this.#count++) {
      this.#outcome.problems.push("an event that is out of order");
    }
    if (chunk.response === undefined) return this.#addResponse(chunk);
    const { type, response } = chunk;
    this.#addResponse({ ...response, type });
  }

  /** Reads an event of a response, or a whole one. */
  #addResponse({ type = "", delta, status, output = [], ...rest }: Chunk) {
    const { caller, text, problems } = this.#outcome;
    const isText = type === "response.output_text.delta";
    if (delta && (isText || type.includes("reasoning"))) {
      this.#events.add({ type: isText ? "text" : "reasoning", text: delta });
    }
    this.#addChunk(rest);
    const isWhole = status === "completed" || status === "incomplete";
    if (isWhole || status === "failed") this.isDone = true;
    if (!isWhole) return;
    const last = output.flatMap(({ content = [] }) => content)
      .map(({ text = "" }) => text).join("");
    if (caller.stream && text !== last) {
      problems.push("a response of another text");
    }
    this.#finish(status === "completed" ? "stop" : "length", last);
  }

  #addChunk(
    { choices = [], model, usage, error, restart, data, ...chunk }: Chunk,
  ): void {
    const outcome = this.#outcome;
    const { conversation, warnings = [] } = chunk;
    const add = (event: ChatEvent) => this.#events.add(event);
    for (const warning of warnings) add({ type: "warning", ...warning });
    if (restart) add({ type: "restart", ...restart });
    if (data) {
      const drawn = data.map((drawn) => readPicture(drawn.b64_json)).join();
      this.#finish("stop", drawn);
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
      if (thought) add({ type: "reasoning", text: thought });
      if (content) add({ type: "text", text: content });
      if (reason) this.#finish(reason);
    }
  }

  #finish(reason: string, text = this.#outcome.text): void {
    const { events, problems } = this.#outcome;
    if (events.includes("finish")) problems.push("a second finish");
    Object.assign(this.#outcome, { finish: reason, text });
    events.push("finish");
  }
}
