/**
 * The events of a run as the chunks of a message that a page shows.
 *
 * @module
 */

import type { GeneratedImage, RawToolCall } from "@parley/chat";
import type { ToolResultEvent, ToolRunEvent } from "@parley/chat/tools";
import { findAddition } from "@parley/chat/provider";
import { Blocks } from "./blocks.ts";
import type { RunWriter } from "./write_batches.ts";

/** A chunk of a message. */
export type UiChunk =
  & { readonly type: string }
  & Readonly<
    Record<string, unknown>
  >;

/** Reasons for which the SDK has no word. */
const OTHER = ["interrupted", "max-steps"];

/** What a page is told where a tool failed: its own words may be anything. */
const TOOL_FAILED = "Tool failed";

/** A result that is JSON is shown as the value that it is. */
function toOutput(content: string): unknown {
  try {
    const value = JSON.parse(content);
    return typeof value === "object" ? value : content;
  } catch {
    return content;
  }
}

/**
 * A call whose input comes, one that is whole, or one that must not be run, of
 * which the page knows already.
 */
type CallState = "open" | "available" | "error";

async function toFile(image: GeneratedImage): Promise<UiChunk> {
  const url = await image.dataUrl();
  return { type: "file", url, mediaType: image.mediaType ?? "image/*" };
}

/** Writes one message, chunk by chunk. */
export class UiChunks implements RunWriter<ToolRunEvent, UiChunk> {
  readonly #chunks: UiChunk[] = [];
  readonly #blocks = new Blocks((part) => this.#emit(part));
  /** How far the calls of the message are, by id. */
  readonly #calls = new Map<unknown, CallState>();
  /** The chunks of this step, but for its text. */
  #step: UiChunk[] | undefined;
  #text = "";
  /** The end of that text, where it is no text of the model's. */
  #object = "";
  #sources = 0;

  /** Takes the chunks that were written since. */
  take(): readonly UiChunk[] {
    return this.#chunks.splice(0);
  }

  /** Writes a chunk of a step. */
  #emit(chunk: UiChunk): void {
    const step = this.#startStep();
    if (!chunk.type.startsWith("text-")) step.push(chunk);
    this.#chunks.push(chunk);
  }

  #startStep(): UiChunk[] {
    if (this.#step === undefined) this.#chunks.push({ type: "start-step" });
    return this.#step ??= [];
  }

  #endStep(): void {
    if (this.#step === undefined) return;
    this.#dropOpenCalls();
    this.#blocks.close();
    this.#step = undefined;
    this.#chunks.push({ type: "finish-step" });
  }

  /**
   * Writes an event.
   *
   * @param event The event.
   */
  async write(event: ToolRunEvent): Promise<void> {
    switch (event.type) {
      case "step":
        this.#endStep();
        this.#text = this.#object = "";
        this.#startStep();
        break;
      case "text":
        this.#text += event.text;
        return this.#blocks.append("text", event.text);
      case "reasoning":
        return this.#blocks.append("reasoning", event.text);
      case "tool-call-delta":
        return this.#addToCall(event.id, event.name, event.text);
      case "tool-call":
        return this.#endCall(event, "available", { input: event.input });
      case "tool-call-error":
        return this.#endCall(event, "error", {
          input: event.rawInput,
          errorText: `Call is not valid: ${event.reason}`,
        });
      case "tool-result":
        return this.#addResult(event);
      case "image":
        this.#blocks.close();
        return this.#emit(await toFile(event.image));
      case "source": {
        const { url, title } = event.source;
        const sourceId = `source-${this.#sources++}`;
        return this.#emit({ type: "source-url", sourceId, url, title });
      }
      case "object":
        return this.#showObject(event.object);
      case "restart":
        this.#object = "";
        return this.#reset();
      case "finish":
        this.#dropOpenCalls();
        if (event.text !== undefined) this.#endText(event.text + this.#object);
        this.#startStep();
        this.#endStep();
        this.#chunks.push({
          type: "finish",
          finishReason: OTHER.includes(event.reason) ? "other" : event.reason,
        });
    }
  }

  #addToCall(toolCallId: string, toolName: string, text: string): void {
    if (!this.#calls.has(toolCallId)) {
      this.#calls.set(toolCallId, "open");
      this.#blocks.close();
      this.#emit({ type: "tool-input-start", toolCallId, toolName });
    }
    if (text === "") return;
    this.#emit({ type: "tool-input-delta", toolCallId, inputTextDelta: text });
  }

  #endCall(
    { id: toolCallId, name: toolName }: RawToolCall,
    state: Exclude<CallState, "open">,
    fields: object,
  ): void {
    this.#addToCall(toolCallId, toolName, "");
    this.#calls.set(toolCallId, state);
    this.#emit({
      type: `tool-input-${state}`,
      toolCallId,
      toolName,
      ...fields,
    });
  }

  #addResult({ callId: toolCallId, content, isError }: ToolResultEvent): void {
    // The call may be one of an earlier message, which this page cannot change.
    if (this.#calls.get(toolCallId) !== "available") return;
    const output = toOutput(content);
    this.#emit(
      isError
        ? { type: "tool-output-error", toolCallId, errorText: TOOL_FAILED }
        : { type: "tool-output-available", toolCallId, output },
    );
  }

  /**
   * Shows an object that came as the input of a call, which nobody runs and
   * which never ends, as the text that it is elsewhere.
   */
  #showObject(object: unknown): void {
    if (![...this.#calls.values()].includes("open")) return;
    this.#object = JSON.stringify(object);
    this.#text += this.#object;
    this.#dropOpenCalls();
  }

  /** Takes back the calls that were begun and are not handed out. */
  #dropOpenCalls(): void {
    const step = this.#step ?? [];
    const kept = step.filter(({ toolCallId }) =>
      this.#calls.get(toolCallId) !== "open"
    );
    if (kept.length === step.length) return;
    const text = this.#text;
    this.#reset(kept);
    this.#text = text;
    if (text !== "") this.#blocks.append("text", text);
  }

  /** Takes back what this step has shown, but for what is kept and its calls. */
  #reset(kept: readonly UiChunk[] = []): void {
    this.#text = "";
    this.#blocks.reset();
    if (this.#step === undefined) return;
    const ids = new Set(kept.map(({ toolCallId }) => toolCallId));
    for (const { toolCallId } of this.#step) {
      if (!ids.has(toolCallId)) this.#calls.delete(toolCallId);
    }
    this.#step = [];
    this.#chunks.push({ type: "reset-step" });
    for (const chunk of kept) this.#emit(chunk);
  }

  /** Shows the final text: what it adds, or all of it in place of another. */
  #endText(final: string): void {
    const addition = findAddition(this.#text, final);
    if (addition === undefined) {
      this.#blocks.close("reasoning");
      this.#reset([...this.#step ?? []]);
    }
    const rest = addition ?? final;
    if (rest !== "") this.#blocks.append("text", rest);
  }
}
