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
  type ToolCallErrorEvent,
  type ToolCallEvent,
  type Usage,
} from "@parley/chat";
import { findAddition } from "@parley/chat/provider";
import { markCallId } from "./call_makers.ts";
import { createChunkWriter } from "./chunk_writer.ts";
import type { CompletionFacts } from "./completion_facts.ts";
import { LEFT_OUT, toImageParts, toReasonFields } from "./completion_parts.ts";
import { createTextGate } from "./text_gate.ts";
import { type CallChunks, createCallChunks, isRefusal } from "./tool_calls.ts";
import { toCompletionUsage } from "./usage.ts";

/** What has come of an answer beside its content. */
interface AnswerState {
  /** The id of the provider that answers. */
  provider: string;
  /** The tokens, where the upstream counts them. */
  usage: Usage | undefined;
  /** The conversation to go on with. */
  conversation: Conversation | undefined;
  /** The end of the answer, once it has come. */
  finish: FinishEvent | undefined;
}

/** Writes one answer, chunk by chunk. */
export interface CompletionChunks extends Readonly<AnswerState> {
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
  /** Most answers have none. */
  let calls: CallChunks | undefined;
  const gate = createTextGate(output);
  let { model } = facts;
  const warnings = [...facts.warnings];
  let textLength = 0;
  let reasoningLength = 0;
  /** Calls that are shown with the end, where it is known what their maker wants. */
  let held: (ToolCallEvent | ToolCallErrorEvent)[] = [];
  let isSigned = false;

  function answerBy(next: Partial<Pick<RestartEvent, "provider" | "model">>) {
    chunks.provider = next.provider ?? chunks.provider;
    model = next.model ?? model;
    writer.answerBy({ provider: chunks.provider, model });
  }

  function openCalls(): CallChunks {
    return calls ??= createCallChunks(
      writer,
      ({ id, opaque }) =>
        facts.isFailover && (isSigned || reasoningLength > 0 || opaque)
          ? markCallId(id, { provider: chunks.provider, model })
          : id,
    );
  }

  function append(
    to: "content" | "reasoning_content" | "refusal",
    text: string,
  ): string {
    if (to === "reasoning_content") reasoningLength += text.length;
    else textLength += text.length;
    return writer.append(to, text);
  }

  function restart(reason: ErrorCode): string {
    const discard = textLength;
    const isShown = discard > 0 || (calls?.count ?? 0) > 0;
    const { provider } = chunks;
    chunks.usage = undefined;
    textLength = 0;
    reasoningLength = 0;
    gate.restart();
    calls = undefined;
    held = [];
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
    return restart("bad-response") + append("content", final);
  }

  /** Writes the text that is known only at the end. */
  function endText({ text }: FinishEvent, getSent: () => string): string {
    if (!gate.isHeld) return text === undefined ? "" : correct(text, getSent());
    // The object has been written in its stead.
    return textLength > 0 ? "" : append("content", text ?? getSent());
  }

  function writeEvent(event: ChatEvent): string {
    switch (event.type) {
      case "text":
        return append("content", gate.add(event.text));
      case "reasoning":
        return append("reasoning_content", event.text);
      case "tool-call-delta":
        return facts.showsCalls && event.name !== output?.name
          ? openCalls().add(event)
          : "";
      case "tool-call":
      case "tool-call-error":
        if (facts.showsCalls) return openCalls().complete(event);
        held.push(event);
        return "";
      case "object":
        return gate.isHeld
          ? append("content", JSON.stringify(event.object))
          : "";
      case "image": {
        const parts = toImageParts([event.image]);
        if (parts.length > 0) {
          return writer.write(JSON.stringify({ images: parts }));
        }
        if (!warnings.includes(LEFT_OUT)) warnings.push(LEFT_OUT);
        return "";
      }
      case "route":
        answerBy(event);
        return "";
      case "restart": {
        const chunk = writer.flush();
        answerBy(event);
        return chunk + restart(event.reason);
      }
      case "usage":
        chunks.usage = event.usage;
        return "";
      case "warning":
        warnings.push({ code: event.code, message: event.message });
        return "";
      case "conversation":
        chunks.conversation = event.conversation;
        return "";
      case "finish": {
        const { provider, model, responseModel = model } = event;
        answerBy({ provider, model: responseModel });
        chunks.finish = event;
        return "";
      }
      default:
        return "";
    }
  }

  function toUsageChunk(): string {
    if (!includeUsage) return "";
    const output = textLength + reasoningLength + (calls?.length ?? 0);
    const lengths = { input: promptLength, output };
    const usage = toCompletionUsage(chunks.usage, lengths);
    return writer.writeFields({ usage });
  }

  const chunks: CompletionChunks & AnswerState = {
    provider: facts.provider,
    usage: undefined,
    conversation: undefined,
    finish: undefined,
    write(events) {
      let written = "";
      for (const event of events) written += writeEvent(event);
      return written + writer.flush();
    },
    end(event, getSent, token) {
      const { opaque } = event;
      isSigned = opaque !== undefined;
      const shown = held.map((call) => openCalls().complete(call)).join("");
      const isRefused = gate.isHeld && isRefusal(event);
      const reason = isRefused ? "stop" : event.reason;
      const text = isRefused
        ? append("refusal", getSent())
        : endText(event, getSent);
      const kept = opaque && writer.write(JSON.stringify(opaque));
      return shown + text + (kept ?? "") +
        writer.finish(toReasonFields(reason), {
          conversation: token,
          warnings: warnings.length > 0 ? warnings : undefined,
        }) + toUsageChunk() + "data: [DONE]\n\n";
    },
  };
  answerBy({});
  return chunks;
}
