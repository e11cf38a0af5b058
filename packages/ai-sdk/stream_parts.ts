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
import { Blocks, findAddition } from "./blocks.ts";
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

type Part = LanguageModelV4StreamPart;

/** Writes one answer, part by part. */
export class StreamParts {
  readonly #call: Call;
  readonly #blocks = new Blocks();
  /** The calls that were shown, by id. */
  readonly #calls = new Set<string>();
  readonly #whole: RawToolCall[] = [];
  readonly #warnings: SharedV4Warning[] = [];
  #model: string;
  #usage: Usage | undefined;
  #textLength = 0;
  #sources = 0;
  #hasObject = false;
  #isShown = false;

  constructor(call: Call) {
    this.#call = call;
    this.#model = call.model;
  }

  /** The id of the model that answers. */
  get model(): string {
    return this.#model;
  }

  /** Takes the warnings that came since it was asked last. */
  takeWarnings(): readonly SharedV4Warning[] {
    return this.#warnings.splice(0);
  }

  /**
   * Writes an event.
   *
   * @param event The event.
   * @throws {ProviderError} If what was shown is void, with code `incomplete`.
   */
  async write(event: ChatEvent): Promise<Part[]> {
    const parts = await this.#toParts(event);
    this.#isShown ||= parts.length > 0;
    return parts;
  }

  async #toParts(event: ChatEvent): Promise<Part[]> {
    switch (event.type) {
      case "text":
        this.#textLength += event.text.length;
        return this.#call.holdsText
          ? []
          : this.#blocks.append("text", event.text);
      case "reasoning":
        return this.#blocks.append("reasoning", event.text);
      case "tool-call-delta":
        return event.name === this.#call.options.output?.name
          ? []
          : this.#addToCall(event);
      case "tool-call":
      case "tool-call-error":
        this.#whole.push(event);
        return this.#endCall(event);
      case "object":
        this.#hasObject = true;
        return this.#call.holdsText
          ? this.#blocks.append("text", JSON.stringify(event.object))
          : [];
      case "image":
        return [
          ...this.#blocks.close(),
          await toFile(event.image, this.#call.options.signal),
        ];
      case "source":
        return [toSource(event.source, this.#sources++)];
      case "warning":
        this.#warnings.push(toSdkWarning(event));
        return [];
      case "usage":
        this.#usage = event.usage;
        return [];
      case "route":
        this.#model = event.model;
        return [];
      case "restart":
        this.#restart(event);
        return [];
      case "finish":
        return this.#finish(event);
      default:
        return [];
    }
  }

  #addToCall({ id, name, text }: Omit<ToolCallDeltaEvent, "type" | "index">) {
    const parts: Part[] = [];
    if (!this.#calls.has(id)) {
      this.#calls.add(id);
      parts.push(...this.#blocks.close());
      parts.push({ type: "tool-input-start", id, toolName: name });
    }
    if (text !== "") parts.push({ type: "tool-input-delta", id, delta: text });
    return parts;
  }

  #endCall({ id, name, rawInput }: RawToolCall): Part[] {
    return [
      ...this.#calls.has(id)
        ? []
        : this.#addToCall({ id, name, text: rawInput }),
      { type: "tool-input-end", id },
    ];
  }

  /** No part takes back what was shown. */
  #restart({ provider, model }: { provider: string; model: string }): void {
    this.#model = model;
    this.#usage = undefined;
    this.#textLength = 0;
    if (!this.#isShown) return;
    throw new ProviderError("Answer begins anew, and what was shown is void", {
      code: "incomplete",
      provider,
    });
  }

  /** Writes the text that is known only at the end. */
  #endText(final: string | undefined): Part[] {
    const { holdsText, stream } = this.#call;
    const shown = stream.partial.text;
    let rest: string | undefined;
    if (holdsText) rest = this.#hasObject ? "" : final ?? shown;
    else if (final === undefined) rest = "";
    // Of a very long text only the beginning is known.
    else if (shown.length === this.#textLength) {
      rest = findAddition(shown, final);
    }
    if (rest === undefined) {
      throw new ProviderError("Answer ends as another than was shown", {
        code: "incomplete",
      });
    }
    return rest === "" ? [] : this.#blocks.append("text", rest);
  }

  #finish(event: FinishEvent): Part[] {
    const { provider: { id }, model: asked } = this.#call;
    const { reason, rawReason, provider, model, responseId } = event;
    const origin = {
      provider: provider ?? id,
      model: model ?? asked,
      ...(event.opaque && { opaque: event.opaque }),
    };
    const modelId = event.responseModel ?? origin.model;
    const warnings = this.takeWarnings();
    return [
      ...this.#endText(event.text),
      ...this.#blocks.close(),
      ...this.#whole.map((call) => toToolCall(call, id, origin)),
      {
        type: "response-metadata",
        modelId,
        ...(responseId !== undefined && { id: responseId }),
      },
      this.#end(toFinishReason(reason, rawReason), {
        ...origin,
        // No part has room for a warning that comes late.
        ...(warnings.length > 0 && { warnings }),
      }),
    ];
  }

  #end(finishReason: LanguageModelV4FinishReason, metadata?: object): Part {
    const { id } = this.#call.provider;
    return {
      type: "finish",
      usage: toUsage(this.#usage),
      finishReason,
      ...(metadata && { providerMetadata: toMetadata(id, metadata) }),
    };
  }

  /**
   * Writes the end of an answer that is not the object that was asked for.
   *
   * @param error What the run threw.
   * @returns `undefined` for any other failure.
   */
  endWrongObject(error: unknown): Part[] | undefined {
    const wrong = readWrongObject(error);
    if (wrong === undefined) return undefined;
    const isHeld = this.#call.holdsText && wrong.text !== "";
    return [
      ...isHeld ? this.#blocks.append("text", wrong.text) : [],
      ...this.#blocks.close(),
      this.#end(toFinishReason(wrong.finishReason)),
    ];
  }

  /**
   * Writes the end of an answer that fails after something was shown. No call is
   * run then: none was handed out, and the reason is no reason to.
   *
   * @param error What the SDK is told.
   */
  fail(error: unknown): Part[] {
    return [
      ...this.#blocks.close(),
      { type: "error", error },
      this.#end({ unified: "error", raw: undefined }),
    ];
  }
}
