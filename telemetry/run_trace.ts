/**
 * One run, as OpenTelemetry is told of it.
 *
 * @module
 */

import type {
  Attempt,
  ChatEvent,
  ChatInput,
  FinishEvent,
  ToolCall,
  Usage,
} from "../mod.ts";
import {
  toAttemptAttributes,
  toErrorType,
  toInputMessages,
  toOutputMessages,
  toSeconds,
  toUsageAttributes,
} from "./attributes.ts";
import type { RunObserver } from "./observe.ts";
import {
  type Attributes,
  type HistogramLike,
  type SpanLike,
  toContext,
  type TracerLike,
} from "./open_telemetry.ts";

/** What runs are told to. */
export interface Telemetry {
  readonly tracer: TracerLike;
  readonly contents: boolean;
  readonly duration: HistogramLike | undefined;
  readonly tokens: HistogramLike | undefined;
}

/** What is asked. */
export interface Question {
  readonly input: ChatInput;
  readonly name: string;
  readonly attributes: Attributes;
}

/** The kinds of spans, as OpenTelemetry numbers them. */
export const SPAN_KINDS = { internal: 0, client: 2 } as const;

/** The status of a span that failed, as OpenTelemetry numbers it. */
export const STATUS_ERROR = 2;

/** The attributes of a run that its measurements have, too. */
const MEASURED = [
  "gen_ai.operation.name",
  "gen_ai.provider.name",
  "gen_ai.request.model",
  "server.address",
  "server.port",
];

/** Tells of one run. */
export class RunTrace implements RunObserver {
  readonly #telemetry: Telemetry;
  readonly #question: Question;
  readonly #calls: ToolCall[] = [];
  #span: SpanLike | undefined;
  #text = "";
  #usage: Usage | undefined;
  #finish: FinishEvent | undefined;
  readonly #start = performance.now();

  constructor(telemetry: Telemetry, question: Question) {
    this.#telemetry = telemetry;
    this.#question = question;
  }

  start<T>(read: () => Promise<T>): Promise<T> {
    const { name, attributes } = this.#question;
    const init = { kind: SPAN_KINDS.client, attributes };
    // What the first read sends is told below this span, such as requests.
    return this.#telemetry.tracer.startActiveSpan(name, init, (span) => {
      this.#span = span;
      return read();
    });
  }

  add(event: ChatEvent): void {
    const { contents } = this.#telemetry;
    switch (event.type) {
      case "text":
        if (contents) this.#text += event.text;
        break;
      case "tool-call":
        if (contents) this.#calls.push(event);
        break;
      case "restart":
        this.#text = "";
        break;
      case "usage":
        this.#usage = event.usage;
        break;
      case "finish":
        this.#finish = event;
        break;
    }
  }

  end(
    attempts: readonly Attempt[],
    failure?: { readonly error: unknown },
  ): void {
    const span = this.#span;
    if (span === undefined) return;
    const code = failure && toErrorType(failure.error);
    const { reason, model, responseModel } = this.#finish ?? {};
    span.setAttributes({
      "gen_ai.response.model": responseModel ?? model,
      "gen_ai.response.finish_reasons": reason && [reason],
      "gen_ai.response.time_to_first_chunk": toSeconds(
        attempts.findLast(({ code }) => code === undefined)?.firstTokenMs,
      ),
      ...toUsageAttributes(this.#usage),
      "error.type": code,
    });
    if (code !== undefined) {
      span.setStatus({ code: STATUS_ERROR, message: code });
    }
    this.#addContents(span);
    for (const attempt of attempts) this.#addAttempt(span, attempt);
    span.end();
    this.#measure(code);
  }

  #addContents(span: SpanLike): void {
    if (!this.#telemetry.contents) return;
    const { reason, text = this.#text } = this.#finish ?? {};
    span.addEvent("gen_ai.client.inference.operation.details", {
      "gen_ai.input.messages": toInputMessages(this.#question.input),
      "gen_ai.output.messages": toOutputMessages(
        text,
        this.#calls,
        reason ?? "error",
      ),
    });
  }

  #addAttempt(parent: SpanLike, attempt: Attempt): void {
    const { startedAt, endMs, provider, code } = attempt;
    if (startedAt === undefined) return;
    const span = this.#telemetry.tracer.startSpan(`attempt ${provider}`, {
      kind: SPAN_KINDS.internal,
      attributes: toAttemptAttributes(attempt),
      startTime: startedAt,
    }, toContext(parent));
    if (code !== undefined) {
      span.setStatus({ code: STATUS_ERROR, message: code });
    }
    span.end(endMs === undefined ? undefined : startedAt + endMs);
  }

  #measure(code: string | undefined): void {
    const { duration, tokens } = this.#telemetry;
    const attributes: Attributes = { "error.type": code };
    for (const name of MEASURED) {
      attributes[name] = this.#question.attributes[name];
    }
    duration?.record((performance.now() - this.#start) / 1_000, attributes);
    const { inputTokens, outputTokens } = this.#usage ?? {};
    const counts = { input: inputTokens, output: outputTokens };
    for (const [type, count] of Object.entries(counts)) {
      if (count === undefined) continue;
      tokens?.record(count, { ...attributes, "gen_ai.token.type": type });
    }
  }
}
