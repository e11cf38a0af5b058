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
import { createChunkWriter } from "./chunk_writer.ts";
import { toImageParts, toReasonFields } from "./completion_parts.ts";
import { createCallChunks } from "./tool_calls.ts";
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
  /**
   * Whether calls are shown as they come. Otherwise they are shown when the
   * answer is whole, because it may begin anew and its reader can only append.
   */
  readonly showsCalls: boolean;
  /** The object that is asked for. */
  readonly output: CompletionOutput | undefined;
  /** What of the request has no effect. */
  readonly warnings: readonly Warning[];
}

/** An object that is asked for. */
export interface CompletionOutput {
  /** Its name; a call by this name is the object. */
  readonly name: string;
  /**
   * Whether its text comes as it is. Otherwise it may come as a call, or with
   * words around it, and is written when it is known.
   */
  readonly isPlain: boolean;
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
   * @param getSent Gives the text that came.
   * @param token The token of the conversation.
   * @returns The last chunks.
   * @throws {ProviderError} If the final text is another than the one that was
   * sent and its reader can only append, with code `incomplete`.
   */
  end(finish: FinishEvent, getSent: () => string, token?: string): string;
}

/** What the final text adds to the one that was sent, if that is all it does. */
function findAddition(sent: string, final: string): string | undefined {
  if (final.startsWith(sent)) return final.slice(sent.length);
  // Some servers trim what they have streamed.
  return sent.trim() === final.trim() ? "" : undefined;
}

/**
 * Makes the writer of one answer.
 *
 * @param facts What is known of it.
 */
export function createCompletionChunks(
  facts: CompletionFacts,
): CompletionChunks {
  const { promptLength, includeUsage, includeRestarts, output } = facts;
  const writer = createChunkWriter(facts);
  const calls = createCallChunks(writer);
  const holdsText = output?.isPlain === false;
  let { provider, model } = facts;
  let usage: Usage | undefined;
  const warnings = [...facts.warnings];
  let conversation: Conversation | undefined;
  let finish: FinishEvent | undefined;
  let textLength = 0;
  let reasoningLength = 0;

  function answerBy(next: Partial<Pick<RestartEvent, "provider" | "model">>) {
    provider = next.provider ?? provider;
    model = next.model ?? model;
    writer.answerBy({ provider, model });
  }

  function append(
    to: "content" | "reasoning_content",
    text: string,
  ): string {
    if (to === "content") textLength += text.length;
    else reasoningLength += text.length;
    return writer.append(to, text);
  }

  function restart(discard: number, reason: ErrorCode): string {
    const isShown = (discard > 0 && !holdsText) || calls.count > 0;
    usage = undefined;
    textLength = 0;
    reasoningLength = 0;
    calls.restart();
    if (includeRestarts) {
      const restart = { discard, reason, provider, model };
      return writer.writeFields({ restart });
    }
    if (!isShown) return "";
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

  /** Writes the text that is known only at the end. */
  function endText({ text }: FinishEvent, getSent: () => string): string {
    if (!holdsText) return text === undefined ? "" : correct(text, getSent());
    // The object has been written in its stead.
    return textLength > 0 ? "" : append("content", text ?? getSent());
  }

  function writeEvent(event: ChatEvent): string {
    switch (event.type) {
      case "text":
        return holdsText ? "" : append("content", event.text);
      case "reasoning":
        return append("reasoning_content", event.text);
      case "tool-call-delta":
        return facts.showsCalls && event.name !== output?.name
          ? calls.add(event)
          : "";
      case "tool-call":
      case "tool-call-error":
        return calls.complete(event);
      case "object":
        return holdsText ? append("content", JSON.stringify(event.object)) : "";
      case "image": {
        const parts = toImageParts([event.image]);
        return parts.length === 0
          ? ""
          : writer.write(JSON.stringify({ images: parts }));
      }
      case "route":
        answerBy(event);
        return "";
      case "restart": {
        const chunk = writer.flush();
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
    const output = textLength + reasoningLength + calls.length;
    const lengths = { input: promptLength, output };
    return writer.writeFields({ usage: toCompletionUsage(usage, lengths) });
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
      return chunks + writer.flush();
    },
    end(event, getSent, token) {
      const { reason, opaque } = event;
      const text = endText(event, getSent) + writer.flush();
      const kept = opaque && writer.write(JSON.stringify(opaque));
      return text + (kept ?? "") + writer.finish(toReasonFields(reason), {
        conversation: token,
        warnings: warnings.length > 0 ? warnings : undefined,
      }) + toUsageChunk() + "data: [DONE]\n\n";
    },
  };
}
