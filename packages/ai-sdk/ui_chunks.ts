/**
 * The events of a run as the chunks of a message that a page shows.
 *
 * @module
 */

import type { GeneratedImage, RawToolCall } from "@parley/chat";
import type { ToolResultEvent, ToolRunEvent } from "@parley/chat/tools";
import { Blocks, findAddition } from "./blocks.ts";

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
export class UiChunks {
  readonly #blocks = new Blocks();
  /** How far the calls of the message are, by id. */
  readonly #calls = new Map<string, CallState>();
  /** The chunks of this step, but for its text. */
  #step: UiChunk[] | undefined;
  #text = "";
  #sources = 0;

  /**
   * Writes an event.
   *
   * @param event The event.
   */
  async write(event: ToolRunEvent): Promise<UiChunk[]> {
    if (event.type === "step") {
      this.#text = "";
      return [...this.#endStep(), ...this.#startStep()];
    }
    const chunks = await this.#toChunks(event);
    if (chunks.length === 0 || event.type === "finish") return chunks;
    const start = this.#startStep();
    this.#step?.push(...chunks.filter(({ type }) => !type.startsWith("text-")));
    return [...start, ...chunks];
  }

  #startStep(): UiChunk[] {
    if (this.#step !== undefined) return [];
    this.#step = [];
    return [{ type: "start-step" }];
  }

  #endStep(): UiChunk[] {
    if (this.#step === undefined) return [];
    this.#step = undefined;
    return [...this.#blocks.close(), { type: "finish-step" }];
  }

  async #toChunks(event: ToolRunEvent): Promise<UiChunk[]> {
    switch (event.type) {
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
        return this.#toResult(event);
      case "image":
        return [...this.#blocks.close(), await toFile(event.image)];
      case "source": {
        const { url, title } = event.source;
        const sourceId = `source-${this.#sources++}`;
        return [{ type: "source-url", sourceId, url, title }];
      }
      case "object":
        return this.#showObject(event.object);
      case "restart":
        return this.#reset();
      case "finish":
        return [
          ...this.#endText(event.text ?? this.#text),
          ...this.#startStep(),
          ...this.#endStep(),
          {
            type: "finish",
            finishReason: OTHER.includes(event.reason) ? "other" : event.reason,
          },
        ];
      default:
        return [];
    }
  }

  #addToCall(toolCallId: string, toolName: string, text: string): UiChunk[] {
    const chunks: UiChunk[] = [];
    if (!this.#calls.has(toolCallId)) {
      this.#calls.set(toolCallId, "open");
      chunks.push(...this.#blocks.close());
      chunks.push({ type: "tool-input-start", toolCallId, toolName });
    }
    const delta = {
      type: "tool-input-delta",
      toolCallId,
      inputTextDelta: text,
    };
    return text === "" ? chunks : [...chunks, delta];
  }

  #endCall(
    { id: toolCallId, name: toolName }: RawToolCall,
    state: Exclude<CallState, "open">,
    fields: object,
  ): UiChunk[] {
    const type = `tool-input-${state}`;
    const start = this.#addToCall(toolCallId, toolName, "");
    this.#calls.set(toolCallId, state);
    return [...start, { type, toolCallId, toolName, ...fields }];
  }

  #toResult({ callId, content, isError }: ToolResultEvent): UiChunk[] {
    // The call may be one of an earlier message, which this page cannot change.
    if (this.#calls.get(callId) !== "available") return [];
    const [state, fields] = isError
      ? ["error", { errorText: TOOL_FAILED }] as const
      : ["available", { output: toOutput(content) }] as const;
    return [{ type: `tool-output-${state}`, toolCallId: callId, ...fields }];
  }

  /**
   * Shows an object that came as the input of a call, which nobody runs and
   * which never ends, as the text that it is elsewhere.
   */
  #showObject(object: unknown): UiChunk[] {
    const kept = (this.#step ?? []).filter(({ toolCallId }) =>
      this.#calls.get(String(toolCallId)) !== "open"
    );
    if (kept.length === (this.#step ?? []).length) return [];
    const text = this.#text + JSON.stringify(object);
    const chunks = [...this.#reset(), ...kept];
    this.#text = text;
    return [...chunks, ...this.#blocks.append("text", text)];
  }

  /** Takes back all that this step has shown. */
  #reset(): UiChunk[] {
    this.#text = "";
    this.#blocks.reset();
    for (const { toolCallId } of this.#step ?? []) {
      this.#calls.delete(String(toolCallId));
    }
    if (this.#step === undefined) return [];
    this.#step = [];
    return [{ type: "reset-step" }];
  }

  /** Shows the final text: what it adds, or all of it in place of another. */
  #endText(final: string): UiChunk[] {
    const addition = findAddition(this.#text, final);
    if (addition === "") return [];
    if (addition !== undefined) {
      return [...this.#startStep(), ...this.#blocks.append("text", addition)];
    }
    const end = this.#blocks.close().filter(({ type }) => type !== "text-end");
    const kept = [...this.#step ?? [], ...end];
    return [...this.#reset(), ...kept, ...this.#blocks.append("text", final)];
  }
}
