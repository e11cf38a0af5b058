/**
 * The events of a run as the chunks of a chat completion, in Server-Sent
 * Events.
 *
 * @module
 */

import {
  type ChatEvent,
  type Conversation,
  type ErrorCode,
  type FinishEvent,
  ProviderError,
  type RestartEvent,
  type Usage,
  type Warning,
} from "@parley/chat";
import { toImageParts, toReasonFields } from "./completion_parts.ts";
import { toCompletionUsage } from "./usage.ts";

/** What is known of an answer before it comes. */
export interface CompletionFacts {
  /** The id of the answer. */
  readonly id: string;
  /** When it was asked for, in seconds since 1970. */
  readonly created: number;
  /** The id of the provider that is asked. */
  readonly provider: string;
  /** The id of its model. */
  readonly model: string;
  /** How many characters the prompt has. */
  readonly promptLength: number;
  /** Whether the answer ends with the tokens that it took. */
  readonly includeUsage: boolean;
  /** Whether its reader lets it begin anew. */
  readonly includeRestarts: boolean;
}

/** Writes one answer, chunk by chunk. */
export interface CompletionChunks {
  /** The id of the provider that answers. */
  readonly provider: string;
  /** The tokens, where the upstream tells. */
  readonly usage: Usage | undefined;
  /** The conversation to go on with. */
  readonly conversation: Conversation | undefined;
  /** The end of the answer, once it has come. */
  readonly finish: FinishEvent | undefined;
  /**
   * Writes events, all but the end.
   *
   * @param events The events.
   * @returns The chunks; empty where there is nothing to show.
   * @throws {ProviderError} If the answer begins anew and its reader cannot,
   * with code `incomplete`.
   */
  write(events: readonly ChatEvent[]): string;
  /**
   * Writes the end.
   *
   * @param finish The end of the answer.
   * @param sent The text that was sent.
   * @param token The token of the conversation.
   * @returns The last chunks.
   * @throws {ProviderError} If the final text is another than the one that was
   * sent and its reader can only append, with code `incomplete`.
   */
  end(finish: FinishEvent, sent: string, token?: string): string;
}

/** Writes fields as they stand inside of an object, after others. */
function toFields(fields: Readonly<Record<string, unknown>>): string {
  const json = JSON.stringify(fields).slice(1, -1);
  return json === "" ? "" : `,${json}`;
}

/** What the final text adds to the one that was sent, if that is all it does. */
function findAddition(sent: string, final: string): string | undefined {
  if (final.startsWith(sent)) return final.slice(sent.length);
  // Some servers trim what they have streamed.
  return sent.trim() === final.trim() ? "" : undefined;
}

/**
 * Makes the writer of one answer. Text that comes together is one chunk.
 *
 * @param facts What is known of it.
 */
export function createCompletionChunks(
  facts: CompletionFacts,
): CompletionChunks {
  const { id, created, promptLength, includeUsage, includeRestarts } = facts;
  const tail = includeUsage ? ',"usage":null}\n\n' : "}\n\n";
  let { provider, model } = facts;
  let head = "";
  let usage: Usage | undefined;
  const warnings: Warning[] = [];
  let conversation: Conversation | undefined;
  let finish: FinishEvent | undefined;
  let textLength = 0;
  let reasoningLength = 0;
  let isBegun = false;
  let field: "content" | "reasoning_content" = "content";
  let pending = "";

  function answerBy(next: Partial<Pick<RestartEvent, "provider" | "model">>) {
    provider = next.provider ?? provider;
    model = next.model ?? model;
    const object = "chat.completion.chunk";
    const shared = { id, object, created, model: `${provider}/${model}` };
    // What is the same in every chunk is written once.
    head = `data: ${JSON.stringify(shared).slice(0, -1)}`;
  }

  function toChunk(
    delta: string,
    reason = ',"finish_reason":null',
    more = "",
  ): string {
    const choice = `{"index":0,"delta":${delta}${reason}}`;
    return `${head},"choices":[${choice}]${more}${tail}`;
  }

  function begin(): string {
    if (isBegun) return "";
    isBegun = true;
    return toChunk('{"role":"assistant","content":""}');
  }

  function flush(): string {
    if (pending === "") return "";
    const delta = `{"${field}":${JSON.stringify(pending)}}`;
    pending = "";
    return begin() + toChunk(delta);
  }

  function append(to: typeof field, text: string): string {
    const chunk = to === field ? "" : flush();
    field = to;
    pending += text;
    if (to === "content") textLength += text.length;
    else reasoningLength += text.length;
    return chunk;
  }

  function restart(discard: number, reason: ErrorCode): string {
    usage = undefined;
    textLength = 0;
    reasoningLength = 0;
    if (includeRestarts) {
      const restart = JSON.stringify({ discard, reason, provider, model });
      return `${head},"choices":[],"restart":${restart}${tail}`;
    }
    if (discard === 0) return "";
    throw new ProviderError("Text was sent that is void: the answer changed", {
      code: "incomplete",
      provider,
    });
  }

  function correct(final: string, sent: string): string {
    // Of a very long text only the beginning is known.
    const isKnown = sent.length === textLength;
    const addition = isKnown ? findAddition(sent, final) : undefined;
    if (addition !== undefined) return append("content", addition);
    return restart(textLength, "bad-response") + append("content", final);
  }

  function writeEvent(event: ChatEvent): string {
    switch (event.type) {
      case "text":
        return append("content", event.text);
      case "reasoning":
        return append("reasoning_content", event.text);
      case "image": {
        const parts = toImageParts([event.image]);
        if (parts.length === 0) return "";
        const images = JSON.stringify(parts);
        return flush() + begin() + toChunk(`{"images":${images}}`);
      }
      case "route":
        answerBy(event);
        return "";
      case "restart": {
        const chunk = flush();
        answerBy(event);
        return chunk + restart(event.discard, event.reason);
      }
      case "usage":
        usage = event.usage;
        return "";
      case "warning":
        warnings.push({ code: event.code, message: event.message });
        return "";
      case "conversation":
        conversation = event.conversation;
        return "";
      case "finish":
        answerBy(event);
        finish = event;
        return "";
      default:
        return "";
    }
  }

  function toUsageChunk(): string {
    if (!includeUsage) return "";
    const output = textLength + reasoningLength;
    const lengths = { input: promptLength, output };
    const counts = JSON.stringify(toCompletionUsage(usage, lengths));
    return `${head},"choices":[],"usage":${counts}}\n\n`;
  }

  answerBy({});
  return {
    get provider() {
      return provider;
    },
    get usage() {
      return usage;
    },
    get conversation() {
      return conversation;
    },
    get finish() {
      return finish;
    },
    write(events) {
      let chunks = "";
      for (const event of events) chunks += writeEvent(event);
      return chunks + flush();
    },
    end({ reason, text }, sent, token) {
      const corrected = text === undefined ? "" : correct(text, sent) + flush();
      const more = toFields({
        conversation: token,
        warnings: warnings.length > 0 ? warnings : undefined,
      });
      const fields = toFields(toReasonFields(reason));
      return corrected + begin() + toChunk("{}", fields, more) +
        toUsageChunk() + "data: [DONE]\n\n";
    },
  };
}
