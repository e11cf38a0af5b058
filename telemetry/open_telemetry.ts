/**
 * What is used of OpenTelemetry: any version of its interfaces will do. Types
 * only, but for the one that has to be made.
 *
 * @module
 */

/** Values of attributes. */
export interface Attributes {
  /** The value by the name of the attribute. */
  [name: string]: string | number | boolean | string[] | undefined;
}

/** How a span is started. */
export interface SpanInit {
  /** What it is to others: 0 for inside of a program, 2 for a client. */
  readonly kind?: number;
  /** What is known of it. */
  readonly attributes?: Attributes;
  /** When it started, in milliseconds since 1970. */
  readonly startTime?: number;
}

/** A span of `@opentelemetry/api`. */
export interface SpanLike {
  /** Adds what became known of it. */
  setAttributes(attributes: Attributes): unknown;
  /** Says whether it failed: 2 for an error. */
  setStatus(
    status: { readonly code: number; readonly message?: string },
  ): unknown;
  /** Adds an event. */
  addEvent(name: string, attributes?: Attributes): unknown;
  /** Ends it. */
  end(endTime?: number): void;
}

/** A context of `@opentelemetry/api`. */
export interface ContextLike {
  /** Gives a value. */
  getValue(key: symbol): unknown;
  /** Makes another context with a value. */
  setValue(key: symbol, value: unknown): ContextLike;
  /** Makes another context without a value. */
  deleteValue(key: symbol): ContextLike;
}

/** A tracer of `@opentelemetry/api`. */
export interface TracerLike {
  /** Starts a span. */
  startSpan(name: string, init?: SpanInit, context?: ContextLike): SpanLike;
  /** Starts a span that is the active one in a function. */
  startActiveSpan<T>(
    name: string,
    init: SpanInit,
    run: (span: SpanLike) => T,
  ): T;
}

/** A histogram of `@opentelemetry/api`. */
export interface HistogramLike {
  /** Adds a value. */
  record(value: number, attributes?: Attributes): void;
}

/** A meter of `@opentelemetry/api`. */
export interface MeterLike {
  /** Makes a histogram. */
  createHistogram(
    name: string,
    options?: { readonly description?: string; readonly unit?: string },
  ): HistogramLike;
}

/** The key of the span in a context, the same in every version. */
const SPAN_KEY = Symbol.for("OpenTelemetry Context Key SPAN");

/**
 * Makes a context in which a span is the parent.
 *
 * @param span The span.
 */
export function toContext(span: SpanLike): ContextLike {
  function create(values: ReadonlyMap<symbol, unknown>): ContextLike {
    return {
      getValue: (key) => values.get(key),
      setValue: (key, value) => create(new Map(values).set(key, value)),
      deleteValue: (key) =>
        create(new Map([...values].filter(([name]) => name !== key))),
    };
  }
  return create(new Map([[SPAN_KEY, span]]));
}
