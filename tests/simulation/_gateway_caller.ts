import { readPicture, toQuestion } from "./_answers.ts";
import { type Instance, KEYS } from "./_instances.ts";
import { type Outcome, toKey } from "./_outcome.ts";
import type { Patience } from "./_patience.ts";
import type { ReadForm } from "./_world.ts";

/** For how long a client may take nothing, in milliseconds. */
export const STALL = 30_000;

/** The parts of a chunk that are looked at. */
interface Chunk {
  readonly model?: string;
  readonly choices?: readonly {
    readonly delta?: { readonly content?: string };
    readonly message?: { readonly content?: string };
    readonly finish_reason?: string | null;
  }[];
  /** That what came is void, and how much of it. */
  readonly restart?: { readonly discard: number };
  /** Pictures. */
  readonly data?: readonly { readonly b64_json: string }[];
  readonly conversation?: string;
  readonly usage?: {
    readonly completion_tokens?: number;
    readonly output_tokens?: number;
  } | null;
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

/** What is asked for where. */
const PATHS: Partial<Record<ReadForm, string>> = {
  chunks: "chat/completions",
  response: "responses",
  pictures: "images/generations",
};

function toMessages({ caller, chat }: Outcome): readonly unknown[] {
  const { wrong } = caller;
  if (wrong === "empty") return [];
  const role = wrong === "role" ? "narrator" : "user";
  const turns = chat.token === undefined ? chat.turns : [];
  return [
    ...turns.flatMap(({ question, answer }) => [
      { role: "user", content: question },
      { role: "assistant", content: answer },
    ]),
    { role, content: toQuestion(caller) },
  ];
}

function toRequest(outcome: Outcome, signal: AbortSignal): Request {
  const { caller, chat } = outcome;
  const { wrong, stream, form, stop, restarts = false } = caller;
  return new Request(`http://gateway.example/v1/${PATHS[form]}`, {
    method: "POST",
    signal,
    headers: {
      "content-type": "application/json",
      authorization: `Bearer ${KEYS[toKey(caller)]}`,
      ...(chat.token && { "x-conversation": chat.token }),
    },
    body: JSON.stringify({
      model: wrong === "model" ? "none" : form === "pictures" ? "draw" : "chat",
      ...(form === "pictures"
        ? {
          prompt: wrong === "empty" ? "" : toQuestion(caller),
          n: wrong ? -1 : caller.words,
          response_format: "b64_json",
        }
        : { stream }),
      ...(form === "response" && { input: toMessages(outcome) }),
      ...(form === "chunks" && {
        messages: toMessages(outcome),
        stop,
        ...(stream && {
          stream_options: { include_usage: true, include_restarts: restarts },
        }),
      }),
      ...(wrong === "temperature" && { temperature: -7 }),
    }),
  });
}

/** Takes the pieces of a body, and notes what they say. */
class ChunkReader {
  readonly #outcome: Outcome;
  readonly #decoder = new TextDecoder();
  #text = "";
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
    if (status === "completed" || status === "failed") this.isDone = true;
    if (status === "completed") {
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
    { choices = [], model, conversation, usage, error, restart, data }: Chunk,
  ): void {
    const outcome = this.#outcome;
    if (restart !== undefined) {
      if (restart.discard !== outcome.text.length) {
        outcome.problems.push("a restart that discards another length");
      }
      outcome.text = "";
    }
    if (data !== undefined) {
      outcome.text = data.map((drawn) => readPicture(drawn.b64_json)).join();
      outcome.events.push("finish");
    }
    outcome.provider = model?.split("/")[0] ?? outcome.provider;
    outcome.tokens = usage?.completion_tokens ?? usage?.output_tokens ??
      outcome.tokens;
    outcome.refusal = error?.message;
    if (error) outcome.code = error.code ?? error.type;
    if (conversation !== undefined) outcome.next = { token: conversation };
    for (const { delta, message, finish_reason: reason } of choices) {
      outcome.text += delta?.content ?? message?.content ?? "";
      if (!reason) continue;
      if (outcome.events.includes("finish")) {
        outcome.problems.push("a second finish");
      }
      outcome.events.push("finish");
    }
  }
}

/** Asks the gateway of an instance, and notes what becomes of it. */
export async function askGateway(
  {
    clock,
    gateway = () => Promise.reject(new TypeError("There is no gateway")),
  }: Instance,
  outcome: Outcome,
  patience: Patience,
): Promise<void> {
  const { signal } = patience;
  const { leave, stream, form } = outcome.caller;
  const wantsStream = stream && form !== "pictures";
  const chunks = new ChunkReader(outcome);
  const leaving = new AbortController();
  let reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  const release = () => {
    outcome.releasedAt ??= patience.now();
  };
  // A server tells that a client has left in one way or the other.
  signal.addEventListener("abort", () => {
    release();
    outcome.reason = signal.reason;
    if (reader === undefined || leave?.how === "abort") {
      leaving.abort(signal.reason);
    } else reader.cancel().catch(() => {});
  });
  try {
    const response = await gateway(toRequest(outcome, leaving.signal));
    outcome.status = response.status;
    outcome.headers = response.headers;
    reader = response.body?.getReader();
    // What is refused is over at once.
    if (!response.ok) release();
    reader?.closed.then(release, release);
    const isStream = response.headers.get("content-type")?.includes("event");
    for (;;) {
      // What comes in one piece is taken at once.
      const waited = isStream ? await patience.next() : 0;
      const { done = true, value } = await reader?.read() ?? {};
      if (done) break;
      if (waited > STALL && isStream && !clock.hasJumped) {
        outcome.problems.push("more after it took nothing");
      }
      if (value) chunks.add(value);
    }
    chunks.end();
    if (signal.aborted) outcome.ending = "left";
    else if (response.ok && outcome.code === undefined) {
      const isWhole = outcome.events.includes("finish") &&
        (chunks.isDone || !wantsStream);
      if (!isWhole) outcome.problems.push("a clean end without a finish");
      outcome.ending = "whole";
    } else outcome.ending = "failed";
  } catch (error) {
    release();
    outcome.error = error;
    outcome.code ??= String(error);
    outcome.ending = signal.aborted ? "left" : "failed";
  }
}
