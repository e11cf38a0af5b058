/**
 * Runs that somebody watches.
 *
 * @module
 */

import { completeError, isProviderError } from "../core/chat/errors.ts";
import { DEFAULT_LIMITS } from "../core/http/provider_config.ts";
import { createCallCollector } from "../core/run/call_collector.ts";
import { createGenerate } from "../core/run/collect_result.ts";
import {
  addCall,
  addImage,
  addText,
  createContent,
  createPartialCollector,
  toPartialAnswer,
} from "../core/run/partial_collector.ts";
import type { Run } from "../core/run/run.ts";
import { RunStream } from "../core/run/run_stream.ts";
import type {
  Attempt,
  ChatEvent,
  ChatInput,
  ChatOptions,
  ChatStream,
  Provider,
} from "../mod.ts";

/** Watches one run. */
export interface RunObserver {
  /**
   * Is called when the run is first read.
   *
   * @param read Reads it.
   * @returns What the read gives.
   */
  start<T>(read: () => Promise<T>): Promise<T>;
  /**
   * Is called for each event.
   *
   * @param event The event.
   */
  add(event: ChatEvent): void;
  /**
   * Is called once, where the run ends, fails, or is left.
   *
   * @param attempts Every attempt.
   * @param failure Why it failed; absent where it did not.
   */
  end(
    attempts: readonly Attempt[],
    failure?: { readonly error: unknown },
  ): void;
}

/** What is watched. */
interface Observed {
  readonly provider: Provider;
  readonly input: ChatInput;
  readonly options: ChatOptions;
  readonly observer: RunObserver;
}

/** Finds the model of a run; the run itself says what is wrong with a name. */
export function findModel(
  provider: Provider,
  { model, conversation }: ChatOptions,
): string {
  try {
    return provider.getModel(model || conversation?.model);
  } catch {
    return model ?? "";
  }
}

/** Makes the stream of a run that is watched. */
function openStream(
  { provider, input, options, observer }: Observed,
): ChatStream {
  const inner = provider.stream(input, options);
  const partial = createPartialCollector(DEFAULT_LIMITS, createCallCollector);
  let batches: ReturnType<ChatStream["batches"]> | undefined;
  let isOver = false;
  const discard = () => run.onAbort?.();

  function end(failure?: { readonly error: unknown }): void {
    options.signal?.removeEventListener("abort", discard);
    if (isOver || batches === undefined) return;
    isOver = true;
    observer.end(inner.attempts, failure);
  }

  function keep(event: ChatEvent): void {
    switch (event.type) {
      case "text":
      case "reasoning":
        return addText(partial, event.type, event.text);
      case "tool-call-delta":
        return addCall(partial, event);
      case "image":
        return addImage(partial, event.image);
      case "restart":
        partial.content = createContent();
        return;
    }
  }

  /** Adds what is known to an error that is of no run yet. */
  function toWholeError(error: unknown): unknown {
    if (!isProviderError(error) || error.partial !== undefined) return error;
    return completeError(error, {
      provider: run.provider,
      model: run.model || undefined,
      partial: toPartialAnswer(partial),
      attempts: inner.attempts,
    });
  }

  async function read(): Promise<readonly ChatEvent[] | undefined> {
    const isFirst = batches === undefined;
    const source = batches ??= inner.batches({
      keepText: partial.maxKept > 0,
    });
    if (isFirst) {
      options.signal?.addEventListener("abort", discard, {
        once: true,
      });
    }
    const { done, value } =
      await (isFirst ? observer.start(() => source.next()) : source.next());
    if (done) return undefined;
    for (const event of value) {
      keep(event);
      observer.add(event);
    }
    // Who has seen the end may read no further.
    if (value.at(-1)?.type === "finish") end();
    return value;
  }

  const run: Run = {
    provider: provider.id,
    model: findModel(provider, options),
    partial,
    toAttempts: () => inner.attempts,
    onAbort() {},
    async next() {
      try {
        const batch = await read();
        if (batch === undefined) end();
        return batch;
      } catch (thrown) {
        // What is collected may be too large, though it goes on.
        await batches?.return?.();
        const error = toWholeError(thrown);
        partial.conversation = inner.partial.conversation;
        end({ error });
        throw error;
      }
    },
    async close() {
      await (batches === undefined ? inner.cancel() : batches.return?.());
      end();
    },
  };
  return new RunStream(run);
}

/**
 * Makes a provider whose runs are watched.
 *
 * @param provider The provider.
 * @param watch Makes who watches a run.
 */
export function observe<P extends Provider>(
  provider: P,
  watch: (input: ChatInput, options: ChatOptions) => RunObserver,
): P {
  function stream(input: ChatInput, options: ChatOptions = {}): ChatStream {
    const observer = watch(input, options);
    return openStream({ provider, input, options, observer });
  }
  return {
    ...provider,
    stream,
    generate: createGenerate(stream),
  };
}
