/**
 * The events of a run as the parts of a model's stream.
 *
 * @module
 */

import type {
  LanguageModelV4FinishReason,
  LanguageModelV4StreamPart,
  SharedV4Warning,
} from "@ai-sdk/provider";
import {
  type ChatEvent,
  type FinishEvent,
  ProviderError,
  type RawToolCall,
  type ToolCallDeltaEvent,
  type Usage,
} from "@parley/chat";
import { findAddition } from "@parley/chat/provider";
import { Blocks } from "./blocks.ts";
import type { Call } from "./call.ts";
import {
  readWrongObject,
  toFile,
  toFinishReason,
  toSource,
  toToolCall,
  toUsage,
} from "./content.ts";
import { toMetadata, toSdkWarning } from "./metadata.ts";
import type { RunWriter } from "./write_batches.ts";

type Part = LanguageModelV4StreamPart;

/** Writes one answer, part by part. */
export class StreamParts implements RunWriter<ChatEvent, Part> {
  readonly #call: Call;
  readonly #parts: Part[] = [];
  readonly #blocks = new Blocks((part) => this.#emit(part));
  /** The calls that were shown, by id. */
  readonly #calls = new Set<string>();
  readonly #whole: RawToolCall[] = [];
  readonly #warnings: SharedV4Warning[];
  #model: string;
  #usage: Usage | undefined;
  #textLength = 0;
  #sources = 0;
  #hasObject = false;
  #hasBegun = false;

  constructor(call: Call) {
    this.#call = call;
    this.#model = call.model;
    this.#warnings = [...call.warnings];
  }

  /** Whether anything was written. */
  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  /** Takes the parts that were written since. */
  take(): readonly Part[] {
    return this.#parts.splice(0);
  }

  #emit(part: Part): void {
    if (!this.#hasBegun) {
      this.#hasBegun = true;
      this.#parts.push(
        { type: "stream-start", warnings: this.#warnings.splice(0) },
        { type: "response-metadata", modelId: this.#model },
      );
    }
    this.#parts.push(part);
  }

  /**
   * Writes an event.
   *
   * @param event The event.
   * @throws {ProviderError} If what was shown is void, with code `incomplete`.
   */
  async write(event: ChatEvent): Promise<void> {
    const { holdsText, options } = this.#call;
    switch (event.type) {
      case "text":
        this.#textLength += event.text.length;
        if (!holdsText) this.#blocks.append("text", event.text);
        break;
      case "reasoning":
        return this.#blocks.append("reasoning", event.text);
      case "tool-call-delta":
        if (event.name !== options.output?.name) this.#addToCall(event);
        break;
      case "tool-call":
      case "tool-call-error":
        this.#whole.push(event);
        if (!this.#calls.has(event.id)) {
          this.#addToCall({ ...event, text: event.rawInput });
        }
        return this.#emit({ type: "tool-input-end", id: event.id });
      case "object":
        this.#hasObject = true;
        if (holdsText) {
          this.#blocks.append("text", JSON.stringify(event.object));
        }
        break;
      case "image":
        this.#blocks.close();
        return this.#emit(await toFile(event.image, options.signal));
      case "source":
        return this.#emit(toSource(event.source, this.#sources++));
      case "warning":
        this.#warnings.push(toSdkWarning(event));
        break;
      case "usage":
        this.#usage = event.usage;
        break;
      case "route":
        this.#model = event.model;
        break;
      case "restart":
        return this.#restart(event);
      case "finish":
        return this.#finish(event);
    }
  }

  #addToCall({ id, name, text }: Omit<ToolCallDeltaEvent, "type" | "index">) {
    if (!this.#calls.has(id)) {
      this.#calls.add(id);
      this.#blocks.close();
      this.#emit({ type: "tool-input-start", id, toolName: name });
    }
    if (text !== "") this.#emit({ type: "tool-input-delta", id, delta: text });
  }

  /** No part takes back what was shown. */
  #restart({ provider, model }: { provider: string; model: string }): void {
    this.#model = model;
    this.#usage = undefined;
    this.#textLength = 0;
    if (!this.#hasBegun) return;
    throw new ProviderError("Answer begins anew, and what was shown is void", {
      code: "incomplete",
      provider,
    });
  }

  /** Finds the text that is known only at the end, if nothing else was shown. */
  #findRest(final: string | undefined): string | undefined {
    const { holdsText, stream } = this.#call;
    const shown = stream.partial.text;
    if (holdsText) return this.#hasObject ? "" : final ?? shown;
    if (final === undefined) return "";
    // Of a very long text only the beginning is known.
    return shown.length === this.#textLength
      ? findAddition(shown, final)
      : undefined;
  }

  #finish(event: FinishEvent): void {
    const { provider: { id }, model: asked } = this.#call;
    const { provider = id, model = asked, responseId, opaque } = event;
    const rest = this.#findRest(event.text);
    if (rest === undefined) {
      throw new ProviderError("Answer ends as another than was shown", {
        code: "incomplete",
      });
    }
    if (rest !== "") this.#blocks.append("text", rest);
    const origin = { provider, model, ...(opaque && { opaque }) };
    this.#blocks.close();
    for (const call of this.#whole) this.#emit(toToolCall(call, id, origin));
    this.#emit({
      type: "response-metadata",
      modelId: event.responseModel ?? model,
      ...(responseId !== undefined && { id: responseId }),
    });
    const warnings = this.#warnings;
    this.#end(toFinishReason(event.reason, event.rawReason), {
      ...origin,
      // No part has room for a warning that comes late.
      ...(warnings.length > 0 && { warnings }),
    });
  }

  #end(finishReason: LanguageModelV4FinishReason, metadata?: object): void {
    const { id } = this.#call.provider;
    this.#blocks.close();
    this.#emit({
      type: "finish",
      usage: toUsage(this.#usage),
      finishReason,
      ...(metadata && { providerMetadata: toMetadata(id, metadata) }),
    });
  }

  /**
   * Writes the end of an answer that is not the object that was asked for.
   *
   * @param error What the run threw.
   * @returns Whether it is such an answer, and no other failure.
   */
  endWrongObject(error: unknown): boolean {
    const wrong = readWrongObject(error);
    if (wrong === undefined) return false;
    const { text, finishReason } = wrong;
    if (this.#call.holdsText && text !== "") this.#blocks.append("text", text);
    this.#end(toFinishReason(finishReason));
    return true;
  }

  /**
   * Writes the end of an answer that fails after something was shown. No call is
   * run then: none was handed out, and the reason is no reason to.
   *
   * @param error What the SDK is told.
   */
  fail(error: unknown): void {
    this.#blocks.close();
    this.#emit({ type: "error", error });
    this.#end({ unified: "error", raw: undefined });
  }
}
