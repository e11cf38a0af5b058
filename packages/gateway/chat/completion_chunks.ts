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
  type Warning,
} from "@parley/chat";
import { markCallId } from "./call_makers.ts";
import { ChunkWriter } from "./chunk_writer.ts";
import type { CompletionFacts } from "./completion_facts.ts";
import { LEFT_OUT, toImageParts, toReasonFields } from "./completion_parts.ts";
import { SentText } from "./sent_text.ts";
import { TextGate } from "./text_gate.ts";
import { type CallChunks, createCallChunks, isRefusal } from "./tool_calls.ts";
import { toCompletionUsage } from "./usage.ts";

/** Writes one answer, chunk by chunk, and knows what has come beside its content. */
export class CompletionChunks {
  /** The id of the provider that answers. */
  provider: string;
  /** The tokens, where the upstream counts them. */
  usage: Usage | undefined;
  /** The conversation to go on with. */
  conversation: Conversation | undefined;
  /** The end of the answer, once it has come. */
  finish: FinishEvent | undefined;
  readonly #facts: CompletionFacts;
  readonly #writer: ChunkWriter;
  readonly #gate: TextGate;
  /** Most answers have none. */
  #calls: CallChunks | undefined;
  #model: string;
  #warnings: CompletionFacts["warnings"];
  #sent = new SentText();
  #reasoningLength = 0;
  /** Calls that are shown with the end, where it is known what their maker wants. */
  #held: readonly (ToolCallEvent | ToolCallErrorEvent)[] = [];
  #isSigned = false;

  /**
   * Makes the writer of one answer.
   *
   * @param facts What is known of it.
   */
  constructor(facts: CompletionFacts) {
    this.#facts = facts;
    this.#writer = new ChunkWriter(facts);
    this.#gate = new TextGate(facts.output);
    this.provider = facts.provider;
    this.#model = facts.model;
    this.#warnings = facts.warnings;
    this.#answerBy({});
  }

  /**
   * Writes events, all but the end.
   *
   * @param events The events.
   * @returns The chunks; empty where there is nothing to show.
   * @throws {ProviderError} If the answer begins anew and its reader cannot,
   * with code `incomplete`.
   */
  write(events: readonly ChatEvent[]): string {
    let written = "";
    for (const event of events) written += this.#writeEvent(event);
    return written + this.#writer.flush();
  }

  /**
   * Writes the end.
   *
   * @param finish The end of the answer.
   * @param getHeld Gives the text that came, where an object is asked for.
   * @param token The token of the conversation.
   * @returns The last chunks.
   * @throws {ProviderError} If the final text is another than the one that was
   * sent and its reader can only append, with code `incomplete`.
   */
  end(finish: FinishEvent, getHeld: () => string, token?: string): string {
    const { opaque } = finish;
    this.#isSigned = opaque !== undefined;
    const shown = this.#held.map((call) => this.#openCalls().complete(call))
      .join("");
    const isRefused = this.#gate.isHeld && isRefusal(finish);
    const reason = isRefused ? "stop" : finish.reason;
    const text = isRefused
      ? this.#append("refusal", getHeld())
      : this.#endText(finish, getHeld);
    const kept = opaque && this.#writer.write(JSON.stringify(opaque));
    const warnings = this.#warnings;
    return shown + text + (kept ?? "") +
      this.#writer.finish(toReasonFields(reason), {
        conversation: token,
        warnings: warnings.length > 0 ? warnings : undefined,
      }) + this.#toUsageChunk() + "data: [DONE]\n\n";
  }

  #answerBy(next: Partial<Pick<RestartEvent, "provider" | "model">>): void {
    this.provider = next.provider ?? this.provider;
    this.#model = next.model ?? this.#model;
    this.#writer.answerBy({ provider: this.provider, model: this.#model });
  }

  #openCalls(): CallChunks {
    return this.#calls ??= createCallChunks(
      this.#writer,
      ({ id, opaque }) =>
        this.#facts.isFailover &&
          (this.#isSigned || this.#reasoningLength > 0 || opaque)
          ? markCallId(id, { provider: this.provider, model: this.#model })
          : id,
    );
  }

  #append(
    to: "content" | "reasoning_content" | "refusal",
    text: string,
  ): string {
    if (to === "reasoning_content") this.#reasoningLength += text.length;
    else this.#sent.add(text);
    return this.#writer.append(to, text);
  }

  #restart(reason: ErrorCode): string {
    const discard = this.#sent.length;
    const isShown = discard > 0 || (this.#calls?.count ?? 0) > 0;
    const { provider } = this;
    this.#sent = new SentText();
    this.#reasoningLength = 0;
    this.#gate.restart();
    this.#calls = undefined;
    this.#held = [];
    if (this.#facts.includeRestarts) {
      const restart = { discard, reason, provider, model: this.#model };
      return this.#writer.writeFields({ restart });
    }
    if (!isShown) return "";
    throw new ProviderError("Text was sent that is void: the answer changed", {
      code: "incomplete",
      provider,
    });
  }

  #correct(final: string): string {
    const addition = this.#sent.findAddition(final);
    if (addition !== undefined) return this.#append("content", addition);
    return this.#restart("bad-response") + this.#append("content", final);
  }

  /** Writes the text that is known only at the end. */
  #endText({ text }: FinishEvent, getHeld: () => string): string {
    if (!this.#gate.isHeld) {
      return text === undefined ? "" : this.#correct(text);
    }
    // The object has been written in its stead.
    return this.#sent.length > 0
      ? ""
      : this.#append("content", text ?? getHeld());
  }

  #writeEvent(event: ChatEvent): string {
    switch (event.type) {
      case "text":
        return this.#append("content", this.#gate.add(event.text));
      case "reasoning":
        return this.#append("reasoning_content", event.text);
      case "tool-call-delta":
        return this.#facts.showsCalls &&
            event.name !== this.#facts.output?.name
          ? this.#openCalls().add(event)
          : "";
      case "tool-call":
      case "tool-call-error":
        if (this.#facts.showsCalls) return this.#openCalls().complete(event);
        this.#held = [...this.#held, event];
        return "";
      case "object":
        return this.#gate.isHeld
          ? this.#append("content", JSON.stringify(event.object))
          : "";
      case "image": {
        const parts = toImageParts([event.image]);
        if (parts.length > 0) {
          return this.#writer.write(JSON.stringify({ images: parts }));
        }
        if (!this.#warnings.includes(LEFT_OUT)) this.#warn(LEFT_OUT);
        return "";
      }
      case "route":
        this.#answerBy(event);
        return "";
      case "restart": {
        const chunk = this.#writer.flush();
        this.#answerBy(event);
        return chunk + this.#restart(event.reason);
      }
      case "usage":
        this.usage = event.usage;
        return "";
      case "warning":
        this.#warn({ code: event.code, message: event.message });
        return "";
      case "conversation":
        this.conversation = event.conversation;
        return "";
      case "finish": {
        const { provider, model, responseModel = model } = event;
        this.#answerBy({ provider, model: responseModel });
        this.finish = event;
        return "";
      }
      default:
        return "";
    }
  }

  #warn(warning: Warning): void {
    this.#warnings = [...this.#warnings, warning];
  }

  #toUsageChunk(): string {
    const { includeUsage, promptLength } = this.#facts;
    if (!includeUsage) return "";
    const calls = this.#calls?.length ?? 0;
    const output = this.#sent.length + this.#reasoningLength + calls;
    const lengths = { input: promptLength, output };
    const usage = toCompletionUsage(this.usage, lengths);
    return this.#writer.writeFields({ usage });
  }
}
