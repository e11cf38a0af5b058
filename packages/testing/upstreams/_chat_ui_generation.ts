import { abortable } from "@parley/chat/provider";
import { toLine } from "./_chat_ui_answer.ts";
import type { ChatUiUpdate } from "./_chat_ui_conversations.ts";
import { toStreamingBody } from "./_streaming_body.ts";

/** Tokens that one event of a log joins. */
const JOINED = 4;

/** One answer that a server makes, whoever reads it. */
export class Generation {
  readonly id: string;
  readonly #updates: ChatUiUpdate[] = [];
  readonly #stop = new AbortController();
  #status: string | undefined;
  #change = Promise.withResolvers<void>();

  constructor(id: string) {
    this.id = id;
  }

  /** Is aborted where somebody stops the answer. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  get isRunning(): boolean {
    return this.#status === undefined;
  }

  /** How many events its log has. */
  get length(): number {
    return this.#toEvents().length;
  }

  stop(): void {
    this.#stop.abort();
  }

  push(update: ChatUiUpdate): void {
    this.#updates.push(update);
    this.#wake();
  }

  end(): void {
    const last = this.#updates.at(-1);
    this.#status = this.signal.aborted
      ? "interrupted"
      : last?.status === "error"
      ? "error"
      : "completed";
    this.#wake();
  }

  /** The answer as lines, for the one who sent the message. */
  toBody(): ReadableStream<Uint8Array<ArrayBuffer>> {
    return this.#follow((count) => this.#updates.slice(count).map(toLine));
  }

  /**
   * The log as Server-Sent Events.
   *
   * @param lastEventId The number of the last event that is known.
   */
  toLog(lastEventId: number): ReadableStream<Uint8Array<ArrayBuffer>> {
    return this.#follow(
      (count) => this.#toEvents().slice(lastEventId + count),
      () => toEnd(this.#status),
    );
  }

  /** Joins the tokens that follow one another, once more cannot join them. */
  #toEvents(): readonly string[] {
    const groups: ChatUiUpdate[][] = [];
    for (const update of this.#updates) {
      if (update.status === "keepAlive") continue;
      const group = groups.at(-1);
      const isJoined = update.type === "stream" &&
        group?.[0]?.type === "stream" && group.length < JOINED;
      if (isJoined) group.push(update);
      else groups.push([update]);
    }
    const [first] = groups.at(-1) ?? [];
    if (this.isRunning && first?.type === "stream") groups.pop();
    return groups.map((group, index) => {
      const [update] = group;
      const joined = update?.type === "stream"
        ? { ...update, token: group.map(({ token }) => token).join("") }
        : update;
      return `id: ${index + 1}\nevent: update\ndata: ${
        JSON.stringify(joined)
      }\n\n`;
    });
  }

  #follow(
    read: (count: number) => readonly string[],
    toLast = () => "",
  ): ReadableStream<Uint8Array<ArrayBuffer>> {
    const wait = (signal: AbortSignal) =>
      abortable(this.#change.promise, signal).then(() => true, () => false);
    const isRunning = () => this.isRunning;
    return toStreamingBody(async function* (left) {
      for (let count = 0;;) {
        const wasRunning = isRunning();
        const pieces = read(count);
        count += pieces.length;
        if (pieces.length > 0) {
          yield* pieces;
          continue;
        }
        // Nothing is awaited in between, or what comes meanwhile would be missed.
        if (!wasRunning) break;
        if (!(await wait(left))) return;
      }
      const last = toLast();
      if (last !== "") yield last;
    });
  }

  #wake(): void {
    this.#change.resolve();
    this.#change = Promise.withResolvers();
  }
}

/** The last event of a log. */
export function toEnd(status: string | undefined): string {
  return `event: end\ndata: ${JSON.stringify({ status })}\n\n`;
}
